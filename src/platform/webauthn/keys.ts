import { createPublicKey, generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { Type } from '@sinclair/typebox'
import { readJson } from '../json.ts'

// What the library does not look at.

const MIN_RSA_BITS = 2048
const MAX_RSA_BITS = 4096
const ES256_HEAD = 'a5010203262001215820'
/** A key that nobody has, as COSE in base64url. */
export function newDecoyKey (): string {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
  const [head, middle] = [Buffer.from(ES256_HEAD, 'hex'), Buffer.from('225820', 'hex')]
  return Buffer.concat([head, Buffer.from(x, 'base64url'), middle, Buffer.from(y, 'base64url')]).toString('base64url')
}

const ClientData = Type.Object({ crossOrigin: Type.Optional(Type.Boolean()), topOrigin: Type.Optional(Type.String()) })

/** Our pages stand in no frame, and the library lets some pass that do. */
export function requireOwnPage (clientDataJSON: string): void {
  const { crossOrigin, topOrigin } = readJson(ClientData, Buffer.from(clientDataJSON, 'base64url').toString())
  if (crossOrigin === true || topOrigin !== undefined) throw new Error('it was signed in a frame')
}

/** We ask for no attestation: whoever sends a certificate all the same could have us fetch what it names. */
export async function requireNoCertificate (attestationObject: string): Promise<void> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers')
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')))
  const isSelf = decoded.get('fmt') === 'packed' && !decoded.get('attStmt').get('x5c')
  if (decoded.get('fmt') !== 'none' && !isSelf) throw new Error('it brings an attestation')
}

/** The library reads over what follows a signature of ES256 (DER). */
export function isWhole (signature: string, publicKey: string): boolean {
  const bytes = Buffer.from(signature, 'base64url')
  const isEs256 = Buffer.from(publicKey, 'base64url').toString('hex').startsWith(ES256_HEAD.slice(0, 10))
  return !isEs256 || bytes[1] === bytes.length - 2
}

/** The library does not look whether a new key is one: cut short, it would never verify anything. */
export async function requireUsableKey (publicKey: Uint8Array<ArrayBuffer>): Promise<void> {
  const { decodeCredentialPublicKey, cose } = await import('@simplewebauthn/server/helpers')
  const key = decodeCredentialPublicKey(publicKey)
  const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('base64url')
  const { COSEKTY, COSECRV, COSEALG } = cose
  const jwk = (): JsonWebKey => {
    if (cose.isCOSEPublicKeyEC2(key) && key.get(3) === COSEALG.ES256 && key.get(-1) === COSECRV.P256) {
      return { kty: 'EC', crv: 'P-256', x: text(key.get(-2)), y: text(key.get(-3)) }
    }
    if (cose.isCOSEPublicKeyOKP(key) && key.get(3) === COSEALG.EdDSA && key.get(-1) === COSECRV.ED25519) {
      return { kty: 'OKP', crv: 'Ed25519', x: text(key.get(-2)) }
    }
    if (cose.isCOSEPublicKeyRSA(key) && key.get(1) === COSEKTY.RSA) return { kty: 'RSA', n: text(key.get(-1)), e: text(key.get(-2)) }
    throw new Error('the key is of another kind than its algorithm')
  }
  const { asymmetricKeyDetails: { modulusLength = MIN_RSA_BITS } = {} } = createPublicKey({ key: jwk(), format: 'jwk' })
  if (modulusLength < MIN_RSA_BITS || modulusLength > MAX_RSA_BITS) throw new Error('the key is too short or too long')
}
