/**
 * Every key the product uses. What belongs to one account shares the hash tag `{u:<account id>}`, what belongs to an
 * address before it is proven shares `{a:<address tag>}`: so each script stays in one slot, on one node or a cluster.
 */
const account = (id: string) => {
  const tag = `{u:${id}}`
  return {
    record: `${tag}:account`,
    session: (sid: string) => `${tag}:s:${sid}`,
    sessions: `${tag}:sessions`,
    attempt: (attemptId: string) => `${tag}:attempt:${attemptId}`,
    attempts: `${tag}:attempts`,
    failures: `${tag}:failures`,
    mails: `${tag}:mails`,
    devices: `${tag}:devices`,
    trustedBrowser: (deviceId: string) => `${tag}:t:${deviceId}`,
    trustedBrowsers: `${tag}:trusted`,
    activity: `${tag}:activity`,
    /** The authenticator, and one that waits for its first code. */
    totp: `${tag}:totp`,
    totpPending: `${tag}:totp-pending`,
    /** By the id of the credential. */
    passkeys: `${tag}:passkeys`,
    /** Hashes of the recovery codes that are left. */
    recovery: `${tag}:recovery`,
    /** Requests that may come again, by their Idempotency-Key. */
    idempotency: `${tag}:idempotency`,
    /** Events that wait to be moved into the log: on a Cluster only. */
    events: `${tag}:events`,
    /** Tags of addresses whose index may name this account besides its own: while one changes, and after a crash in between. */
    otherAddresses: `${tag}:addresses`,
    notice: (kind: string) => `${tag}:notice:${kind}`
  }
}

const address = (addressTag: string) => {
  const tag = `{a:${addressTag}}`
  return {
    owner: `${tag}:owner`,
    attempt: (attemptId: string) => `${tag}:attempt:${attemptId}`,
    attempts: `${tag}:attempts`,
    failures: `${tag}:failures`,
    mails: `${tag}:mails`,
    throttle: (source: string) => `${tag}:throttle:${source}`,
    notice: (kind: string) => `${tag}:notice:${kind}`,
    idempotency: `${tag}:idempotency`,
    /** By anybody, and by whoever has proven to be the owner: a known browser, a session, a right password. */
    pressure: `${tag}:pressure`,
    ownPressure: `${tag}:pressure:own`
  }
}

/** `source` is a MAC of where requests come from. */
const source = (sourceMac: string) => ({ pressure: `{s:${sourceMac}}:pressure` })

/** The account id that a record's key names. */
export const accountIdOf = (recordKey: string): string => recordKey.slice('{u:'.length, recordKey.indexOf('}'))

const events = {
  log: '{events}:log',
  /** Changes that were begun on a Cluster, as `ACCOUNT:CHANGE`, by the time of their beginning. */
  announced: '{events}:announced',
  /** By account: the number of the last event that was moved into the log. */
  moved: '{events}:moved',
  /** What a receiver of webhooks has, and whether it answers. */
  receiver: (receiverId: string) => `{events}:receiver:${receiverId}`
}

/** Two that never exist, in the slot of `key`. */
export const absentBeside = (key: string): [string, string] => {
  const tag = key.slice(0, key.indexOf('}') + 1)
  return [`${tag}:-1`, `${tag}:-2`]
}

export const keys = {
  account,
  address,
  source,
  events,
  /** A solved challenge that was taken: a proof of work, or what a passkey signed. */
  nonce: (nonce: string) => `{c:${nonce}}`,
  /** The key of the address tags, sealed. */
  addressKey: '{dvokrok}:address-key',
  /** Ids of the admins who may act. */
  admins: '{dvokrok}:admins',
  /** What admins, service keys and the command line did, and what they are about to do. */
  adminActivity: '{dvokrok}:admin-activity',
  adminIntents: '{dvokrok}:admin-intents',
  /** By what accounts are found; its parts have numbers behind the name. */
  accountsIndex: '{dvokrok}:index',
  accountsIndexComplete: '{dvokrok}:index:complete',
  /** What other services call us with, and when each was last used. */
  serviceKeys: '{dvokrok}:service-keys',
  serviceKeyUses: '{dvokrok}:service-key-uses',
  /** Marks: written to see whether a master takes writes, and who has them; as many as it takes to meet every master. */
  ready: (number: number) => `{ready:${number}}`,
  limits: 'limit:',
  /** The builds of the pages that are in use, and their files. */
  builds: '{assets}',
  assets: (build: string) => `{assets}:${build}`,
  mail: '{mail}'
}
