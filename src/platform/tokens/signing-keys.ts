import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto'

/** Algorithms of access tokens (RFC 8037, RFC 7518): Ed25519, and P-256 for services whose libraries do not know EdDSA. */
export const SIGNING_ALGORITHMS = ['EdDSA', 'ES256'] as const

export type SigningAlgorithm = typeof SIGNING_ALGORITHMS[number]

export interface SigningKey {
  kid: string
  alg: SigningAlgorithm
  privatePem: string
  publicPem: string
  /** As published, without the private part. */
  publicJwk: JsonWebKey & { kid: string, use: 'sig', alg: SigningAlgorithm }
}

const WANTED = 'a private Ed25519 key (kty OKP, crv Ed25519) or P-256 key (kty EC, crv P-256), with d'
const KID = /^[\w-]{1,64}$/

/**
 * Reads a JWK Set (RFC 7517) of Ed25519 and P-256 private keys: the first signs, all verify.
 * @throws Error that names the key by its number and says what is wanted, but never quotes the key
 */
export function readSigningKeys (json: string): SigningKey[] {
  const keys = parseSet(json).map((jwk, index) => readKey(jwk, `Key ${index + 1} of SIGNING_KEYS`))
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) throw new Error('Two keys of SIGNING_KEYS share a kid.')
  return keys
}

/** A new JWK Set with one private key, as text for a file. */
export function newSigningKeys (kid: string, alg: SigningAlgorithm = 'EdDSA'): string {
  return toText([newPrivateJwk(kid, alg)])
}

/**
 * The set with a new key at its end, where it verifies and does not sign yet. The other keys stay as they are.
 * @throws Error like `readSigningKeys`, also when the set has a key of that name
 */
export function addSigningKey (json: string, kid: string, alg: SigningAlgorithm = 'EdDSA'): string {
  if (readSigningKeys(json).some((key) => key.kid === kid)) throw new Error(`The set has a key named ${kid} already.`)
  return toText([...parseSet(json), newPrivateJwk(kid, alg)])
}

/** Whether `kid` can name a key: it stands in every token and in the log. */
export const isKeyId = (kid: unknown): kid is string => typeof kid === 'string' && KID.test(kid)

function newPrivateJwk (kid: string, alg: SigningAlgorithm): JsonWebKey {
  const { privateKey } = alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg }
}

const toText = (keys: unknown[]): string => `${JSON.stringify({ keys }, null, 2)}\n`

function parseSet (json: string): unknown[] {
  let set: unknown
  try {
    set = JSON.parse(json)
  } catch {
    throw new Error('SIGNING_KEYS is not JSON: it must hold a JWK Set, { "keys": [ ... ] }.')
  }
  const keys = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : undefined
  if (!Array.isArray(keys) || keys.length === 0) throw new Error('SIGNING_KEYS holds no keys: it must be a JWK Set, { "keys": [ ... ] }.')
  return keys
}

function readKey (jwk: unknown, name: string): SigningKey {
  const { kty, crv, d, x, y, kid, alg: statedAlg }: Record<string, unknown> = typeof jwk === 'object' && jwk !== null ? { ...jwk } : {}
  const alg = algorithmOf(kty, crv)
  if (!alg || typeof d !== 'string' || typeof x !== 'string') throw new Error(`${name} must be ${WANTED}.`)
  if (!isKeyId(kid)) throw new Error(`${name} needs a kid of 1 to 64 letters, digits, - or _.`)
  if (statedAlg !== undefined && statedAlg !== alg) throw new Error(`${name} is for ${alg}, and its alg must say so.`)
  const publicPart = alg === 'EdDSA' ? { kty: 'OKP', crv: 'Ed25519', x } : { kty: 'EC', crv: 'P-256', x, y: String(y) }
  const { privateKey, publicKey } = toKeyPair(publicPart, d, name)
  return {
    kid,
    alg,
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg }
  }
}

function algorithmOf (kty: unknown, crv: unknown): SigningAlgorithm | undefined {
  if (kty === 'OKP' && crv === 'Ed25519') return 'EdDSA'
  if (kty === 'EC' && crv === 'P-256') return 'ES256'
  return undefined
}

/** OpenSSL accepts a public part of another key. Nobody could verify what such a key signs, so it is tried here. */
function toKeyPair (publicPart: JsonWebKey, d: string, name: string): { privateKey: KeyObject, publicKey: KeyObject } {
  const message = Buffer.from('SIGNING_KEYS')
  try {
    const privateKey = createPrivateKey({ key: { ...publicPart, d }, format: 'jwk' })
    const publicKey = createPublicKey({ key: publicPart, format: 'jwk' })
    const digest = publicPart.kty === 'EC' ? 'sha256' : null
    if (verify(digest, message, publicKey, sign(digest, message, privateKey))) return { privateKey, publicKey }
  } catch {
    // The error of OpenSSL names no key and no field: the sentence below says more.
  }
  throw new Error(`${name} is damaged: its public part (x, y) and its private part (d) must be of one key.`)
}
