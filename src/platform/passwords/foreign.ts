import { pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto'
import bcrypt from 'bcrypt'

/** A password hash that another system made; it is verified once and then replaced by a record of ours. */
export type ForeignHash =
  | { kind: 'bcrypt', text: string }
  | { kind: 'argon2id', text: string }
  | { kind: 'scrypt', N: number, r: number, p: number, salt: Buffer, hash: Buffer }
  | { kind: 'pbkdf2', digest: string, iterations: number, salt: Buffer, hash: Buffer }

// bcrypt's own base64: the last letters of salt and hash hold four and two bits that no byte needs, which are zero.
const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/
const BASE64 = '([A-Za-z0-9+/]{22,128}={0,2})'
const ARGON2ID = new RegExp(String.raw`^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,7}),p=(\d{1,2})\$${BASE64}\$${BASE64}$`)
const SCRYPT = new RegExp(String.raw`^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$${BASE64}\$${BASE64}$`)
/** Of passlib, where the dot stands for a plus, and of the PHC string format, which names its parameters. */
const PBKDF2 = /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,8})(?:,l=\d+)?\$([A-Za-z0-9+/.=]{22,130})\$([A-Za-z0-9+/.=]{22,130})$/
/** Its salt is text. */
const DJANGO = /^pbkdf2_(sha1|sha256)\$(\d{1,8})\$([^$]{8,128})\$([A-Za-z0-9+/=]{22,130})$/

// A stranger can have any hash verified by guessing: each costs at most some four times as much as one of ours at the default cost.
const MOST_BCRYPT_COST = 14
const MOST_MEMORY_KIB = 256 * 1024
const MOST_ARGON2_KIB_PASSES = 1024 * 1024
const MOST_ARGON2_LANES = 16
const MOST_SCRYPT_WORK = 2 ** 21
const DIGESTS: Record<string, { bytes: number, mostRounds: number }> = {
  sha1: { bytes: 20, mostRounds: 2_000_000 },
  sha256: { bytes: 32, mostRounds: 2_000_000 },
  sha512: { bytes: 64, mostRounds: 1_000_000 }
}
/** What decodes to fewer bytes is no hash: of nothing, every password is right. */
const FEWEST_BYTES = 16

/** Null for a format that is not known here, for a damaged one, and for one that costs too much to verify. */
export function parseForeignHash (text: string): ForeignHash | null {
  return parseBcrypt(text) ?? parseArgon2(text) ?? parseScrypt(text) ?? parsePbkdf2(text)
}

function parseBcrypt (text: string): ForeignHash | null {
  const cost = Number(BCRYPT.exec(text)?.[1] ?? Number.NaN)
  // PHP writes 2y for what everybody else calls 2b.
  return cost >= 4 && cost <= MOST_BCRYPT_COST ? { kind: 'bcrypt', text: text.replace(/^\$2y/, '$2b') } : null
}

function parseArgon2 (text: string): ForeignHash | null {
  const [, ...parts] = ARGON2ID.exec(text) ?? []
  const [memoryKib = 0, passes = 0, lanes = 0] = parts.slice(0, 3).map(Number)
  const isAffordable = memoryKib <= MOST_MEMORY_KIB && memoryKib * passes <= MOST_ARGON2_KIB_PASSES && lanes <= MOST_ARGON2_LANES
  const isPossible = lanes >= 1 && passes >= 1 && memoryKib >= 8 * lanes
  return isPossible && isAffordable && decode(parts[3]) && decode(parts[4]) ? { kind: 'argon2id', text } : null
}

function parseScrypt (text: string): ForeignHash | null {
  const [, ...parts] = SCRYPT.exec(text) ?? []
  const [ln = 0, r = 0, p = 0] = parts.slice(0, 3).map(Number)
  const [salt, hash] = [decode(parts[3]), decode(parts[4])]
  // Its memory is 128 bytes for each unit of N and r: within the bound too.
  if (!salt || !hash || Math.min(ln, r, p) < 1 || 2 ** ln * r * p > MOST_SCRYPT_WORK) return null
  return { kind: 'scrypt', N: 2 ** ln, r, p, salt, hash }
}

function parsePbkdf2 (text: string): ForeignHash | null {
  const [, passlibDigest = 'sha1', ...passlib] = PBKDF2.exec(text) ?? []
  const [, djangoDigest, ...django] = DJANGO.exec(text) ?? []
  const [rounds, saltText, hashText] = djangoDigest === undefined ? passlib : django
  const digest = djangoDigest ?? passlibDigest
  const salt = djangoDigest === undefined ? decode(saltText) : Buffer.from(saltText ?? '')
  const [hash, iterations, { bytes, mostRounds } = { bytes: 1, mostRounds: 0 }] = [decode(hashText), Number(rounds), DIGESTS[digest]]
  // Each block of output costs all rounds anew.
  if (!salt || !hash || iterations < 1 || iterations * Math.ceil(hash.length / bytes) > mostRounds) return null
  return { kind: 'pbkdf2', digest, iterations, salt, hash }
}

/** The bytes of base64 as an encoder writes it, with or without its padding; null for other text, and for too few bytes. */
function decode (coded = ''): Buffer | null {
  const text = coded.replaceAll('.', '+')
  const bytes = Buffer.from(text, 'base64')
  const padded = bytes.toString('base64')
  const isCanonical = text === padded || text === padded.replace(/=+$/, '')
  return isCanonical && bytes.length >= FEWEST_BYTES ? bytes : null
}

/** Whether this is the password, byte for byte as it was typed. Blocks the process: for a worker only. */
export async function matchesForeignHash (password: string, text: string): Promise<boolean> {
  const foreign = parseForeignHash(text)
  switch (foreign?.kind) {
    case undefined: return false
    case 'bcrypt': return bcrypt.compareSync(password, foreign.text)
    // Loaded by who needs it: most workers never meet one.
    case 'argon2id': return (await import('@node-rs/argon2')).verifySync(foreign.text, password)
    case 'scrypt': {
      const { N, r, p, salt, hash } = foreign
      return timingSafeEqual(scryptSync(password, salt, hash.length, { N, r, p, maxmem: 256 * N * r + 1024 * r * p }), hash)
    }
    case 'pbkdf2': return timingSafeEqual(
      pbkdf2Sync(password, foreign.salt, foreign.iterations, foreign.hash.length, foreign.digest), foreign.hash
    )
  }
}
