import { type Keyring, mac } from './platform/keyring.ts'
import type { RedisClient } from './platform/redis/connect.ts'
import type { RunScript } from './platform/redis/script.ts'
import { createAccountsIndexStore } from './records/accounts-index/accounts-index-store.ts'
import { withIndex } from './records/accounts-index/indexed-stores.ts'
import { createAccountsStore, holdsAccounts } from './records/accounts/accounts-store.ts'
import { createAddressBindingsStore } from './records/accounts/address-bindings-store.ts'
import { createAddressTags } from './records/accounts/address-tags.ts'
import { createAdminStore } from './records/accounts/administration-store.ts'
import { createCredentialsStore } from './records/accounts/credentials-store.ts'
import { createDeletionsStore } from './records/accounts/deletions-store.ts'
import { createAdminLogStore } from './records/admin-log/admin-log-store.ts'
import { createActivityStore } from './records/activity/activity-store.ts'
import { createChallengesStore } from './records/challenges/challenges-store.ts'
import { createReauthenticationStore } from './records/challenges/reauthentication-store.ts'
import type { ChallengeRules } from './records/challenges/challenge.ts'
import { createEmailChangesStore } from './records/contacts/email-changes-store.ts'
import { createPhonesStore } from './records/contacts/phones-store.ts'
import { createEventsStore } from './records/events/events-store.ts'
import { createEventsFeed } from './records/events/feed-store.ts'
import { createIdempotencyStore } from './records/idempotency/idempotency-store.ts'
import { createLinksStore } from './records/links/links-store.ts'
import { createNoticesStore } from './records/notices/notices-store.ts'
import { createReceiversStore } from './records/events/receivers-store.ts'
import { createPasskeysStore } from './records/passkeys/passkeys-store.ts'
import { createRegistrationsStore } from './records/registrations/registrations-store.ts'
import { createResetsStore } from './records/registrations/resets-store.ts'
import { createProofMaker } from './records/second-factors/methods.ts'
import { createTotpStore } from './records/second-factors/totp-store.ts'
import { createServiceKeysStore } from './records/service-keys/service-keys-store.ts'
import { createSessionsStore } from './records/sessions/sessions-store.ts'
import { createPressureStore, createThrottleStore } from './records/throttling/throttling-store.ts'
import { createExportsStore } from './records/transfers/data-export-store.ts'
import { createTrustedBrowsersStore } from './records/trusted-browsers/trusted-browsers-store.ts'
import type { Config } from './platform/config/config.ts'

export type Records = ReturnType<typeof createRecords>

interface Parts {
  redis: RedisClient
  database: { run: RunScript }
  keyring: Keyring
  config: Config
  tellNew?: () => void
  /** A connection that may block: needed by whoever follows the event log. */
  openReader?: () => RedisClient
}

/** Everything that is kept, each kind by its store. */
export function createRecords ({ redis, database: { run }, keyring, config, tellNew = () => {}, openReader = noReader }: Parts) {
  const { maxAttempts, sessionEpochMs } = config
  const rules = challengeRules(config)
  const limits = {
    perAccount: config.sessionsPerAccount,
    idleMs: config.refreshTokenTtlMs,
    absoluteMs: config.sessionMaxMs,
    epochMs: sessionEpochMs
  }
  const activity = createActivityStore(run)
  const events = createEventsStore(redis, run)
  const accountsIndex = createAccountsIndexStore(redis, run)
  const addressTags = createAddressTags(run, keyring, {
    hasAccounts: async () => await holdsAccounts(redis),
    tellNew: () => {
      tellNew()
      // There is no account yet that it could miss.
      if (config.accountsIndex) accountsIndex.setComplete(true).catch(() => {})
    }
  })
  const accounts = createAccountsStore(redis, run, addressTags)
  const addressBindings = createAddressBindingsStore(redis, run, accounts, rules)
  const sessions = createSessionsStore(redis, run, limits, (sid) => mac(keyring.current.device, sid))
  const trustedBrowsers = createTrustedBrowsersStore(run, sessionEpochMs)
  const challenges = createChallengesStore(run, keyring, rules)
  const passkeys = createPasskeysStore(redis, run)
  const totp = createTotpStore(redis, run, keyring, maxAttempts)
  const stores = {
    accounts,
    accountsIndex,
    activity,
    addressBindings,
    addressTags,
    administration: createAdminStore(redis, run),
    adminLog: createAdminLogStore(redis, run),
    challengeRules: rules,
    challenges,
    credentials: createCredentialsStore(run),
    dataExports: createExportsStore(redis, { sessions, trustedBrowsers, passkeys, activity }),
    deletions: createDeletionsStore(run, addressTags, addressBindings),
    emailChanges: createEmailChangesStore(run, keyring, challenges, addressBindings),
    events,
    eventReceivers: createReceiversStore(run),
    eventsFeed: createEventsFeed({ events, open: openReader }),
    idempotency: createIdempotencyStore(run, keyring),
    makeProof: createProofMaker(keyring, totp),
    links: createLinksStore(redis, run),
    notices: createNoticesStore(run),
    passkeys,
    phones: createPhonesStore(run, keyring, challenges),
    pressure: createPressureStore(redis, run),
    reauthentications: createReauthenticationStore(run, challenges, maxAttempts),
    registrations: createRegistrationsStore(run, keyring, rules),
    resets: createResetsStore(run, keyring, rules),
    serviceKeys: createServiceKeysStore(redis, run),
    sessions,
    throttle: createThrottleStore(run),
    totp,
    trustedBrowsers
  }
  return config.accountsIndex ? withIndex(stores, accountsIndex) : stores
}

const noReader = (): never => { throw new Error('nobody follows the log here') }

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
