import { pbkdf2Sync, scryptSync, timingSafeEqual } from 'node:crypto'
import bcrypt from 'bcrypt'

/** A password hash that another system made; it is verified once and then replaced by a record of ours. */
export type ForeignHash =
  | { kind: 'bcrypt', text: string }
  | { kind: 'argon2id', text: string }
  | { kind: 'scrypt', N: number, r: number, p: number, salt: Buffer, hash: Buffer }
  | { kind: 'pbkdf2', digest: string, iterations: number, salt: Buffer, hash: Buffer }

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
const ARGON2ID = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$[A-Za-z0-9+/]{11,128}\$[A-Za-z0-9+/]{16,128}$/
const SCRYPT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/=]{2,128})\$([A-Za-z0-9+/=]{22,128})$/
/** Of passlib, where the dot stands for a plus, and of the PHC string format, which names its parameters. */
const PBKDF2 = /^\$pbkdf2(?:-(sha1|sha256|sha512))?\$(?:i=)?(\d{1,8})(?:,l=\d+)?\$([A-Za-z0-9+/.=]{2,128})\$([A-Za-z0-9+/.=]{22,128})$/
const DJANGO = /^pbkdf2_(sha1|sha256)\$(\d{1,8})\$([^$]{1,128})\$([A-Za-z0-9+/=]{22,128})$/

// One login must not take a worker for long, nor the memory of the machine.
const MOST_BCRYPT_COST = 15
const MOST_MEMORY_KIB = 256 * 1024
const MOST_ARGON2_PASSES = 10
const MOST_LANES = 16
const MOST_PBKDF2_ITERATIONS = 2_000_000

/** Null for a format that is not known here, and for one that costs too much to verify. */
export function parseForeignHash (text: string): ForeignHash | null {
  return parseBcrypt(text) ?? parseArgon2(text) ?? parseScrypt(text) ?? parsePbkdf2(text)
}

function parseBcrypt (text: string): ForeignHash | null {
  const cost = Number(BCRYPT.exec(text)?.[1] ?? Number.NaN)
  // PHP writes 2y for what everybody else calls 2b.
  return cost >= 4 && cost <= MOST_BCRYPT_COST ? { kind: 'bcrypt', text: text.replace(/^\$2y/, '$2b') } : null
}

function parseArgon2 (text: string): ForeignHash | null {
  const [memoryKib, passes, lanes] = (ARGON2ID.exec(text) ?? []).slice(1).map(Number)
  const isPossible = within(memoryKib, 8, MOST_MEMORY_KIB) && within(passes, 1, MOST_ARGON2_PASSES) && within(lanes, 1, MOST_LANES)
  return isPossible ? { kind: 'argon2id', text } : null
}

function parseScrypt (text: string): ForeignHash | null {
  const [, ln, r, p, salt = '', hash = ''] = SCRYPT.exec(text) ?? []
  const N = 2 ** Number(ln)
  const isPossible = within(Number(ln), 1, 20) && within(N * Number(r) / 8, 1, MOST_MEMORY_KIB) && within(Number(p), 1, MOST_LANES)
  return isPossible
    ? {
        kind: 'scrypt', N, r: Number(r), p: Number(p), salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64')
      }
    : null
}

function parsePbkdf2 (text: string): ForeignHash | null {
  const [, passlibDigest = 'sha1', ...passlib] = PBKDF2.exec(text) ?? []
  const [, djangoDigest = '', ...django] = DJANGO.exec(text) ?? []
  const isDjango = django.length > 0
  const [iterations, salt = '', hash = ''] = isDjango ? django : passlib
  if (!within(Number(iterations), 1, MOST_PBKDF2_ITERATIONS)) return null
  const bytes = (coded: string): Buffer => Buffer.from(coded.replaceAll('.', '+'), 'base64')
  return {
    kind: 'pbkdf2',
    digest: isDjango ? djangoDigest : passlibDigest,
    iterations: Number(iterations),
    salt: isDjango ? Buffer.from(salt) : bytes(salt),
    hash: bytes(hash)
  }
}

const within = (value: number | undefined, least: number, most: number): boolean => value !== undefined && value >= least && value <= most

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
