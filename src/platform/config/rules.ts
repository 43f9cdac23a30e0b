import { isIP } from 'node:net'
import { isLoopback } from './hosts.ts'
import { sendsInClear } from './mail.ts'
import { isSameSite } from './origins.ts'
import type { PasskeyConfig } from './passkeys.ts'
import { hostInClear, isEncrypted, type RedisTarget } from './redis-target.ts'
import { isShortMetricsToken, missingSecret } from './secrets.ts'
import type { VariableName, Variables } from './variables.ts'

interface Neighbours { redis: RedisTarget | null, smtpUrl: string | null }

interface Addressed {
  production: boolean
  host: string
  publicUrl: string
  corsOrigins: string[]
  passkeys: PasskeyConfig
  returnOrigins: string[]
  metricsToken: string | null
  redis: RedisTarget | null
}

/** What must be set and is not, given where the server is to be reached. */
export function findMissing (variables: Variables, config: Addressed): string[] {
  const problems: string[] = []
  const reason = whyNothingEmbedded(config)
  if (reason && !variables.REDIS_URL) {
    problems.push(`REDIS_URL is not set, and the embedded Redis is not for use here (${reason}). ` +
      'Set it to your Redis, such as redis://localhost:6379.')
  }
  if (reason && !variables.SMTP_URL) {
    problems.push(`SMTP_URL is not set, and the local mailbox would show every code (${reason}). ` +
      'Set it to your mail server, such as smtps://user:password@mail.example.org:465' +
      `${variables.MAIL_FROM ? '' : ', and MAIL_FROM to a sender that it accepts'}.`)
  }
  if (variables.WORKERS > 1 && !variables.SMTP_URL && !reason) {
    problems.push(`SMTP_URL is not set, and the local mailbox lives in one process, not in ${variables.WORKERS}. Set it, or WORKERS to 1.`)
  }
  if (variables.SMTP_URL && !variables.MAIL_FROM) {
    problems.push('MAIL_FROM is not set, and SMTP_URL needs it. Set it to a sender that this mail server accepts, such as Example ' +
      '<no-reply@example.org>.')
  }
  if (config.production) problems.push(...missingInProduction(variables, config))
  return problems
}

/** The cross-checks that no single variable's bounds can express. */
export function findContradictions (variables: Variables, refused: Set<VariableName>, { redis, smtpUrl }: Neighbours): string[] {
  const problems = findIdleLonger(variables, refused)
  if (variables.REDIS_CA_FILE && !(redis && isEncrypted(redis))) {
    problems.push('REDIS_CA_FILE is set, but REDIS_URL does not ask for TLS. Write rediss:// (rediss+sentinel://), or remove it.')
  }
  if (variables.SMTP_CA_FILE && (!smtpUrl || sendsInClear(smtpUrl))) {
    problems.push('SMTP_CA_FILE is set, but SMTP_URL does not ask for TLS. Write smtps:// (or ?requireTLS=true), or remove it.')
  }
  return problems
}

function findIdleLonger (variables: Variables, refused: Set<VariableName>): string[] {
  const { SESSION_MAX_DAYS: absolute, REFRESH_TOKEN_TTL_DAYS: idle } = variables
  if (absolute >= idle || refused.has('SESSION_MAX_DAYS') || refused.has('REFRESH_TOKEN_TTL_DAYS')) return []
  return [`SESSION_MAX_DAYS is ${absolute}, less than REFRESH_TOKEN_TTL_DAYS, which is ${idle}. Raise the first or lower the second.`]
}

/** What is allowed but probably not meant. */
export function findWarnings (variables: Variables, config: Addressed): string[] {
  const { corsOrigins, host, metricsToken, passkeys, publicUrl, redis, returnOrigins } = config
  const warnings = corsOrigins.filter((origin) => !isSameSite(origin, publicUrl)).map((origin) =>
    `CORS_ORIGINS has ${
      origin}, which is another site than PUBLIC_URL: browsers send no cookies from there, so it can use Bearer tokens only.`
  )
  const returns = returnOrigins.filter((origin) => !corsOrigins.includes(origin) && !isSameSite(origin, publicUrl))
  warnings.push(...returns.map((origin) =>
    `People are sent back to ${origin}, which is another site than PUBLIC_URL: browsers send no cookies from there, so nobody is signed ` +
    'in there by it. See docs/integrate.md.'))
  if (!isLoopback(host) && !variables.PUBLIC_URL) {
    warnings.push(`HOST is ${host} but PUBLIC_URL is not set: links in mails will lead to ${publicUrl}.`)
  }
  if (publicUrl.startsWith('http:') && !isLoopback(new URL(publicUrl).hostname)) {
    warnings.push('PUBLIC_URL is not https: passwords and cookies travel readable for everybody in between, and browsers cannot solve a ' +
      'proof of work.')
  }
  if (isIP(passkeys.rpId.replace(/^\[|\]$/g, '')) !== 0) {
    warnings.push('PUBLIC_URL names an address instead of a host: browsers have no passkeys for it.')
  }
  const redisHost = hostInClear(redis)
  if (redisHost !== null) {
    warnings.push(`REDIS_URL leads to ${redisHost} without TLS: whoever is in between can read and change everything that is stored. ` +
      'Use rediss:// unless that network is yours alone.')
  }
  if (metricsToken && isShortMetricsToken(metricsToken)) {
    warnings.push('METRICS_TOKEN is short enough to be guessed. Make one with: openssl rand -hex 24')
  }
  return warnings
}

function missingInProduction (variables: Variables, { publicUrl }: Addressed): string[] {
  const problems: string[] = []
  if (!variables.PUBLIC_URL) {
    problems.push(
      'PUBLIC_URL is not set, and production never guesses it. Set it to the address that people see, such as https://id.example.org.'
    )
  } else if (publicUrl.startsWith('http:') && !isLoopback(new URL(publicUrl).hostname)) {
    problems.push(`PUBLIC_URL is ${
      publicUrl}, and production needs https:// unless the host is localhost. Change it, and put a proxy with TLS in front.`
    )
  }
  if (!variables.SECRET) problems.push(missingSecret())
  if (!variables.SIGNING_KEYS) {
    problems.push('SIGNING_KEYS is not set, and production never makes keys up. Set it to the path of a JWK Set with Ed25519 or P-256 ' +
      'keys. ' +
      'Make one with: (umask 077; npm run --silent keys:new > signing-keys.json)')
  }
  return problems
}

function whyNothingEmbedded ({ production, host, publicUrl }: Addressed): string | undefined {
  if (production) return 'NODE_ENV is production'
  if (!isLoopback(host)) return `HOST is ${host}, which other machines can reach`
  if (!isLoopback(new URL(publicUrl).hostname)) return `PUBLIC_URL is ${publicUrl}, which other machines can reach`
  return undefined
}
