import type { Brand } from '../brand/brand.ts'
import type { Languages } from '../locales/index.ts'
import type { TokenClaim } from './accounts.ts'
import { readDotenv } from './dotenv.ts'
import { configFrom } from './from-variables.ts'
import type { PasskeyConfig } from './passkeys.ts'
import type { RedisTarget } from './redis-target.ts'
import { type Attempt, SettingRefused } from './refused.ts'
import { findContradictions, findMissing, findWarnings } from './rules.ts'
import { withSecretFiles } from './secret-files.ts'
import { findLateNodeVariables, findLookalikes } from './unknown-variables.ts'
import { type Environment, type LogFormat, type LogLevel, readVariables, type Registration } from './variables.ts'

export type { RedisTarget }

export interface Config {
  brand: Brand
  production: boolean
  host: string
  port: number
  /** Worker processes; with 1, the main process serves requests itself. */
  workers: number
  /** Without a trailing slash: an origin, inside another application with its prefix. Links, issuer and cookie security derive from it. */
  publicUrl: string
  /** The path of `publicUrl`, such as /id; '' at the root. */
  basePath: string
  /** Whether cookies are Secure and have the __Host- prefix. */
  secure: boolean
  ownOrigins: string[]
  issuer: string
  audience: string
  /** null: the embedded Redis. */
  redis: RedisTarget | null
  /** How many replicas must acknowledge a change before the request succeeds. */
  redisWaitReplicas: number
  /** null: the local mailbox. */
  smtpUrl: string | null
  /** PEM of those who may vouch for the mail server, instead of those that Node knows; null: those. */
  smtpCa: string | null
  mailFrom: string
  /** Where codes for phones are posted to; null: phones are not offered. `secret` null: the signing key derives from SECRET. */
  otpWebhook: { url: string, secret: string | null } | null
  /** How long the event log is kept. */
  eventsLifeMs: number
  /** Who is sent the event log; `secrets`: each signs, `types`: null for all. Null: nobody. */
  eventsWebhook: { urls: string[], secrets: string[], types: string[] | null } | null
  /** The range service that leaked passwords are looked up in; null: no lookup. */
  passwordRangeUrl: string | null
  /** Absolute path. */
  dataDir: string
  /** null: use the one generated in `dataDir`; never in production. */
  secret: string | null
  previousSecrets: string[]
  /** Absolute path. null: use the keys generated in `dataDir`; never in production. */
  signingKeysPath: string | null
  accessTokenTtlSeconds: number
  refreshTokenTtlMs: number
  sessionMaxMs: number
  sessionsPerAccount: number
  /** Sessions and tokens from before this moment are invalid. Milliseconds since 1970; 0: none are. */
  sessionEpochMs: number
  loginCodeTtlMs: number
  signUpCodeTtlMs: number
  codeLength: number
  resendIntervalMs: number
  maxAttempts: number
  dailyFailures: number
  twoFactorRequired: boolean
  /** Who may have an account: whoever signs up, or whom an admin or a service invites. */
  registration: Registration
  /** The operator's own roles, beside user and admin. */
  roles: string[]
  /** What access tokens say besides. */
  tokenClaims: TokenClaim[]
  /** Whether accounts are found by the beginning of address or name. */
  accountsIndex: boolean
  bcryptCost: number
  /** Words that no password may be made of. */
  contextWords: string[]
  /** Processes for password work. */
  passwordWorkers: number
  limits: {
    loginPerSource: number
    registerPerSource: number
    resendPerSource: number
    mailsPerAddressHour: number
    mailsPerAddressDay: number
    /** Over all addresses. */
    mailsHour: number
    /** Requests that one process takes of one service key in a minute. */
    perServiceKey: number
    /** How many recent attempts on an address make a CAPTCHA required; 0: never required, for sources neither. */
    captchaAfter: number
    /** The same from a source, which many people may share. */
    captchaAfterSource: number
  }
  /** IP addresses and CIDR ranges. */
  trustProxy: string[]
  corsOrigins: string[]
  passkeys: PasskeyConfig
  /** Where a person goes after a sign-in; null: to our own dashboard. */
  appUrl: string | null
  /** The only ones that our pages send people to. */
  returnOrigins: string[]
  languages: Languages
  metricsToken: string | null
  /** The URL that traces are exported to (OTLP over HTTP); null: tracing is off. */
  tracesUrl: string | null
  logLevel: LogLevel
  logFormat: LogFormat
  /** Settings that are allowed but probably a mistake; logged once at start. */
  warnings: string[]
}

/** Lists every mistake in the settings, one sentence each, written for the operator. */
export class ConfigError extends Error {
  readonly problems: string[]
  readonly warnings: string[]

  constructor (problems: string[], warnings: string[]) {
    super(['Dvokrok cannot start with these settings:', ...problems.map((problem) => `- ${problem}`)].join('\n'))
    this.name = 'ConfigError'
    this.problems = problems
    this.warnings = warnings
  }
}

interface LoadOptions { dotenv?: boolean, checkKeys?: (path: string) => string[], basePath?: string }

/**
 * Reads the settings from `env` and returns them frozen. Without `env` they come from the process environment, and from the file
 * `.env` in the working directory for what the environment does not set; `dotenv` overrides whether that file is read. `checkKeys`
 * looks at the file of SIGNING_KEYS too: it answers warnings, or throws SettingRefused. `basePath` is where another application has us.
 * @throws ConfigError that lists all mistakes at once
 */
export function loadConfig (
  env?: Environment, { dotenv = env === undefined, checkKeys = () => [], basePath = '' }: LoadOptions = {}
): Config {
  const problems: string[] = []
  const attempt: Attempt = (parse, fallback) => {
    try {
      return parse()
    } catch (error) {
      if (!(error instanceof SettingRefused)) throw error
      problems.push(error.message)
      return fallback
    }
  }
  const file = dotenv ? attempt(readDotenv, {}) : {}
  const given = { ...file, ...(env ?? process.env) }
  const { variables, refused, problems: outOfBounds } = readVariables(withSecretFiles(given, attempt))
  const config = configFrom(variables, basePath, attempt)
  const { signingKeysPath } = config
  const ofFiles = signingKeysPath === null ? [] : attempt(() => checkKeys(signingKeysPath), [])
  const warnings = [...ofFiles, ...findLookalikes(given), ...findLateNodeVariables(file), ...findWarnings(variables, config)]
  problems.push(...outOfBounds, ...findMissing(variables, config), ...findContradictions(variables, refused, config))
  if (problems.length > 0) throw new ConfigError(problems, warnings)
  return deepFreeze({ ...config, warnings })
}

function deepFreeze<T extends object> (value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) deepFreeze(part)
  }
  return Object.freeze(value)
}
