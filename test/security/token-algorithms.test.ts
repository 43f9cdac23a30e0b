import { createHmac, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto'
import t, { type Test } from 'tap'
import { newSigningKeys, type SigningAlgorithm } from '../../src/platform/tokens/signing-keys.ts'
import { logIn, signUp, startApp, type TestApp } from '../support/app.ts'
import { decode } from '../support/browser.ts'
import { json, portOf, shaped } from '../support/shapes.ts'
import {
  fastJwtVerifier,
  joseVerifier,
  jsonwebtokenVerifier,
  pythonVerifier,
  pythonWithJwt,
  type Service,
  type Verifier
} from '../support/verifiers.ts'

interface Jwk extends JsonWebKey { kid: string, alg: SigningAlgorithm }
interface Library { knows: SigningAlgorithm[], verifier: (service: Service) => Verifier, skip?: string | false }

const libraries: Record<string, Library> = {
  jose: { knows: ['EdDSA', 'ES256'], verifier: joseVerifier },
  'fast-jwt': { knows: ['EdDSA', 'ES256'], verifier: fastJwtVerifier },
  'jsonwebtoken with jwks-rsa': { knows: ['ES256'], verifier: jsonwebtokenVerifier },
  PyJWT: {
    knows: ['EdDSA', 'ES256'],
    verifier: pythonVerifier,
    skip: pythonWithJwt === undefined && 'no python3 here can import jwt (Debian: python3-jwt)'
  }
}

const newKey = (kid: string, alg: SigningAlgorithm): Jwk => {
  const [key] = json<{ keys: Jwk[] }>(newSigningKeys(kid, alg)).keys
  if (!key) throw new Error('no key')
  return key
}
const setOf = (...keys: Jwk[]): string => JSON.stringify({ keys })
const privateOf = (jwk: Jwk): KeyObject => createPrivateKey({ key: jwk, format: 'jwk' })
const pemOf = (jwk: Jwk): string => createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ format: 'pem', type: 'spki' }).toString()
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token with any header, signed with this key in its own way. */
function forge (jwk: Jwk, header: unknown, claims: unknown, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): string {
  const text = `${part(header)}.${part(claims)}`
  const signature =
    jwk.alg === 'EdDSA'
      ? sign(null, Buffer.from(text), privateOf(jwk))
      : sign('sha256', Buffer.from(text), { key: privateOf(jwk), dsaEncoding })
  return `${text}.${signature.toString('base64url')}`
}

/** The server on a port of its own, as other services reach it. */
async function listen (server: TestApp): Promise<Service> {
  if (!server.fastify.server.listening) await server.fastify.listen({ host: '127.0.0.1', port: 0 })
  const port = portOf(server.fastify.server)
  const { issuer, audience } = server.inside.config
  return { jwksUrl: `http://127.0.0.1:${port}/.well-known/jwks.json`, issuer, audience }
}

async function refusal (server: TestApp, token: string): Promise<[number, unknown]> {
  const { status, body } = await server.browser().get('/auth/me', { token })
  return [status, body['code']]
}

/** Runs `check` for each library of another service. */
async function forEachLibrary (t: Test, check: (t: Test, library: Library) => Promise<void>): Promise<void> {
  for (const [name, library] of Object.entries(libraries)) {
    await t.test(name, { skip: library.skip ?? false }, async (t) => {
      await check(t, library)
    })
  }
}

t.test('other services verify access tokens of either algorithm, through a change of keys', async (t) => {
  const [first, next] = [newKey('first', 'EdDSA'), newKey('next', 'ES256')]
  const before = await startApp(t, { signingKeys: setOf(first) })
  const { who, token: oldToken } = await signUp(before)
  const shared = { redis: before.redis, smtp: before.smtp }
  const appended = await startApp(t, { ...shared, signingKeys: setOf(first, next) })
  const { token: stillOld } = await logIn(appended, who)
  const moved = await startApp(t, { ...shared, signingKeys: setOf(next, first) })
  const { token: newToken } = await logIn(moved, who)
  const removed = await startApp(t, { ...shared, signingKeys: setOf(next) })

  const algorithmsOf = (...tokens: string[]): unknown[] => tokens.map((token) => decode(token).header)
  t.match(
    algorithmsOf(oldToken, stillOld, newToken),
    [
      { alg: 'EdDSA', kid: 'first' },
      { alg: 'EdDSA', kid: 'first' },
      { alg: 'ES256', kid: 'next' }
    ],
    'the first key signs'
  )
  for (const server of [before, appended, moved]) t.strictSame(await refusal(server, oldToken), [200, undefined])
  for (const server of [appended, moved, removed]) {
    t.strictSame(await refusal(server, newToken), [200, undefined], 'a server that has the key verifies before it signs')
  }
  t.strictSame(await refusal(removed, oldToken), [401, 'TOKEN_INVALID'], 'a removed key verifies nothing')
  t.strictSame(await refusal(before, newToken), [401, 'TOKEN_INVALID'], 'a server without the key does not know its tokens')

  await forEachLibrary(t, async (t, { knows, verifier }) => {
    for (const [name, server, tokens] of [
      ['before', before, { [oldToken]: true, [newToken]: false }], ['appended', appended, { [stillOld]: true, [newToken]: true }],
      ['moved to the front', moved, { [oldToken]: true, [newToken]: true }], ['removed', removed, { [oldToken]: false, [newToken]: true }]
    ] as const) {
      const verify = verifier(await listen(server))
      for (const [token, isPublished] of Object.entries(tokens)) {
        const { header, claims } = decode(token)
        const about = `${name}: ${String(header['kid'])}`
        if (isPublished && knows.some((alg) => alg === header['alg'])) {
          t.match(await verify(token), { sub: claims['sub'], sid: claims['sid'], '2fa': true }, about)
        } else await t.rejects(verify(token), about)
      }
    }
  })
})

t.test('published keys say what they are for, and hold no private part', async (t) => {
  const server = await startApp(t, { signingKeys: setOf(newKey('one', 'ES256'), newKey('two', 'EdDSA')) })
  const { keys } = shaped<{ keys: Jwk[] }>(await (await fetch((await listen(server)).jwksUrl)).json())
  t.match(keys, [
    { kid: 'one', kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' },
    { kid: 'two', kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' }
  ])
  t.strictSame(
    keys.map((key) => Object.keys(key).sort()),
    [
      ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      ['alg', 'crv', 'kid', 'kty', 'use', 'x']
    ]
  )
})

t.test('a key verifies only its own algorithm: confused and unsigned tokens are 401, here and elsewhere', async (t) => {
  const [ec, ed] = [newKey('ec', 'ES256'), newKey('ed', 'EdDSA')]
  const server = await startApp(t, { signingKeys: setOf(ec, ed) })
  const service = await listen(server)
  const { token } = await signUp(server)
  const { header, claims } = decode(token)
  t.match(header, { alg: 'ES256', kid: 'ec', typ: 'at+jwt' })
  const hmac = (secret: string | Buffer, alg: 'HS256' | 'HS512', kid: string): string => {
    const text = `${part({ ...header, alg, kid })}.${part(claims)}`
    return `${text}.${createHmac(alg === 'HS256' ? 'sha256' : 'sha512', secret).update(text).digest('base64url')}`
  }
  const head = `${part(header)}.${part(claims)}`
  const good = {
    'our own claims under ES256': forge(ec, header, claims),
    'our own claims under EdDSA': forge(ed, { ...header, alg: 'EdDSA', kid: 'ed' }, claims)
  }
  const forged: Record<string, string> = {
    'EdDSA under the kid of the P-256 key, signed with our Ed25519 key': forge(ed, { ...header, alg: 'EdDSA' }, claims),
    'ES256 under the kid of the Ed25519 key, signed with our P-256 key': forge(ec, { ...header, kid: 'ed' }, claims),
    'EdDSA under the kid of the P-256 key, signed with that': forge(ec, { ...header, alg: 'EdDSA' }, claims),
    'ES256 under the kid of the Ed25519 key, signed with that': forge(ed, { ...header, kid: 'ed' }, claims),
    "a stranger's P-256 key": forge(newKey('ec', 'ES256'), header, claims),
    "a stranger's Ed25519 key under our kid": forge(newKey('ec', 'EdDSA'), { ...header, alg: 'EdDSA' }, claims),
    'none, without a signature': `${part({ ...header, alg: 'none' })}.${part(claims)}.`,
    'none, with the signature of another token': `${part({ ...header, alg: 'none' })}.${part(claims)}.${token.split('.')[2]}`,
    'None in another case': `${part({ ...header, alg: 'nOnE' })}.${part(claims)}.`,
    'r and s zero': `${head}.${Buffer.alloc(64).toString('base64url')}`,
    'an empty signature': `${head}.`,
    'a DER signature': forge(ec, header, claims, 'der'),
    ...Object.fromEntries(
      [ec, ed].flatMap((key): Array<[string, string]> => [
        [`HS256 with the PEM of ${key.kid} as secret`, hmac(pemOf(key), 'HS256', key.kid)],
        [`HS512 with the PEM of ${key.kid} as secret`, hmac(pemOf(key), 'HS512', key.kid)],
        [`HS256 with x of ${key.kid} as secret`, hmac(Buffer.from(key.x ?? '', 'base64url'), 'HS256', key.kid)],
        [`HS256 with nothing as secret, ${key.kid}`, hmac('', 'HS256', key.kid)]
      ])
    ),
    ...Object.fromEntries(
      ['ES384', 'ES512', 'ES256K', 'RS256', 'PS256', 'Ed25519', 'es256'].map((alg) => [
        `${alg} in the header of an ES256 token`,
        forge(ec, { ...header, alg }, claims)
      ])
    )
  }
  for (const [name, one] of Object.entries(good)) {
    t.strictSame(await refusal(server, one), [200, undefined], `${name} are a token: the others fail for what they change`)
  }
  for (const [name, one] of Object.entries(forged)) t.strictSame(await refusal(server, one), [401, 'TOKEN_INVALID'], name)
  t.notOk(
    server.logs.some((line) => line.includes('"level":50') || line.includes('"level":"error"')),
    'none of them is an error of the server'
  )

  await forEachLibrary(t, async (t, { verifier }) => {
    const verify = verifier(service)
    t.match(await verify(token), { sub: claims['sub'] })
    await Promise.all(
      Object.entries(forged)
        .filter(([name]) => isForOthers(name))
        .map(async ([name, one]) => {
          await t.rejects(verify(one), name)
        })
    )
  })
})

/** What each library is asked, too: a process of Python for each of all would take a minute. */
const isForOthers = (name: string): boolean => /under the kid of|^none, without|^HS256 with the PEM/.test(name)
