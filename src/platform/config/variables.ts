import envSchema from 'env-schema'
import { Type, type Static } from '@sinclair/typebox'
import { OUR_NAME } from '../brand/brand.ts'

type Mode = 'production' | 'development' | 'test'
type Switch = 'true' | 'false'
export type Registration = 'open' | 'invite'
export type LogFormat = 'auto' | 'json' | 'pretty'
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

const whole = (minimum: number, maximum: number, fallback: number) =>
  Type.Integer({ minimum, maximum, default: fallback })
const text = () => Type.Optional(Type.String())
const oneOf = <T extends string>(values: T[], fallback: T) =>
  Type.Unsafe<T>({ type: 'string', enum: values, default: fallback })

const LIMIT_MAX = 1_000_000

/** Every environment variable there is, with its bounds and its default. */
export const schema = Type.Object({
  // A misspelt "prod" would quietly start a development server, so only these three are known.
  NODE_ENV: oneOf<Mode>(['production', 'development', 'test'], 'development'),
  HOST: Type.String({ default: '127.0.0.1' }),
  PORT: whole(0, 65535, 3000),
  WORKERS: whole(1, 64, 1),
  PUBLIC_URL: text(),
  REDIS_URL: text(),
  REDIS_URL_FILE: text(),
  REDIS_CA_FILE: text(),
  REDIS_WAIT_REPLICAS: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
  SMTP_URL: text(),
  SMTP_URL_FILE: text(),
  SMTP_CA_FILE: text(),
  MAIL_FROM: text(),
  BRAND_NAME: Type.String({ default: OUR_NAME }),
  BRAND_LOGO: text(),
  BRAND_COLOR: text(),
  SUPPORT_URL: text(),
  TERMS_URL: text(),
  PRIVACY_URL: text(),
  PASSWORD_RANGE_URL: text(),
  OTP_WEBHOOK_URL: text(),
  OTP_WEBHOOK_SECRET: text(),
  OTP_WEBHOOK_SECRET_FILE: text(),
  EVENTS_DAYS: whole(1, 365, 30),
  EVENTS_WEBHOOK_URL: text(),
  EVENTS_WEBHOOK_SECRET: text(),
  EVENTS_WEBHOOK_SECRET_FILE: text(),
  EVENTS_WEBHOOK_TYPES: text(),
  DATA_DIR: Type.String({ default: '.data' }),
  SECRET: text(),
  SECRET_FILE: text(),
  SECRET_PREVIOUS: text(),
  SECRET_PREVIOUS_FILE: text(),
  SIGNING_KEYS: text(),
  JWT_AUDIENCE: text(),
  ACCESS_TOKEN_TTL_MINUTES: whole(1, 60, 15),
  REFRESH_TOKEN_TTL_DAYS: whole(1, 90, 7),
  SESSION_MAX_DAYS: whole(1, 365, 30),
  SESSIONS_PER_ACCOUNT: whole(1, 1000, 50),
  SESSION_EPOCH: text(),
  TWO_FACTOR_TOKEN_TTL_MINUTES: whole(1, 10, 5),
  REGISTRATION_TOKEN_TTL_MINUTES: whole(1, 10, 10),
  TWO_FACTOR_TOKEN_LENGTH: whole(6, 10, 6),
  TWO_FACTOR_RESEND_INTERVAL_SECONDS: whole(1, 600, 60),
  TWO_FACTOR_MAX_ATTEMPTS: whole(1, 10, 5),
  TWO_FACTOR_DAILY_FAILURES: whole(1, 50, 20),
  TWO_FACTOR_REQUIRED: oneOf<Switch>(['true', 'false'], 'false'),
  BCRYPT_COST: whole(10, 15, 12),
  CONTEXT_WORDS: text(),
  PASSWORD_WORKERS: Type.Optional(Type.Integer({ minimum: 1, maximum: 64 })),
  REGISTRATION: oneOf<Registration>(['open', 'invite'], 'open'),
  ROLES: text(),
  TOKEN_CLAIMS: text(),
  ACCOUNTS_INDEX: oneOf<Switch>(['true', 'false'], 'true'),
  LIMIT_LOGIN_PER_SOURCE: whole(1, LIMIT_MAX, 30),
  LIMIT_REGISTER_PER_SOURCE: whole(1, LIMIT_MAX, 10),
  LIMIT_RESEND_PER_SOURCE: whole(1, LIMIT_MAX, 10),
  LIMIT_MAILS_PER_ADDRESS_HOUR: whole(1, LIMIT_MAX, 10),
  LIMIT_MAILS_PER_ADDRESS_DAY: whole(1, LIMIT_MAX, 30),
  LIMIT_MAILS_HOUR: whole(1, LIMIT_MAX, 10_000),
  LIMIT_PER_SERVICE_KEY: whole(1, 100_000_000, 300_000),
  CAPTCHA_AFTER: whole(0, LIMIT_MAX, 10),
  CAPTCHA_AFTER_SOURCE: whole(0, LIMIT_MAX, 100),
  TRUST_PROXY: text(),
  CORS_ORIGINS: text(),
  APP_URL: text(),
  RETURN_ORIGINS: text(),
  PASSKEY_RP_ID: text(),
  LOCALES: text(),
  DEFAULT_LOCALE: text(),
  TEXTS_DIR: text(),
  METRICS_TOKEN: text(),
  METRICS_TOKEN_FILE: text(),
  OTEL_EXPORTER_OTLP_ENDPOINT: text(),
  LOG_LEVEL: oneOf<LogLevel>(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
  LOG_FORMAT: oneOf<LogFormat>(['auto', 'json', 'pretty'], 'auto')
}, { additionalProperties: false })

export type Variables = Static<typeof schema>
export type VariableName = keyof Variables
export type Environment = Record<string, string | undefined>

const names = Object.keys(schema.properties).filter(isVariableName)
const plainDigits = /^(0|[1-9][0-9]*)$/
// These are kept to the byte: a blank at the end may be part of them.
const verbatim = new Set<VariableName>(['SECRET', 'SECRET_PREVIOUS', 'METRICS_TOKEN', 'OTP_WEBHOOK_SECRET', 'EVENTS_WEBHOOK_SECRET'])

/**
 * The variables in `env`, typed and with their defaults. A value out of bounds is told in `problems` and replaced by the default,
 * so that the checks that follow can still find the other mistakes; `refused` names those. An empty variable counts as unset.
 */
export function readVariables (env: Environment): { variables: Variables, refused: Set<VariableName>, problems: string[] } {
  const texts = new Map<VariableName, string>()
  for (const name of names) {
    const value = verbatim.has(name) ? env[name] : env[name]?.trim()
    if (value) texts.set(name, value)
  }
  const data = Object.fromEntries([...texts].map(([name, value]) => [name, typed(name, value)]))
  const refused = findRefused(data)
  const accepted = Object.fromEntries(Object.entries(data).filter(([name]) => !isVariableName(name) || !refused.has(name)))
  return {
    variables: envSchema<Variables>({ schema, data: accepted, env: false }),
    refused,
    problems: [...refused].map((name) => explain(name, texts.get(name) ?? ''))
  }
}

/** Ajv would take "1e3", "0x10" and " 5" for numbers; NaN is what no schema here lets pass. */
function typed (name: VariableName, value: string): string | number {
  if (schema.properties[name].type !== 'integer') return value
  return plainDigits.test(value) ? Number(value) : Number.NaN
}

function findRefused (data: Record<string, string | number>): Set<VariableName> {
  try {
    // `env: false`, or process.env would be mixed in behind the caller's back.
    envSchema({ schema, data, env: false })
    return new Set()
  } catch (error) {
    if (!(error instanceof Error && 'errors' in error && Array.isArray(error.errors))) throw error
    const found = error.errors.map(({ instancePath }) => String(instancePath).slice(1)).filter(isVariableName)
    return new Set(found)
  }
}

interface Bounds { enum?: string[], minimum?: number, maximum?: number, default?: string | number }

function explain (name: VariableName, value: string): string {
  const bounds: Bounds = schema.properties[name]
  const { enum: values, minimum, maximum, default: fallback } = bounds
  const wanted = values ? `one of ${values.join(', ')}` : `a whole number from ${minimum} to ${maximum} in plain digits`
  const shown = JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value)
  const otherwise = fallback === undefined ? '' : `, ${fallback}`
  return `${name} must be ${wanted}, but is ${shown}. Change it, or remove it for the default${otherwise}.`
}

function isVariableName (name: string): name is VariableName {
  return Object.hasOwn(schema.properties, name)
}
