import { resolve } from 'node:path'
import { readDotenv } from './dotenv.ts'
import { parseHost, parseTrustProxy } from './hosts.ts'
import { parseMailFrom, parseSmtpUrl } from './mail.ts'
import { ownOriginsOf, parseCorsOrigins, parsePublicUrl } from './origins.ts'
import { parseRedisUrl, type RedisTarget } from './redis-target.ts'
import { SettingRefused } from './refused.ts'
import { findContradictions, findMissing, findWarnings } from './rules.ts'
import { parseMetricsToken, parsePreviousSecrets, parseSecret } from './secrets.ts'
import { parseSessionEpoch } from './session-epoch.ts'
import { parseTracesEndpoint } from './traces.ts'
import { parseRangeUrl, parseWebhookSecret, parseWebhookUrl } from './webhook.ts'
import { type Environment, type LogLevel, readVariables, type Variables } from './variables.ts'
import type { Locale } from '../locales/index.ts'

export type { RedisTarget }

export interface Config {
  production: boolean
  host: string
  port: number
  /** Processes that serve; with 1 the one that was started serves itself. */
  workers: number
  /** An origin without a trailing slash: the only source of links, issuer and cookie security. */
  publicUrl: string
  /** Whether cookies are Secure and carry the prefix __Host-. */
  secure: boolean
  ownOrigins: string[]
  issuer: string
  audience: string
  /** null: the embedded Redis. */
  redis: RedisTarget | null
  /** How many replicas must have a change before it is answered with success. */
  redisWaitReplicas: number
  /** null: the local mailbox. */
  smtpUrl: string | null
  mailFrom: string
  /** Hands codes for phones to the operator's sender; `secret` null: the key derives from SECRET. null: there are none. */
  otpWebhook: { url: string, secret: string | null } | null
  /** Where leaked passwords are looked up; null: nowhere. */
  passwordRangeUrl: string | null
  /** Absolute. */
  dataDir: string
  /** null: the one generated in `dataDir`, never in production. */
  secret: string | null
  previousSecrets: string[]
  /** Absolute. null: the keys generated in `dataDir`, never in production. */
  signingKeysPath: string | null
  accessTokenTtlSeconds: number
  refreshTokenTtlMs: number
  sessionMaxMs: number
  sessionsPerAccount: number
  /** What was opened or issued before this moment is over; milliseconds since 1970, 0: nothing. */
  sessionEpochMs: number
  loginCodeTtlMs: number
  signUpCodeTtlMs: number
  codeLength: number
  resendIntervalMs: number
  maxAttempts: number
  dailyFailures: number
  twoFactorRequired: boolean
  bcryptCost: number
  limits: {
    loginPerSource: number
    registerPerSource: number
    resendPerSource: number
    mailsPerAddressHour: number
    mailsPerAddressDay: number
    /** 0: never. */
    captchaAfter: number
  }
  /** Addresses and CIDR ranges. */
  trustProxy: string[]
  corsOrigins: string[]
  defaultLocale: Locale
  metricsToken: string | null
  /** Where traces go (OTLP over HTTP); null: nowhere. */
  tracesUrl: string | null
  logLevel: LogLevel
  /** What is allowed and probably not meant: to be logged once at start. */
  warnings: string[]
}

/** Everything that is wrong with the settings, one sentence each, in words for the operator. */
export class ConfigError extends Error {
  readonly problems: string[]

  constructor (problems: string[]) {
    super(['Dvokrok cannot start with these settings:', ...problems.map((problem) => `- ${problem}`)].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/**
 * The settings, frozen, from `env` (without it from the process' environment and, below that, the file `.env` of the working
 * directory). `dotenv` says otherwise whether that file is read. Throws one `ConfigError` that lists all mistakes.
 */
export function loadConfig (env?: Environment, { dotenv = env === undefined }: { dotenv?: boolean } = {}): Config {
  const problems: string[] = []
  const attempt = <T>(parse: () => T, fallback: T): T => {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof SettingRefused)) throw error
      problems.push(error.message)
      return fallback
    }
  }
  const file = dotenv ? attempt(readDotenv, {}) : {}
  const { variables, refused, problems: outOfBounds } = readVariables({ ...file, ...(env ?? process.env) })
  const config = { ...addresses(variables, attempt), ...neighbours(variables, attempt), ...keys(variables, attempt), ...numbers(variables) }
  problems.push(...outOfBounds, ...findMissing(variables, config), ...findContradictions(variables, refused))
  if (problems.length > 0) throw new ConfigError(problems)
  return deepFreeze({ ...config, warnings: findWarnings(variables, config) })
}

type Attempt = <T>(parse: () => T, fallback: T) => T

function addresses (variables: Variables, attempt: Attempt) {
  const production = variables.NODE_ENV === 'production'
  const fallback = `http://localhost:${variables.PORT}`
  const publicUrl = attempt(() => parsePublicUrl(variables.PUBLIC_URL ?? fallback), fallback)
  const ownOrigins = ownOriginsOf(publicUrl, production)
  return {
    production,
    host: attempt(() => parseHost(variables.HOST), '127.0.0.1'),
    port: variables.PORT,
    workers: variables.WORKERS,
    publicUrl,
    secure: publicUrl.startsWith('https:'),
    ownOrigins,
    issuer: publicUrl,
    audience: variables.JWT_AUDIENCE ?? publicUrl,
    trustProxy: attempt(() => parseTrustProxy(variables.TRUST_PROXY), []),
    corsOrigins: attempt(() => parseCorsOrigins(variables.CORS_ORIGINS, ownOrigins), [])
  }
}

function neighbours (variables: Variables, attempt: Attempt) {
  const { REDIS_URL: redisUrl, SMTP_URL: smtpUrl, MAIL_FROM: mailFrom, DATA_DIR: dataDir, OTP_WEBHOOK_URL: webhookUrl, OTP_WEBHOOK_SECRET: webhookSecret, PASSWORD_RANGE_URL: rangeUrl, OTEL_EXPORTER_OTLP_ENDPOINT: otlp } = variables
  const url = webhookUrl ? attempt(() => parseWebhookUrl(webhookUrl), null) : null
  const secret = webhookSecret ? attempt(() => parseWebhookSecret(webhookSecret), null) : null
  const redis = redisUrl ? attempt(() => parseRedisUrl(redisUrl), null) : null
  return {
    redis,
    redisWaitReplicas: variables.REDIS_WAIT_REPLICAS ?? (redis?.kind === 'cluster' || redis?.kind === 'sentinel' ? 1 : 0),
    smtpUrl: smtpUrl ? attempt(() => parseSmtpUrl(smtpUrl), null) : null,
    mailFrom: attempt(() => parseMailFrom(mailFrom ?? 'Dvokrok <no-reply@localhost>'), ''),
    otpWebhook: url === null ? null : { url, secret },
    passwordRangeUrl: rangeUrl ? attempt(() => parseRangeUrl(rangeUrl), null) : null,
    tracesUrl: otlp ? attempt(() => parseTracesEndpoint(otlp), null) : null,
    dataDir: resolve(dataDir)
  }
}

function keys ({ SECRET: secret, SECRET_PREVIOUS: previous, SIGNING_KEYS: path, METRICS_TOKEN: token, SESSION_EPOCH: epoch }: Variables, attempt: Attempt) {
  return {
    secret: secret ? attempt(() => parseSecret(secret), null) : null,
    previousSecrets: attempt(() => parsePreviousSecrets(previous), []),
    signingKeysPath: path ? resolve(path) : null,
    sessionEpochMs: epoch ? attempt(() => parseSessionEpoch(epoch), 0) : 0,
    metricsToken: token ? attempt(() => parseMetricsToken(token), null) : null
  }
}

function numbers (variables: Variables) {
  return {
    accessTokenTtlSeconds: variables.ACCESS_TOKEN_TTL_MINUTES * 60,
    refreshTokenTtlMs: variables.REFRESH_TOKEN_TTL_DAYS * DAY_MS,
    sessionMaxMs: variables.SESSION_MAX_DAYS * DAY_MS,
    sessionsPerAccount: variables.SESSIONS_PER_ACCOUNT,
    loginCodeTtlMs: variables.TWO_FACTOR_TOKEN_TTL_MINUTES * MINUTE_MS,
    signUpCodeTtlMs: variables.REGISTRATION_TOKEN_TTL_MINUTES * MINUTE_MS,
    codeLength: variables.TWO_FACTOR_TOKEN_LENGTH,
    resendIntervalMs: variables.TWO_FACTOR_RESEND_INTERVAL_SECONDS * 1000,
    maxAttempts: variables.TWO_FACTOR_MAX_ATTEMPTS,
    dailyFailures: variables.TWO_FACTOR_DAILY_FAILURES,
    twoFactorRequired: variables.TWO_FACTOR_REQUIRED === 'true',
    bcryptCost: variables.BCRYPT_COST,
    limits: {
      loginPerSource: variables.LIMIT_LOGIN_PER_SOURCE,
      registerPerSource: variables.LIMIT_REGISTER_PER_SOURCE,
      resendPerSource: variables.LIMIT_RESEND_PER_SOURCE,
      mailsPerAddressHour: variables.LIMIT_MAILS_PER_ADDRESS_HOUR,
      mailsPerAddressDay: variables.LIMIT_MAILS_PER_ADDRESS_DAY,
      captchaAfter: variables.CAPTCHA_AFTER
    },
    defaultLocale: variables.DEFAULT_LOCALE,
    logLevel: variables.LOG_LEVEL
  }
}

function deepFreeze<T extends object> (value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part)
  }
  return Object.freeze(value)
}
