import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { now } from '../../platform/clock.ts'
import { isId } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { sealForeign } from '../../platform/passwords/foreign-record.ts'
import { parseForeignHash } from '../../platform/passwords/foreign.ts'
import { CREDENTIAL_ID_PATTERN, type Passkey, PasskeyRecord } from '../passkeys/passkey.ts'
import { type Claims, CLAIMS_BYTES, NAME_PATTERN, PHONE_PATTERN } from '../accounts/account.ts'
import { parseMailAddress } from '../../platform/mail-address.ts'

/** An account as it will be stored. */
export interface ImportedAccount {
  /** '' when the line names none. */
  id: string
  email: string
  /** Milliseconds since 1970; undefined = now. */
  createdAt: number | undefined
  /** As they are kept, by the id of the credential. */
  passkeys: Record<string, string>
  fields: Record<string, string | number>
}

/** Why a line is no account: words for the operator that never repeat what stands in it. */
export class LineRefused extends Error {}

const OUR_RECORD = /^([A-Za-z0-9_-]{4})\$2[ab]\$\d\d\$[./A-Za-z0-9]{53}$/
const KNOWN = new Set([
  'id', 'email', 'name', 'passwordHash', 'locale', 'status', 'role', 'isTwoFactorEnabled', 'phone', 'createdAt', 'passkeys',
  'roles', 'claims'
])
const name = new RegExp(NAME_PATTERN, 'u')
const phone = new RegExp(PHONE_PATTERN, 'u')

const IdOfPasskey = Type.Object({ id: Type.String({ pattern: CREDENTIAL_ID_PATTERN }) })
const Passkeys = Type.Array(Type.Composite([IdOfPasskey, PasskeyRecord], { additionalProperties: false }), { maxItems: 20 })
const isPasskeys = (value: unknown): value is Passkey[] => Value.Check(Passkeys, value)

const Roles = Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_-]{0,31}$' }), { maxItems: 50 })
const isRoles = (value: unknown): value is string[] => Value.Check(Roles, value)
const isClaims = (value: unknown): value is Claims =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Buffer.byteLength(JSON.stringify(value)) <= CLAIMS_BYTES

/** @throws LineRefused */
export function readImportLine (text: string, keyring: Keyring): ImportedAccount {
  const line = parse(text)
  const unknown = Object.keys(line).find((field) => !KNOWN.has(field))
  if (unknown !== undefined) throw new LineRefused(`has an unknown field, ${JSON.stringify(unknown.slice(0, 40))}`)
  const given = <T>(field: string, fallback: T, isRight: (value: unknown) => value is T): T => {
    const value = line[field]
    if (value === undefined) return fallback
    if (!isRight(value)) throw new LineRefused(`${field} is not as it must be`)
    return value
  }
  const text_ = (isRight: (value: string) => boolean) => (value: unknown): value is string => typeof value === 'string' && isRight(value)

  const email = parseMailAddress(given('email', '', text_((value) => parseMailAddress(value) !== null)))
  const stated = given('status', 'active', text_((value) => value === 'active' || value === 'disabled' || value === 'invited'))
  // Without a password the owner has yet to come. One that is said to be empty is how our export writes an account that has none.
  const isUnstated = line['passwordHash'] === undefined
  if (isUnstated && stated === 'disabled') throw new LineRefused('is disabled and has no passwordHash')
  const status = isUnstated ? 'invited' : stated
  const isInvited = status === 'invited'
  const fullName = given('name', '', text_((value) => value.length <= 100 && (name.test(value) || (value === '' && isInvited))))
  if (email === null || (fullName.trim() === '' && !isInvited)) throw new LineRefused('needs email and name')
  const created = given('createdAt', '', text_((value) => Date.parse(value) <= now()))
  const number = given('phone', '', text_((value) => phone.test(value)))
  const isTwoFactorEnabled = given('isTwoFactorEnabled', true, (value) => typeof value === 'boolean')
  const passkeys = given('passkeys', [], isPasskeys)
  const roles = given('roles', [], isRoles)
  const claims = given('claims', {}, isClaims)
  const passwordHash = given('passwordHash', '', text_(() => true))
  const hasNone = passwordHash === ''
  if (isInvited && !hasNone) throw new LineRefused('is invited, and so has no passwordHash')
  given('role', 'user', text_((value) => value === 'user' || value === 'admin'))
  return {
    id: given('id', '', text_(isId)),
    email,
    createdAt: created === '' ? undefined : Date.parse(created),
    passkeys: Object.fromEntries(passkeys.map(({ id, ...passkey }) => [id, JSON.stringify(passkey)])),
    fields: {
      email,
      name: fullName.trim(),
      // Said to be empty: who was invited has none yet, who said "this wasn't me" sets one by mail.
      passwordHash: hasNone ? '' : toRecord(passwordHash, keyring),
      // Nobody knows how long it is: it counts as short until it is changed.
      longPassword: 0,
      locale: given('locale', 'en', text_((value) => ['en', 'uk', 'ru'].includes(value))),
      status,
      twoFactor: isTwoFactorEnabled ? 1 : 0,
      ...(passkeys.length > 0 ? { passkeys: passkeys.length } : {}),
      ...(number === '' ? {} : { phone: number }),
      ...(roles.length > 0 ? { roles: roles.join(' ') } : {}),
      ...(Object.keys(claims).length > 0 ? { claims: JSON.stringify(claims) } : {})
    }
  }
}

function parse (text: string): Record<string, unknown> {
  try {
    const line: unknown = JSON.parse(text)
    if (typeof line === 'object' && line !== null && !Array.isArray(line)) return { ...line }
  } catch {}
  throw new LineRefused('is no JSON object')
}

function toRecord (hash: string, keyring: Keyring): string {
  const keyId = OUR_RECORD.exec(hash)?.[1]
  if (keyId !== undefined) {
    if (keyring.find(keyId)) return hash
    throw new LineRefused('passwordHash was made by Dvokrok under another SECRET; add that one to SECRET_PREVIOUS')
  }
  if (!parseForeignHash(hash)) throw new LineRefused('passwordHash is of no known kind, damaged, or costs too much to verify')
  return sealForeign(keyring, hash)
}
