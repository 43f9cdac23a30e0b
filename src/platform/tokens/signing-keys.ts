import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'

export interface SigningKey {
  kid: string
  privatePem: string
  publicPem: string
  /** As published: no private part. */
  publicJwk: JsonWebKey & { kid: string, use: 'sig', alg: 'EdDSA' }
}

/**
 * Reads a JWK Set (RFC 7517) of Ed25519 private keys: the first signs, all verify.
 * @throws Error that says what is wrong and never what the key is
 */
export function readSigningKeys (json: string): SigningKey[] {
  const set = parse(json)
  const keys = set.map((jwk, index) => {
    const where = `Key ${index + 1} of SIGNING_KEYS`
    if (jwk.kty !== 'OKP' || jwk.crv !== 'Ed25519' || !jwk.d) throw new Error(`${where} is no private Ed25519 key (kty OKP, crv Ed25519, with d).`)
    if (typeof jwk['kid'] !== 'string' || !/^[\w-]{1,64}$/.test(jwk['kid'])) throw new Error(`${where} needs a kid of 1 to 64 letters, digits, - or _.`)
    return toSigningKey(jwk, jwk['kid'])
  })
  if (new Set(keys.map(({ kid }) => kid)).size !== keys.length) throw new Error('Two keys of SIGNING_KEYS share a kid.')
  return keys
}

/** A fresh JWK Set with one Ed25519 key, as text for a file. */
export function newSigningKeys (kid: string): string {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  return JSON.stringify({ keys: [{ ...jwk, kid, use: 'sig', alg: 'EdDSA' }] }, null, 2) + '\n'
}

function parse (json: string): JsonWebKey[] {
  let set: { keys?: JsonWebKey[] }
  try {
    set = JSON.parse(json) as { keys?: JsonWebKey[] }
  } catch {
    throw new Error('SIGNING_KEYS is not JSON: it must hold a JWK Set, { "keys": [ ... ] }.')
  }
  if (!Array.isArray(set.keys) || set.keys.length === 0) throw new Error('SIGNING_KEYS holds no keys: it must be a JWK Set, { "keys": [ ... ] }.')
  return set.keys
}

function toSigningKey (jwk: JsonWebKey, kid: string): SigningKey {
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  const publicKey = createPublicKey(privateKey)
  return {
    kid,
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'EdDSA' }
  }
}
