import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { keys } from '../../dist/src/platform/redis/keys.js'
import { hashToken } from '../../dist/src/platform/ids.js'
import { newPasskeyChallenge } from '../../dist/src/records/passkeys/passkey.js'
import { command, pipe } from './seed.js'
import { accountOf, attemptOf, deviceOf, ISSUER, keyring } from './world.js'

/** User present and verified, key synced; what counts on many devices counts nothing. */
const FLAGS_AND_COUNTER = Buffer.from([0x1d, 0, 0, 0, 0])
const PASSKEY = { counter: 0, canSync: true, isSynced: true, name: 'bench', transports: '', lastUsedAt: 0 }
// One for all: what it takes to check an assertion is alike.
const { publicKey: anybodys, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const sha256 = (data) => createHash('sha256').update(data).digest()
const hex = (text) => Buffer.from(text, 'hex')
const publicKey = publicKeyOf(anybodys)

/** A passkey (ES256) for each of the first accounts. Answers what makes a sign-in by each of them. */
export async function addPasskeys (redis, world, count) {
  const passkeys = Array.from({ length: count }, (_, n) => newPasskey(n))
  await pipe(redis.path, (function * () {
    for (const [n, { id }] of passkeys.entries()) {
      const { passkeys, record } = keys.account(accountOf(n))
      yield command('HSET', passkeys, id, JSON.stringify({ publicKey, ...PASSKEY, createdAt: Date.now() }))
      yield command('HSET', record, 'passkeys', 1)
    }
  })())

  /** `assertions` with what a bare check needs to know, and requests that bring them, from devices that are known. */
  return async (series) => {
    await pipe(redis.path, (function * () {
      for (let n = 0; n < count; n++) yield command('ZADD', keys.account(accountOf(n)).devices, Date.now(), hashToken(deviceOf(n)))
    })())
    const assertions = passkeys.map(({ assert }, n) => {
      const challenge = newPasskeyChallenge(keyring, `login ${attemptOf(n, series)}`)
      return { publicKey, challenge, response: assert(challenge) }
    })
    const requests = assertions.map(({ response }, n) => ({
      path: '/auth/passkeys/verify',
      method: 'POST',
      body: JSON.stringify({ response }),
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${world.pendingToken(n, series, { purpose: 'passkey', method: 'passkey' })}`,
        cookie: `device=${deviceOf(n)}`
      }
    }))
    return { assertions, requests }
  }
}

/** COSE (RFC 9053). */
function publicKeyOf (key) {
  const { x, y } = key.export({ format: 'jwk' })
  const parts = [hex('a5010203262001215820'), Buffer.from(x, 'base64url'), hex('225820'), Buffer.from(y, 'base64url')]
  return Buffer.concat(parts).toString('base64url')
}

function newPasskey (n) {
  const id = sha256(`passkey ${n}`).toString('base64url')
  const authenticatorData = Buffer.concat([sha256(new URL(ISSUER).hostname), FLAGS_AND_COUNTER])
  return {
    id,
    publicKey,
    assert: (challenge) => {
      const clientData = Buffer.from(JSON.stringify({ type: 'webauthn.get', challenge, origin: ISSUER, crossOrigin: false }))
      const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientData)]), privateKey)
      const response = { clientDataJSON: clientData, authenticatorData, signature, userHandle: Buffer.from(accountOf(n)) }
      const texts = Object.fromEntries(Object.entries(response).map(([name, bytes]) => [name, bytes.toString('base64url')]))
      return { id, rawId: id, type: 'public-key', response: texts, clientExtensionResults: {} }
    }
  }
}
