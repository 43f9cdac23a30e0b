export type Verdict = 'pass' | 'warn' | 'fail' | 'could-not-check'

/** What one check found, in words for the operator. Part of the JSON report. */
export interface Finding {
  check: Check
  verdict: Verdict
  message: string
  /** How to fix it; absent where nothing is wrong. */
  remedy?: string
}

/** All checks, in the order of the report. */
export const CHECKS = [
  'settings.warnings',
  'tls.protocol', 'tls.certificate', 'tls.expiry', 'tls.redirect',
  'headers.security', 'headers.hsts', 'headers.csp-api', 'headers.csp-pages', 'headers.versions', 'headers.origin',
  'cookies.names', 'cookies.attributes',
  'cache.api', 'cache.pages', 'cache.assets', 'cache.jwks',
  'layout.origins', 'passkeys.domain',
  'proxy.forwarded', 'proxy.trusted', 'doors.closed',
  'health.ready', 'health.mail', 'clock.server', 'clock.redis',
  'keys.published', 'keys.matching', 'keys.age', 'keys.file', 'secret.age', 'secret.records',
  'redis.reachable', 'redis.rights', 'redis.version', 'redis.eviction', 'redis.persistence', 'redis.replicas', 'redis.accounts',
  'redis.service-keys', 'redis.webhooks',
  'mail.reachable', 'mail.encrypted', 'mail.login', 'mail.limit', 'mail.spf', 'mail.dkim', 'mail.dmarc',
  'attack.code-race', 'attack.refresh-race', 'attack.revoked', 'attack.guesses', 'attack.answers', 'attack.timing', 'attack.forwarded',
  'attack.cleanup'
] as const

export type Check = typeof CHECKS[number]

export const pass = (check: Check, message: string): Finding => ({ check, verdict: 'pass', message })
export const warn = (check: Check, message: string, remedy: string): Finding => ({ check, verdict: 'warn', message, remedy })
export const fail = (check: Check, message: string, remedy: string): Finding => ({ check, verdict: 'fail', message, remedy })
export const unchecked = (check: Check, message: string, remedy?: string): Finding =>
  ({ check, verdict: 'could-not-check', message, ...(remedy === undefined ? {} : { remedy }) })

/** Fails with all problems in one sentence, or passes with `message`. */
export const failIfAny = (check: Check, problems: string[], message: string, remedy: string): Finding =>
  problems.length > 0 ? fail(check, `${problems.join('; ')}.`, remedy) : pass(check, message)

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? ('code' in error && typeof error.code === 'string' ? error.code : error.message) : String(error)
