import { createHmac, randomBytes } from 'node:crypto'
import type { PasswordPool } from './pool.ts'

const KEY_ID = /^[A-Za-z0-9_-]{4}$/
const RECORD = /^([A-Za-z0-9_-]{4})(\$2[ab]\$(\d\d)\$[./A-Za-z0-9]{53})$/

export interface Pepper {
  /** Exactly four characters: key id and bcrypt hash make 64 bytes, the most that a Redis hash keeps in its compact form. */
  kid: string
  key: Buffer
}

export interface PasswordHasherOptions {
  pool: Pick<PasswordPool, 'hash' | 'verify' | 'verifyForeign'>
  pepper: { current: Pepper, previous: Pepper[] }
  /** bcrypt cost of new records; the pool's own. */
  cost: number
  /** The hash of another system that was sealed into a record (foreign-record.ts); null when there is none in it. */
  openForeign?: (record: string) => string | null
}

export interface PasswordVerdict {
  ok: boolean
  /** The password is right, but its record has an old pepper or another cost: store a new one. */
  needsRehash: boolean
}

export interface PasswordHasher {
  /** The record to store: key id (4) + bcrypt (60). May throw PasswordPoolBusyError. */
  hash (password: string): Promise<string>
  /**
   * Judges a password. No record (an unknown address), a record of an unknown pepper and a malformed one are always wrong,
   * and cost the same work in the same queue. May throw PasswordPoolBusyError.
   */
  verify (password: string, record: string | null): Promise<PasswordVerdict>
}

/**
 * The password as bcrypt gets it: 64 characters, so that bcrypt's cut at 72 bytes never drops a letter, and useless without
 * the pepper. NFC first: the same letters may be typed as one or two code points.
 */
const prehash = ({ key }: Pepper, password: string): string =>
  createHmac('sha384', key).update(password.normalize('NFC')).digest('base64')

const BCRYPT_ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A well-formed hash of nothing that anybody knows. */
const sealNobodyKnows = (cost: number): string => {
  const letters = Array.from(randomBytes(53), byte => BCRYPT_ALPHABET[byte % BCRYPT_ALPHABET.length])
  return `$2b$${String(cost).padStart(2, '0')}$${letters.join('')}`
}

/** Turns passwords into records and judges them. Throws at once for a key id that is not four characters of [A-Za-z0-9_-]. */
export const createPasswordHasher = ({ pool, pepper, cost, openForeign = () => null }: PasswordHasherOptions): PasswordHasher => {
  const { current, previous } = pepper
  const dummyHash = sealNobodyKnows(cost)
  const peppers = new Map([...previous, current].map(one => [one.kid, one]))
  for (const kid of peppers.keys()) {
    if (!KEY_ID.test(kid)) throw new Error('a pepper key id must be four characters of A-Z a-z 0-9 _ -')
  }

  return {
    async hash (password) {
      return current.kid + await pool.hash(prehash(current, password))
    },
    async verify (password, record) {
      const foreign = record !== null && !RECORD.test(record) ? openForeign(record) : null
      if (foreign !== null) {
        const ok = await pool.verifyForeign(password, foreign)
        return { ok, needsRehash: ok }
      }
      const [, kid = '', bcryptHash, recordCost] = RECORD.exec(record ?? '') ?? []
      const recordPepper = peppers.get(kid)
      const isKnown = recordPepper !== undefined && bcryptHash !== undefined
      const matches = await pool.verify(prehash(recordPepper ?? current, password), isKnown ? bcryptHash : dummyHash)
      const ok = isKnown && matches
      return { ok, needsRehash: ok && (kid !== current.kid || Number(recordCost) !== cost) }
    }
  }
}
