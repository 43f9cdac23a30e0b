import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import type { Answer, Browser } from './browser.ts'
import { shaped } from './shapes.ts'

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256'
export interface Options {
  challenge: string
  rp?: { id: string }
  rpId?: string
  user?: { id: string }
  allowCredentials?: Array<{ id: string }>
}
export interface Flags { up?: boolean, uv?: boolean, be?: boolean, bs?: boolean, at?: boolean, ed?: boolean }

/** What a hostile authenticator does otherwise. */
export interface Twist {
  origin?: string
  rpId?: string
  type?: string
  challenge?: string
  flags?: Flags
  counter?: number
  userHandle?: string | null
  clientData?: Record<string, unknown>
  /** Of the attestation. */
  fmt?: string
  attStmt?: Map<string, Cbor>
  /** Instead of the key's own. */
  publicKey?: Buffer
  credentialId?: Buffer
  /** The last word on what is signed. */
  authData?: (bytes: Buffer) => Buffer
  signature?: (bytes: Buffer) => Buffer
}

export interface Assertion {
  id: string
  rawId: string
  type: string
  response: { clientDataJSON: string, authenticatorData: string, signature: string, userHandle: string | null }
  clientExtensionResults: object
}

export interface Attestation {
  id: string
  rawId: string
  type: string
  response: { clientDataJSON: string, attestationObject: string, transports: string[] }
  clientExtensionResults: object
}

type Cbor = number | string | Buffer | Map<number | string, Cbor>

/** RFC 8949, as far as authenticators need it. */
export function cbor (value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value])
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)])])
}

function head (major: number, count: number): Buffer {
  if (count < 24) return Buffer.from([major << 5 | count])
  if (count < 256) return Buffer.from([major << 5 | 24, count])
  return Buffer.from([major << 5 | 25, count >> 8, count & 255])
}

const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest()
const b64 = (data: Buffer | string): string => Buffer.from(data).toString('base64url')

/** An authenticator of the test's own: it signs what real ones sign, and whatever else it is told. */
export class SoftKey {
  readonly id = randomBytes(32)
  readonly algorithm: Algorithm
  readonly isSynced: boolean
  counter: number
  userHandle = ''
  readonly #publicKey: KeyObject
  readonly #privateKey: KeyObject

  /** A synced one does not count; one of a single device counts from 1. */
  constructor ({ algorithm = 'ES256', isSynced = true }: { algorithm?: Algorithm, isSynced?: boolean } = {}) {
    this.algorithm = algorithm
    this.isSynced = isSynced
    this.counter = isSynced ? 0 : 1
    const { publicKey, privateKey } = algorithm === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : algorithm === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 })
    this.#publicKey = publicKey
    this.#privateKey = privateKey
  }

  get credentialId (): string { return b64(this.id) }

  /** COSE (RFC 9053). */
  get publicKey (): Buffer {
    const { x = '', y = '', n = '', e = '' } = this.#publicKey.export({ format: 'jwk' })
    const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')
    if (this.algorithm === 'ES256') return cbor(new Map<number, Cbor>([[1, 2], [3, -7], [-1, 1], [-2, bytes(x)], [-3, bytes(y)]]))
    if (this.algorithm === 'EdDSA') return cbor(new Map<number, Cbor>([[1, 1], [3, -8], [-1, 6], [-2, bytes(x)]]))
    return cbor(new Map<number, Cbor>([[1, 3], [3, -257], [-1, bytes(n)], [-2, bytes(e)]]))
  }

  /** What `navigator.credentials.create` gives, as JSON. */
  create (options: Options, twist: Twist = {}): Attestation {
    this.userHandle = Buffer.from(options.user?.id ?? '', 'base64url').toString()
    const clientDataJSON = this.#clientData(options, 'webauthn.create', twist)
    const id = twist.credentialId ?? this.id
    const length = Buffer.alloc(2)
    length.writeUInt16BE(id.length)
    const attested = Buffer.concat([Buffer.alloc(16), length, id, twist.publicKey ?? this.publicKey])
    const authData = this.#authData(options, { at: true, ...twist.flags }, twist, attested)
    const attestationObject = cbor(new Map<string, Cbor>([
      ['fmt', twist.fmt ?? 'none'], ['attStmt', twist.attStmt ?? new Map()], ['authData', authData]
    ]))
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key',
      response: { clientDataJSON: b64(clientDataJSON), attestationObject: b64(attestationObject), transports: ['internal', 'hybrid'] },
      clientExtensionResults: {}
    }
  }

  /** What `navigator.credentials.get` gives, as JSON. One of a single device counts one up. */
  get (options: Options, twist: Twist = {}): Assertion {
    if (!this.isSynced) this.counter++
    const clientDataJSON = this.#clientData(options, 'webauthn.get', twist)
    const authData = this.#authData(options, twist.flags ?? {}, twist)
    const signature = this.#sign(Buffer.concat([authData, sha256(clientDataJSON)]))
    const handle = twist.userHandle === undefined ? this.userHandle : twist.userHandle
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key',
      response: {
        clientDataJSON: b64(clientDataJSON),
        authenticatorData: b64(authData),
        signature: b64(twist.signature?.(signature) ?? signature),
        userHandle: handle === null ? null : b64(handle)
      },
      clientExtensionResults: {}
    }
  }

  #clientData ({ challenge }: Options, type: string, twist: Twist): string {
    const origin = twist.origin ?? 'http://localhost:3000'
    const data = { type: twist.type ?? type, challenge: twist.challenge ?? challenge, origin, crossOrigin: false, ...twist.clientData }
    return JSON.stringify(data)
  }

  #authData ({ rp, rpId }: Options, flags: Flags, twist: Twist, attested = Buffer.alloc(0)): Buffer {
    const { up = true, uv = true, be = this.isSynced, bs = this.isSynced, at = false, ed = false } = flags
    const bits = (up ? 1 : 0) | (uv ? 4 : 0) | (be ? 8 : 0) | (bs ? 16 : 0) | (at ? 64 : 0) | (ed ? 128 : 0)
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(twist.counter ?? this.counter)
    const bytes = Buffer.concat([sha256(twist.rpId ?? rp?.id ?? rpId ?? ''), Buffer.from([bits]), counter, attested])
    return twist.authData?.(bytes) ?? bytes
  }

  #sign = (data: Buffer): Buffer => sign(this.algorithm === 'EdDSA' ? null : 'sha256', data, this.#privateKey)
}

export const optionsOf = ({ body }: Answer): Options => shaped<Options>(body['options'])

/** Adds a key to the account that `browser` is signed in to. */
export async function addPasskey (browser: Browser, key = new SoftKey(), name?: string): Promise<SoftKey> {
  const { token } = browser
  const options = optionsOf(await browser.post('/users/me/passkeys/options', {}, { token }))
  const body = { response: key.create(options), ...name === undefined ? {} : { name } }
  const answer = await browser.post('/users/me/passkeys', body, { token })
  if (answer.status !== 201) throw new Error(`passkeys: ${answer.status} ${answer.text}`)
  return key
}

/** Signs in by a passkey alone. */
export async function signInByPasskey (browser: Browser, key: SoftKey, twist: Twist = {}, body: object = {}): Promise<Answer> {
  const options = optionsOf(await browser.post('/auth/passkeys/options', {}))
  const answer = await browser.post('/auth/passkeys/verify', { response: key.get(options, twist), ...body })
  if (answer.status === 200) browser.token = String(answer.body['accessToken'])
  return answer
}
