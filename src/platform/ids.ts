import { hash, randomFillSync } from 'node:crypto'

/** Random bytes are asked for in this many at once: a request of its own for each id cost more than all else about it. */
const pool = Buffer.allocUnsafe(8192)
let used = pool.length

/** 128 random bits as 22 URL-safe characters: account, session and attempt ids. */
export const newId = (): string => randomText(16)

/** Whether a text can be one of our ids at all. 128 bits leave four letters for the last place: another one would not survive decoding. */
export const isId = (text: string): boolean => /^[\w-]{21}[AQgw]$/.test(text)

/** 256 random bits for a cookie that is kept hashed. */
export const newToken = (): string => randomText(32)

/** Whether a text can be one of our tokens at all. */
export const isToken = (text: string): boolean => /^[\w-]{42}[AEIMQUYcgkosw048]$/.test(text)

/** What is kept of a random 256-bit token: nobody can go back from it, so it needs no key. 128 bits, 22 characters. */
export const hashToken = (token: string): string => hash('sha256', token, 'buffer').toString('base64url', 0, 16)

function randomText (bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('base64url', used - bytes, used)
}
