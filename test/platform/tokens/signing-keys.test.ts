import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { addSigningKey, newSigningKeys, readSigningKeys } from '../../../src/platform/tokens/signing-keys.ts'
import { json } from '../../support/shapes.ts'

type Jwk = Record<string, unknown>
const jwkOf = (set: string): Jwk => ({ ...json<{ keys: Jwk[] }>(set).keys[0] })
const [ed, ec] = [jwkOf(newSigningKeys('ed')), jwkOf(newSigningKeys('ec', 'ES256'))]
const set = (...keys: unknown[]): string => JSON.stringify({ keys })

t.test('a set may hold keys of both algorithms, in any order, and publishes no private part', async (t) => {
  for (const keys of [[ed, ec], [ec, ed]]) {
    t.match(readSigningKeys(set(...keys)), keys.map(({ kid, alg }) => ({ kid, alg, publicJwk: { kid, alg, use: 'sig', d: undefined } })))
  }
  const [one, other] = readSigningKeys(set(ed, ec))
  t.strictSame(Object.keys(one?.publicJwk ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  t.strictSame(Object.keys(other?.publicJwk ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  const { alg: _alg, use: _use, ...bare } = ec
  t.match(readSigningKeys(set(bare)), [{ alg: 'ES256' }], 'the kind of key tells the algorithm')
  t.match(readSigningKeys(addSigningKey(set(ed), 'next', 'ES256')), [{ kid: 'ed', alg: 'EdDSA' }, { kid: 'next', alg: 'ES256' }])
})

t.test('a key that cannot be used is refused by its number, with what is wanted, and never quoted', async (t) => {
  const foreign = (type: 'rsa' | 'secp256k1' | 'P-384'): Jwk => ({
    ...(type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: type })
    ).privateKey.export({ format: 'jwk' }),
    kid: 'a'
  })
  const otherEd = jwkOf(newSigningKeys('other'))
  const otherEc = jwkOf(newSigningKeys('other', 'ES256'))
  for (const [name, key, wanted] of [
    ['RSA', foreign('rsa'), /must be a private Ed25519 key .* or P-256 key/],
    ['P-384', foreign('P-384'), /P-256/],
    ['secp256k1', foreign('secp256k1'), /P-256/],
    ['public only', { ...ec, d: undefined }, /with d/],
    ['public only', { ...ed, d: undefined }, /with d/],
    ['a secret', { kty: 'oct', k: 'c2VjcmV0', kid: 'a' }, /Ed25519/],
    ['null', null, /Ed25519/],
    ['text', 'key', /Ed25519/],
    ['no kid', { ...ec, kid: undefined }, /needs a kid/],
    ['kid with a blank', { ...ed, kid: 'a b' }, /needs a kid/],
    ['another alg', { ...ec, alg: 'EdDSA' }, /is for ES256/],
    ['another alg', { ...ed, alg: 'ES256' }, /is for EdDSA/],
    ['an alg of its curve that we do not use', { ...ec, alg: 'ECDH-ES' }, /is for ES256/],
    ['x of another key', { ...ed, x: otherEd['x'] }, /damaged/],
    ['x and y of another key', { ...ec, x: otherEc['x'], y: otherEc['y'] }, /damaged/],
    ['no y', { ...ec, y: undefined }, /damaged/],
    ['a point beside the curve', { ...ec, y: ec['x'] }, /damaged/],
    ['d too short', { ...ed, d: 'AAAA' }, /damaged/],
    ['d zero', { ...ec, d: 'A'.repeat(43) }, /damaged/]
  ] as const) {
    const refused = (): unknown => readSigningKeys(set(jwkOf(newSigningKeys('fine')), key))
    t.throws(refused, { message: wanted }, name)
    t.throws(refused, { message: /^Key 2 of SIGNING_KEYS / }, name)
    const message = (() => {
      try {
        refused()
      } catch (error) {
        return String(error)
      }
      return ''
    })()
    for (const part of ['d', 'x', 'k']) {
      const value: unknown = typeof key === 'object' && key !== null ? Reflect.get(key, part) : undefined
      if (typeof value === 'string') t.notOk(message.includes(value), `${name}: ${part} is not told`)
    }
  }
  t.throws(() => readSigningKeys(set(ed, { ...ec, kid: 'ed' })), { message: /share a kid/ }, 'not even with two algorithms')
  for (const text of ['', '[]', 'null', '{}', '{ "keys": {} }', '{ "keys": [] }']) {
    t.throws(() => readSigningKeys(text), { message: /JWK Set/ }, text)
  }
})
