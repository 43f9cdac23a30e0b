import { resolve } from 'node:path'
import type { Brand } from '../brand/brand.ts'
import { parseRoles, parseTokenClaims } from './accounts.ts'
import { brandOf } from './brand.ts'
import { coresForUs } from './cores.ts'
import { parseHost, parseTrustProxy } from './hosts.ts'
import { languagesOf } from './languages.ts'
import { parseMailFrom, parseSmtpUrl, withSenderName } from './mail.ts'
import { isReturnOrigin, ownOriginsOf, parseAppUrl, parseCorsOrigins, parsePublicUrl, parseReturnOrigins } from './origins.ts'
import { defaultRpId, parseRpId, passkeyOrigins } from './passkeys.ts'
import { parseRedisUrl } from './redis-target.ts'
import type { Attempt } from './refused.ts'
import { parseMetricsToken, parsePreviousSecrets, parseSecret } from './secrets.ts'
import { readAuthority } from './secret-files.ts'
import { eventsWebhookOf } from './events-webhook.ts'
import { parseSessionEpoch } from './session-epoch.ts'
import { parseTracesEndpoint } from './traces.ts'
import type { Variables } from './variables.ts'
import { parseRangeUrl, parseWebhookSecret, parseWebhookUrl } from './webhook.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** More only cost memory before the event loop has its fill. */
const MOST_PASSWORD_WORKERS = 8

/** The configuration that the environment variables describe, in the units of the code. */
export function configFrom (variables: Variables, basePath: string, attempt: Attempt) {
  const brand = brandOf(variables, attempt)
  return {
    brand,
    languages: languagesOf(variables, attempt),
    ...addresses(variables, { basePath, brand }, attempt),
    ...services(variables, attempt, brand),
    ...keys(variables, attempt),
    ...accounts(variables, attempt),
    ...numbers(variables)
  }
}

function addresses (variables: Variables, { basePath, brand }: { basePath: string, brand: Brand }, attempt: Attempt) {
  const production = variables.NODE_ENV === 'production'
  const fallback = `http://localhost:${variables.PORT}`
  const origin = attempt(() => parsePublicUrl(variables.PUBLIC_URL ?? fallback), fallback)
  const publicUrl = origin + basePath
  const ownOrigins = ownOriginsOf(origin, production)
  const corsOrigins = attempt(() => parseCorsOrigins(variables.CORS_ORIGINS, ownOrigins), [])
  const { APP_URL: app, PASSKEY_RP_ID: domain, RETURN_ORIGINS: listed } = variables
  const rpId = domain ? attempt(() => parseRpId(domain, publicUrl), '') : defaultRpId(publicUrl)
  const appUrl = app ? attempt(() => parseAppUrl(app), null) : null
  const known = [...corsOrigins.filter(isReturnOrigin), ...appUrl ? [new URL(appUrl).origin] : []]
  return {
    production,
    host: attempt(() => parseHost(variables.HOST), '127.0.0.1'),
    port: variables.PORT,
    workers: variables.WORKERS,
    publicUrl,
    basePath,
    secure: publicUrl.startsWith('https:'),
    ownOrigins,
    issuer: publicUrl,
    audience: variables.JWT_AUDIENCE ?? publicUrl,
    contextWords: variables.CONTEXT_WORDS?.split(',').map((word) => word.trim()) ?? [new URL(publicUrl).hostname, brand.name],
    trustProxy: attempt(() => parseTrustProxy(variables.TRUST_PROXY), []),
    corsOrigins,
    passkeys: { rpId, origins: passkeyOrigins(rpId, { publicUrl: origin, ownOrigins, corsOrigins }) },
    appUrl,
    returnOrigins: listed ? attempt(() => parseReturnOrigins(listed), []) : [...new Set(known)]
  }
}

function services (variables: Variables, attempt: Attempt, brand: Brand) {
  const { REDIS_URL: redisUrl, SMTP_URL: smtpUrl, MAIL_FROM: mailFrom, DATA_DIR: dataDir } = variables
  const { OTP_WEBHOOK_URL: webhookUrl, OTP_WEBHOOK_SECRET: webhookSecret } = variables
  const { PASSWORD_RANGE_URL: rangeUrl, OTEL_EXPORTER_OTLP_ENDPOINT: otlp } = variables
  const url = webhookUrl ? attempt(() => parseWebhookUrl(webhookUrl), null) : null
  const secret = webhookSecret ? attempt(() => parseWebhookSecret(webhookSecret), null) : null
  const { REDIS_CA_FILE: redisCaFile, SMTP_CA_FILE: smtpCaFile } = variables
  const redisCa = redisCaFile ? attempt(() => readAuthority('REDIS_CA_FILE', redisCaFile), undefined) : undefined
  const parsed = redisUrl ? attempt(() => parseRedisUrl(redisUrl), null) : null
  const redis = parsed && redisCa !== undefined && parsed.kind !== 'unix' ? { ...parsed, ca: redisCa } : parsed
  return {
    redis,
    redisWaitReplicas: variables.REDIS_WAIT_REPLICAS ?? (redis?.kind === 'cluster' || redis?.kind === 'sentinel' ? 1 : 0),
    smtpUrl: smtpUrl ? attempt(() => parseSmtpUrl(smtpUrl), null) : null,
    smtpCa: smtpCaFile ? attempt(() => readAuthority('SMTP_CA_FILE', smtpCaFile), null) : null,
    mailFrom: attempt(() => parseMailFrom(mailFrom ?? withSenderName('no-reply@localhost', brand.name)), ''),
    otpWebhook: url === null ? null : { url, secret },
    eventsWebhook: eventsWebhookOf(variables, attempt),
    passwordRangeUrl: rangeUrl ? attempt(() => parseRangeUrl(rangeUrl), null) : null,
    tracesUrl: otlp ? attempt(() => parseTracesEndpoint(otlp), null) : null,
    dataDir: resolve(dataDir)
  }
}

function keys (variables: Variables, attempt: Attempt) {
  const { SECRET: secret, SECRET_PREVIOUS: previous, SIGNING_KEYS: path, METRICS_TOKEN: token, SESSION_EPOCH: epoch } = variables
  return {
    secret: secret ? attempt(() => parseSecret(secret), null) : null,
    previousSecrets: attempt(() => parsePreviousSecrets(previous), []),
    signingKeysPath: path ? resolve(path) : null,
    sessionEpochMs: epoch ? attempt(() => parseSessionEpoch(epoch), 0) : 0,
    metricsToken: token ? attempt(() => parseMetricsToken(token), null) : null
  }
}

function accounts (variables: Variables, attempt: Attempt) {
  return {
    registration: variables.REGISTRATION,
    roles: attempt(() => parseRoles(variables.ROLES), []),
    tokenClaims: attempt(() => parseTokenClaims(variables.TOKEN_CLAIMS), []),
    accountsIndex: variables.ACCOUNTS_INDEX === 'true'
  }
}

function numbers (variables: Variables) {
  return {
    accessTokenTtlSeconds: variables.ACCESS_TOKEN_TTL_MINUTES * 60,
    refreshTokenTtlMs: variables.REFRESH_TOKEN_TTL_DAYS * DAY_MS,
    sessionMaxMs: variables.SESSION_MAX_DAYS * DAY_MS,
    eventsLifeMs: variables.EVENTS_DAYS * DAY_MS,
    sessionsPerAccount: variables.SESSIONS_PER_ACCOUNT,
    loginCodeTtlMs: variables.TWO_FACTOR_TOKEN_TTL_MINUTES * MINUTE_MS,
    signUpCodeTtlMs: variables.REGISTRATION_TOKEN_TTL_MINUTES * MINUTE_MS,
    codeLength: variables.TWO_FACTOR_TOKEN_LENGTH,
    resendIntervalMs: variables.TWO_FACTOR_RESEND_INTERVAL_SECONDS * 1000,
    maxAttempts: variables.TWO_FACTOR_MAX_ATTEMPTS,
    dailyFailures: variables.TWO_FACTOR_DAILY_FAILURES,
    twoFactorRequired: variables.TWO_FACTOR_REQUIRED === 'true',
    bcryptCost: variables.BCRYPT_COST,
    passwordWorkers: variables.PASSWORD_WORKERS ?? Math.min(coresForUs(), MOST_PASSWORD_WORKERS),
    limits: {
      loginPerSource: variables.LIMIT_LOGIN_PER_SOURCE,
      registerPerSource: variables.LIMIT_REGISTER_PER_SOURCE,
      resendPerSource: variables.LIMIT_RESEND_PER_SOURCE,
      mailsPerAddressHour: variables.LIMIT_MAILS_PER_ADDRESS_HOUR,
      mailsPerAddressDay: variables.LIMIT_MAILS_PER_ADDRESS_DAY,
      mailsHour: variables.LIMIT_MAILS_HOUR,
      perServiceKey: variables.LIMIT_PER_SERVICE_KEY,
      captchaAfter: variables.CAPTCHA_AFTER,
      captchaAfterSource: variables.CAPTCHA_AFTER_SOURCE
    },
    logLevel: variables.LOG_LEVEL,
    logFormat: variables.LOG_FORMAT
  }
}
