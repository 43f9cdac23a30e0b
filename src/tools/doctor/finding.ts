export type Verdict = 'pass' | 'warn' | 'fail' | 'could-not-check'

/** What one check found, in words for the operator. */
export interface Finding {
  check: Check
  verdict: Verdict
  says: string
  /** How to mend it; absent where nothing is wrong. */
  mend?: string
}

/** Every check there is, in the order of the report. */
export const CHECKS = [
  'tls.protocol', 'tls.certificate', 'tls.expiry', 'tls.redirect',
  'headers.security', 'headers.hsts', 'headers.csp-api', 'headers.csp-pages', 'headers.versions', 'headers.origin',
  'cookies.names', 'cookies.attributes',
  'cache.api', 'cache.pages', 'cache.assets', 'cache.jwks',
  'proxy.forwarded', 'proxy.trusted', 'doors.closed',
  'health.ready', 'health.mail', 'clock.server', 'clock.redis',
  'keys.published', 'keys.matching', 'keys.age', 'keys.file', 'secret.age', 'secret.records',
  'redis.version', 'redis.eviction', 'redis.persistence', 'redis.replicas',
  'mail.reachable', 'mail.encrypted', 'mail.login', 'mail.spf', 'mail.dkim', 'mail.dmarc',
  'attack.code-race', 'attack.refresh-race', 'attack.revoked', 'attack.guesses', 'attack.answers', 'attack.timing', 'attack.forwarded', 'attack.cleanup'
] as const

export type Check = typeof CHECKS[number]

export const pass = (check: Check, says: string): Finding => ({ check, verdict: 'pass', says })
export const warn = (check: Check, says: string, mend: string): Finding => ({ check, verdict: 'warn', says, mend })
export const fail = (check: Check, says: string, mend: string): Finding => ({ check, verdict: 'fail', says, mend })
export const unchecked = (check: Check, says: string, mend?: string): Finding =>
  ({ check, verdict: 'could-not-check', says, ...(mend === undefined ? {} : { mend }) })

/** Fails with all problems in one sentence, or passes. */
export const failIfAny = (check: Check, problems: string[], fine: string, mend: string): Finding =>
  problems.length > 0 ? fail(check, `${problems.join('; ')}.`, mend) : pass(check, fine)

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? ('code' in error && typeof error.code === 'string' ? error.code : error.message) : String(error)
