import { type Keyring, mac } from './platform/keyring.ts'
import type { RedisClient } from './platform/redis/connect.ts'
import type { RunScript } from './platform/redis/script.ts'
import { createAccountsStore, holdsAccounts } from './records/accounts/accounts-store.ts'
import { createAddressBindingsStore } from './records/accounts/address-bindings-store.ts'
import { createAddressTags } from './records/accounts/address-tags.ts'
import { createAdminStore } from './records/accounts/administration-store.ts'
import { createCredentialsStore } from './records/accounts/credentials-store.ts'
import { createDeletionsStore } from './records/accounts/deletions-store.ts'
import { createActivityStore } from './records/activity/activity-store.ts'
import { createChallengesStore } from './records/challenges/challenges-store.ts'
import { createReauthenticationStore } from './records/challenges/reauthentication-store.ts'
import type { ChallengeRules } from './records/challenges/challenge.ts'
import { createEmailChangesStore } from './records/contacts/email-changes-store.ts'
import { createPhonesStore } from './records/contacts/phones-store.ts'
import { createIdempotencyStore } from './records/idempotency/idempotency-store.ts'
import { createNoticesStore } from './records/notices/notices-store.ts'
import { createRegistrationsStore } from './records/registrations/registrations-store.ts'
import { createResetsStore } from './records/registrations/resets-store.ts'
import { createProofMaker } from './records/second-factors/methods.ts'
import { createTotpStore } from './records/second-factors/totp-store.ts'
import { createSessionsStore } from './records/sessions/sessions-store.ts'
import { createPressureStore, createThrottleStore } from './records/throttling/throttling-store.ts'
import { createExportsStore } from './records/transfers/data-export-store.ts'
import { createTrustedBrowsersStore } from './records/trusted-browsers/trusted-browsers-store.ts'
import type { Config } from './platform/config/config.ts'

export type Records = ReturnType<typeof createRecords>

interface Parts { redis: RedisClient, database: { run: RunScript }, keyring: Keyring, config: Config, tellNew?: () => void }

/** Everything that is kept, each kind by its store. */
export function createRecords ({ redis, database: { run }, keyring, config, tellNew = () => {} }: Parts) {
  const { maxAttempts, sessionEpochMs } = config
  const rules = challengeRules(config)
  const limits = {
    perAccount: config.sessionsPerAccount,
    idleMs: config.refreshTokenTtlMs,
    absoluteMs: config.sessionMaxMs,
    epochMs: sessionEpochMs
  }
  const activity = createActivityStore(run)
  const addressTags = createAddressTags(run, keyring, { hasAccounts: async () => await holdsAccounts(redis), tellNew })
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
