import { type Static, Type } from '@sinclair/typebox'
import { now } from '../../platform/clock.ts'
import { readJson } from '../../platform/json.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { PASSKEY_LIFE_MS } from '../challenges/challenge.ts'

/** The id of a credential is made by its authenticator: 1 to 1023 bytes (WebAuthn, 4), as base64url. */
export const CREDENTIAL_ID_PATTERN = '^[\\w-]{2,1364}$'

/** What is kept of a passkey, as one field of a hash by the id of the credential. The scripts read and write it too. */
export const PasskeyRecord = Type.Object({
  /** COSE, as base64url. */
  publicKey: Type.String({ pattern: '^[\\w-]{1,4096}$' }),
  counter: Type.Integer({ minimum: 0, maximum: 0xffffffff }),
  /** Whether it may be on several devices, which never changes; and whether it is. */
  canSync: Type.Boolean(),
  isSynced: Type.Boolean(),
  name: Type.String(),
  /** With blanks between: an empty list would not survive Lua. */
  transports: Type.String({ pattern: '^[a-z-]*( [a-z-]+)*$', maxLength: 200 }),
  /** Milliseconds since 1970; 0: never. */
  createdAt: Type.Integer({ minimum: 0 }),
  lastUsedAt: Type.Integer({ minimum: 0 })
}, { additionalProperties: false })

export type StoredPasskey = Static<typeof PasskeyRecord>

/** A passkey as it is kept. */
export interface Passkey extends StoredPasskey { id: string }

/** A passkey as its owner sees it. Times are ISO 8601, UTC. */
export interface PasskeyView {
  /** The id of the credential, as browsers know it. */
  id: string
  name: string
  createdAt: string
  lastUsedAt: string | null
  isSynced: boolean
  transports: string[]
}

export const readPasskey = (id: string, stored: string): Passkey => ({ id, ...readJson(PasskeyRecord, stored) })

export const listTransports = ({ transports }: StoredPasskey): string[] => transports.split(' ').filter((one) => one !== '')

export const viewPasskey = (passkey: Passkey): PasskeyView => ({
  id: passkey.id,
  name: passkey.name,
  createdAt: new Date(passkey.createdAt).toISOString(),
  lastUsedAt: passkey.lastUsedAt === 0 ? null : new Date(passkey.lastUsedAt).toISOString(),
  isSynced: passkey.isSynced,
  transports: listTransports(passkey)
})

/** A use of a passkey whose signature was right. Whether its counter is right too, the script decides that acts on it. */
export interface PasskeyUse { accountId: string, id: string, publicKey: string, counter: number, isSynced: boolean }

/** Packed into one argument; `use_passkey` in _passkey.lua takes it apart. */
export const encodeUse = ({ id, counter, isSynced, publicKey }: PasskeyUse): string =>
  `${id} ${counter} ${isSynced ? 1 : 0} ${publicKey}`

/**
 * What a passkey is to sign. It is kept nowhere: sealed with the moment at which it was made, and good for one `scope` alone, such as the
 * attempt of one browser. Whoever accepts one takes its nonce, so that it works once.
 */
export const newPasskeyChallenge = (keyring: Keyring, scope: string): string => keyring.seal(String(now()), `passkey ${scope}`)

export function isPasskeyChallenge (keyring: Keyring, scope: string, challenge: string): boolean {
  const madeAt = keyring.unseal(challenge, `passkey ${scope}`)
  return madeAt !== null && Math.abs(now() - Number(madeAt)) < PASSKEY_LIFE_MS
}
