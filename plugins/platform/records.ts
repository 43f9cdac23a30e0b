import fp from 'fastify-plugin'
import { type Keyring, mac } from '../../src/platform/keyring.ts'
import type { RedisClient } from '../../src/platform/redis/connect.ts'
import type { RunScript } from '../../src/platform/redis/scripts.ts'
import { isRedisAway } from '../../src/platform/redis/errors.ts'
import { createAccountsStore } from '../../src/records/accounts/accounts-store.ts'
import { createAddressBindingsStore } from '../../src/records/accounts/address-bindings-store.ts'
import { createAddressTags } from '../../src/records/accounts/address-tags.ts'
import { createAdminStore } from '../../src/records/accounts/administration-store.ts'
import { createCredentialsStore } from '../../src/records/accounts/credentials-store.ts'
import { createDeletionsStore } from '../../src/records/accounts/deletions-store.ts'
import { createActivityStore } from '../../src/records/activity/activity-store.ts'
import { createChallengesStore } from '../../src/records/challenges/challenges-store.ts'
import { createReauthenticationStore } from '../../src/records/challenges/reauthentication-store.ts'
import type { ChallengeRules } from '../../src/records/challenges/challenge.ts'
import { createEmailChangesStore } from '../../src/records/contacts/email-changes-store.ts'
import { createPhonesStore } from '../../src/records/contacts/phones-store.ts'
import { createIdempotencyStore } from '../../src/records/idempotency/idempotency-store.ts'
import { createNoticesStore } from '../../src/records/notices/notices-store.ts'
import { createRegistrationsStore } from '../../src/records/registrations/registrations-store.ts'
import { createResetsStore } from '../../src/records/registrations/resets-store.ts'
import { createProofMaker } from '../../src/records/second-factors/proof.ts'
import { createTotpStore } from '../../src/records/second-factors/totp-store.ts'
import { createSessionsStore } from '../../src/records/sessions/sessions-store.ts'
import { createPressureStore, createThrottleStore } from '../../src/records/throttling/throttling-store.ts'
import { createExportsStore } from '../../src/records/transfers/data-export-store.ts'
import { createTrustedBrowsersStore } from '../../src/records/trusted-browsers/trusted-browsers-store.ts'
import type { Config } from '../../src/platform/config/config.ts'

export type Records = ReturnType<typeof createRecords>

declare module 'fastify' {
  interface FastifyInstance { records: Records }
}

/** Everything that is kept, each kind by its store. */
export default fp(async (fastify) => {
  const records = createRecords(fastify)
  fastify.decorate('records', records)
  // With Redis away the first request that needs the key loads it; a Redis of another SECRET stops the start.
  await records.addressTags.load().catch((error) => { if (!isRedisAway(error)) throw error })
}, { name: 'records', dependencies: ['redis', 'keyring'] })

interface Parts { redis: RedisClient, database: { run: RunScript }, keyring: Keyring, config: Config }

export function createRecords ({ redis, database: { run }, keyring, config }: Parts) {
  const { maxAttempts, sessionEpochMs } = config
  const rules = challengeRules(config)
  const limits = {
    perAccount: config.sessionsPerAccount,
    idleMs: config.refreshTokenTtlMs,
    absoluteMs: config.sessionMaxMs,
    epochMs: sessionEpochMs
  }
  const activity = createActivityStore(run)
  const addressTags = createAddressTags(run, keyring)
  const accounts = createAccountsStore(redis, run, addressTags)
  const addressBindings = createAddressBindingsStore(redis, run, accounts, rules)
  const sessions = createSessionsStore(redis, run, limits, (sid) => mac(keyring.current.device, sid))
  const trustedBrowsers = createTrustedBrowsersStore(run, sessionEpochMs)
  const challenges = createChallengesStore(run, keyring, rules)
  const totp = createTotpStore(redis, run, keyring, maxAttempts)
  return {
    accounts,
    activity,
    addressBindings,
    addressTags,
    administration: createAdminStore(redis, run),
    challengeRules: rules,
    challenges,
    credentials: createCredentialsStore(run),
    dataExports: createExportsStore(redis, { sessions, trustedBrowsers, activity }),
    deletions: createDeletionsStore(run, addressTags, addressBindings),
    emailChanges: createEmailChangesStore(run, keyring, challenges, addressBindings),
    idempotency: createIdempotencyStore(run, keyring),
    makeProof: createProofMaker(keyring, totp),
    notices: createNoticesStore(run),
    phones: createPhonesStore(run, keyring, challenges),
    pressure: createPressureStore(redis, run),
    reauthentications: createReauthenticationStore(run, challenges, maxAttempts),
    registrations: createRegistrationsStore(run, keyring, rules),
    resets: createResetsStore(run, keyring, rules),
    sessions,
    throttle: createThrottleStore(run),
    totp,
    trustedBrowsers
  }
}

const challengeRules = ({ limits, ...config }: Config): ChallengeRules => ({
  codeLength: config.codeLength,
  loginCodeTtlMs: config.loginCodeTtlMs,
  signUpCodeTtlMs: config.signUpCodeTtlMs,
  resendIntervalMs: config.resendIntervalMs,
  maxAttempts: config.maxAttempts,
  dailyFailures: config.dailyFailures,
  mailsPerHour: limits.mailsPerAddressHour,
  mailsPerDay: limits.mailsPerAddressDay
})
