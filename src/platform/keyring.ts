import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** The keys that one SECRET yields (HKDF-SHA-256, RFC 5869). `id` is 4 characters and travels with everything made from it. */
export interface SecretKeys {
  id: string
  pepper: Buffer
  pending: Buffer
  seal: Buffer
  code: Buffer
  refresh: Buffer
  trusted: Buffer
  source: Buffer
  webhook: Buffer
  captcha: Buffer
  device: Buffer
  once: Buffer
  asset: Buffer
  link: Buffer
}

export interface Keyring {
  current: SecretKeys
  /** Current first, then the previous ones. */
  all: SecretKeys[]
  find: (id: string) => SecretKeys | undefined
  /** Encrypts with AES-256-GCM under the current key. `context` binds the value to its place: it opens nowhere else. */
  seal: (text: string, context: string) => string
  /** The sealed text, or null when the key is unknown, the context is another one or a bit was changed. */
  unseal: (sealed: string, context: string) => string | null
}

const KEY_ID_LENGTH = 4
const IV_LENGTH = 12
const TAG_LENGTH = 16

export function createKeyring (secret: string, previousSecrets: string[] = []): Keyring {
  const current = deriveKeys(secret)
  const all = [current, ...previousSecrets.map(deriveKeys)]
  const byId = new Map(all.map((keys) => [keys.id, keys]))
  return {
    current,
    all,
    find: (id) => byId.get(id),
    seal: (text, context) => {
      const iv = randomBytes(IV_LENGTH)
      const cipher = createCipheriv('aes-256-gcm', current.seal, iv).setAAD(Buffer.from(context))
      const body = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return current.id + body.toString('base64url')
    },
    unseal: (sealed, context) => {
      const keys = byId.get(sealed.slice(0, KEY_ID_LENGTH))
      const body = Buffer.from(sealed.slice(KEY_ID_LENGTH), 'base64url')
      if (!keys || body.length < IV_LENGTH + TAG_LENGTH) return null
      try {
        const decipher = createDecipheriv('aes-256-gcm', keys.seal, body.subarray(0, IV_LENGTH), { authTagLength: TAG_LENGTH })
          .setAAD(Buffer.from(context)).setAuthTag(body.subarray(-TAG_LENGTH))
        return decipher.update(body.subarray(IV_LENGTH, -TAG_LENGTH), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        return null
      }
    }
  }
}

/** HMAC-SHA-256 as base64url, cut to `bytes`. */
export const mac = (key: Buffer, text: string, bytes = 32): string =>
  createHmac('sha256', key).update(text).digest().subarray(0, bytes).toString('base64url')

function deriveKeys (secret: string): SecretKeys {
  const derive = (purpose: string, length = 32): Buffer => Buffer.from(hkdfSync('sha256', secret, '', `dvokrok ${purpose}`, length))
  return {
    id: derive('key id', 3).toString('base64url'),
    pepper: derive('password pepper', 48),
    pending: derive('pending token'),
    seal: derive('seal'),
    code: derive('one-time code'),
    refresh: derive('refresh token'),
    trusted: derive('trusted device'),
    source: derive('source of a request'),
    webhook: derive('webhook'),
    captcha: derive('captcha'),
    device: derive('device'),
    once: derive('idempotency'),
    asset: derive('asset'),
    link: derive('mailed link')
  }
}
