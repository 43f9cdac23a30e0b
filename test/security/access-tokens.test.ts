import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify
} from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { newSigningKeys } from '../../src/platform/tokens/signing-keys.ts'
import { logIn, signUp, startApp, type TestApp } from '../support/app.ts'
import { decode } from '../support/browser.ts'
import { json, portOf, shaped } from '../support/shapes.ts'

type Json = Record<string, unknown>
interface Key { kid: string, key: KeyObject, jwk: JsonWebKey }

const seconds = (): number => Math.floor(Date.now() / 1000)
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function keysOf (set: string): Key[] {
  const { keys } = json<{ keys: Array<JsonWebKey & { kid: string }> }>(set)
  return keys.map((jwk) => ({ kid: jwk.kid, key: createPrivateKey({ key: jwk, format: 'jwk' }), jwk }))
}

function forge (key: KeyObject, header: unknown, claims: unknown): string {
  const text = `${part(header)}.${part(claims)}`
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

const without = (claims: Json, name: string): Json => Object.fromEntries(Object.entries(claims).filter(([one]) => one !== name))

async function tell (server: TestApp, token: string): Promise<[number, unknown]> {
  const answer = await server.browser().get('/auth/me', { token })
  return [answer.status, answer.body['code']]
}

t.test('an access token counts only as this server makes it, to the letter', async (t) => {
  const signingKeys = newSigningKeys('test')
  const [ours] = keysOf(signingKeys)
  if (!ours) throw new Error('no key')
  const server = await startApp(t, { signingKeys })
  const { token } = await signUp(server)
  const { header, claims } = decode(token)
  const now = seconds()

  t.strictSame(
    await tell(server, forge(ours.key, header, claims)),
    [200, undefined],
    'our own claims under our key are a token: the forgeries below fail for what they change'
  )
  t.strictSame(
    await tell(server, forge(ours.key, header, { ...claims, exp: now - 2 })),
    [200, undefined],
    'clocks may differ by five seconds'
  )

  for (const name of ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'amr', '2fa']) {
    t.strictSame(await tell(server, forge(ours.key, header, without(claims, name))), [401, 'TOKEN_INVALID'], `no ${name}`)
  }
  const changed: Array<[string, Json, string?]> = [
    ['expired beyond the leeway', { exp: now - 7 }, 'TOKEN_EXPIRED'],
    ['not yet valid', { nbf: now + 60 }],
    ['issued in the future', { iat: now + 60 }],
    ['exp as text', { exp: String(now + 600) }],
    ['exp null', { exp: null }],
    ['iat as text', { iat: String(now) }],
    ['another issuer', { iss: 'https://id.example.com' }],
    ['a list of issuers', { iss: [claims['iss'], 'https://id.example.com'] }],
    ['another audience', { aud: 'https://id.example.com' }],
    ['a list with our audience', { aud: [claims['aud']] }],
    ['our pending audience', { aud: `${String(claims['iss'])}/pending` }],
    ['sub as a list', { sub: [claims['sub']] }],
    ['sid as an object', { sid: { toString: claims['sid'] } }],
    ['jti as a number', { jti: 1 }],
    ['another session', { sid: 'A'.repeat(22) }, 'SESSION_ENDED'],
    ['another account', { sub: 'A'.repeat(22) }, 'SESSION_ENDED'],
    ['a session id that would reach another key', { sid: `${String(claims['sid'])}\n` }, 'SESSION_ENDED']
  ]
  for (const [name, change, code = 'TOKEN_INVALID'] of changed) {
    t.strictSame(await tell(server, forge(ours.key, header, { ...claims, ...change })), [401, code], name)
  }
  for (const payload of [[claims], 'claims', null, 1]) {
    t.strictSame(
      await tell(server, forge(ours.key, header, payload)),
      [401, 'TOKEN_INVALID'],
      `payload ${JSON.stringify(payload).slice(0, 8)}`
    )
  }
  for (const value of [false, 'true', 1]) {
    t.strictSame(
      await tell(server, forge(ours.key, header, { ...claims, '2fa': value })),
      [403, 'SECOND_FACTOR_REQUIRED'],
      `2fa: ${JSON.stringify(value)}`
    )
  }
})

t.test('a header cannot choose its own key, and no byte of a signature is spared', async (t) => {
  const signingKeys = newSigningKeys('test')
  const [ours] = keysOf(signingKeys)
  if (!ours) throw new Error('no key')
  const server = await startApp(t, { signingKeys })
  const { token } = await signUp(server)
  const { header, claims } = decode(token)
  let visits = 0
  const web = createServer((_request, response) => {
    visits++
    response.end(JSON.stringify({ keys: [{ ...stranger.publicKey.export({ format: 'jwk' }), kid: 'evil' }] }))
  }).listen(0, '127.0.0.1')
  t.teardown(() => web.close())
  const stranger = generateKeyPairSync('ed25519')
  await once(web, 'listening')
  const url = `http://127.0.0.1:${portOf(web)}/keys`

  const headers: Array<[string, Json]> = [
    ['kid is a path', { kid: '../../../../dev/null' }],
    ['kid is a Redis key', { kid: '{dvokrok}:address-key' }],
    ['kid is __proto__', { kid: '__proto__' }],
    ['kid is constructor', { kid: 'constructor' }],
    ['kid is empty', { kid: '' }],
    ['kid is a list', { kid: ['test'] }],
    [
      'kid is a key of ours for another purpose',
      {
        kid: decode(
          String(
            (await server.browser().post('/auth/register', { name: 'K', email: 'k@example.org', password: 'wooden-lantern-9-tide' })).body[
              'pendingToken'
            ]
          )
        ).header['kid']
      }
    ],
    ['jwk embedded', { jwk: stranger.publicKey.export({ format: 'jwk' }) }],
    ['jku', { jku: url, kid: 'evil' }],
    ['x5u', { x5u: url }],
    ['jku beside our kid', { jku: url }]
  ]
  for (const [name, change] of headers) {
    t.strictSame(
      await tell(server, forge(stranger.privateKey, { ...header, ...change }, claims)),
      [401, 'TOKEN_INVALID'],
      `${name}, a stranger's signature`
    )
  }
  t.equal(visits, 0, 'nobody went to fetch a key')
  for (const [name, change] of [
    ['typ JWT', { typ: 'JWT' }],
    ['typ of a pending token', { typ: 'pending+jwt' }],
    ['crit', { crit: ['exp'] }],
    ['alg none', { alg: 'none' }],
    ['alg HS256', { alg: 'HS256' }],
    ['alg ES256', { alg: 'ES256' }],
    ['alg a list', { alg: ['EdDSA'] }],
    ['no typ', { typ: undefined }],
    ['no kid', { kid: undefined }]
  ] as const) {
    t.strictSame(await tell(server, forge(ours.key, { ...header, ...change }, claims)), [401, 'TOKEN_INVALID'], `our key, ${name}`)
  }

  const [head = '', body = '', signature = ''] = token.split('.')
  const publicKey = createPublicKey(ours.key)
  for (const secret of [publicKey.export({ format: 'pem', type: 'spki' }).toString(), String(ours.jwk.x), '']) {
    const text = `${part({ ...header, alg: 'HS256' })}.${body}`
    t.strictSame(
      await tell(server, `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`),
      [401, 'TOKEN_INVALID'],
      'our public key is no HMAC secret'
    )
  }
  const bytes = Buffer.from(signature, 'base64url')
  bytes[0] = (bytes[0] ?? 0) ^ 1
  const raised = part({ ...claims, '2fa': true, sub: 'B'.repeat(22) })
  for (const [name, broken] of [
    ['a flipped bit', `${head}.${body}.${bytes.toString('base64url')}`],
    ['no signature', `${head}.${body}.`],
    ['two parts', `${head}.${body}`],
    ['other claims under our signature', `${head}.${raised}.${signature}`],
    ['unsigned', `${part({ ...header, alg: 'none' })}.${body}.`],
    ['a fourth part', `${token}.x`],
    ['padding', `${token}==`],
    ['dots', '...'],
    ['one letter', 'x'],
    ['100 kB', 'x'.repeat(100_000)]
  ] as const) { t.strictSame(await tell(server, broken), [401, 'TOKEN_INVALID'], name) }
  t.strictSame(await tell(server, token), [200, undefined])
})

t.test('each kind of token opens only its own doors', async (t) => {
  const server = await startApp(t)
  const { who, token, browser } = await signUp(server)
  const login = server.browser()
  const pending = String((await login.post('/auth/login', { email: who.email, password: who.password })).body['pendingToken'])
  t.equal(login.cookies.has('refresh'), false)
  t.strictSame(await tell(server, pending), [403, 'SECOND_FACTOR_REQUIRED'], 'a pending token where both steps are needed')
  const clean = server.browser()
  t.match(
    (await clean.post('/auth/verify-otp', { otp: '123456' }, { token })).body,
    { code: 'TOKEN_INVALID' },
    'an access token is no pending token'
  )
  t.match((await clean.post('/auth/2fa/resend', {}, { token })).body, { code: 'TOKEN_INVALID' })
  t.match((await clean.post('/auth/refresh', undefined, { token })).body, { code: 'TOKEN_MISSING' }, 'an access token refreshes nothing')
  t.match((await clean.post('/auth/refresh', undefined, { headers: { cookie: `refresh=${pending}` } })).body, {
    code: 'REFRESH_TOKEN_INVALID'
  })
  t.match(
    (await clean.get('/auth/me', { token: browser.cookies.get('refresh') })).body,
    { code: 'TOKEN_INVALID' },
    'a refresh token is no access token'
  )
  t.match((await clean.get('/auth/2fa', { headers: { cookie: `pending=${browser.cookies.get('refresh')}` } })).body, {
    code: 'TOKEN_INVALID'
  })
  t.equal((await clean.post('/auth/logout', undefined, { token: pending })).status, 204)
  t.strictSame(await tell(server, token), [200, undefined], 'a pending token ends nobody’s session')
})

t.test('an ended session is refused on its very next request, on every node', async (t) => {
  const signingKeys = newSigningKeys('test')
  const one = await startApp(t, { signingKeys })
  const other = await startApp(t, { signingKeys, redis: one.redis, smtp: one.smtp })
  const { who, browser, token, id } = await signUp(one)
  t.strictSame(await tell(other, token), [200, undefined], 'the other node knows the session, and remembers the signature')
  t.equal((await browser.post('/auth/logout', undefined, { token })).status, 204)
  t.strictSame(await tell(other, token), [401, 'SESSION_ENDED'], 'after logout')

  const [first, second] = [await logIn(one, who), await logIn(one, who)]
  t.equal((await first.browser.post('/auth/logout-all', undefined, { token: first.token })).status, 204)
  for (const { token } of [first, second]) t.strictSame(await tell(other, token), [401, 'SESSION_ENDED'], 'after logout-all')
  t.match((await second.browser.post('/auth/refresh')).body, { code: 'SESSION_ENDED' })

  const third = await logIn(one, who)
  const account = keys.account(id).record
  await one.redis.client.hset(account, 'status', 'disabled')
  t.strictSame(await tell(other, third.token), [401, 'SESSION_ENDED'], 'after the account was disabled')
  await one.redis.client.hset(account, 'status', 'active', 'role', 'admin')
  t.match(
    (await third.browser.get('/auth/me', { token: third.token })).body,
    { user: { role: 'admin' } },
    'role and status are read, not believed'
  )
  await one.redis.client.del(account)
  t.strictSame(await tell(other, third.token), [401, 'SESSION_ENDED'], 'after the account was deleted')
})

t.test('an expired token is refused though its signature was seen before', async (t) => {
  const server = await startApp(t)
  const { token } = await signUp(server)
  t.strictSame(await tell(server, token), [200, undefined])
  const late = Date.now() + 16 * 60_000
  t.intercept(Date, 'now', { value: () => late, configurable: true })
  t.strictSame(await tell(server, token), [401, 'TOKEN_EXPIRED'])
})

t.test('signing keys rotate: the first signs, all verify, a removed one does not', async (t) => {
  const [oldSet, newSet] = [newSigningKeys('old'), newSigningKeys('new')]
  const both = JSON.stringify({ keys: [newSet, oldSet].flatMap((set) => json<{ keys: object[] }>(set).keys) })
  const before = await startApp(t, { signingKeys: oldSet })
  const { who, token } = await signUp(before)
  t.equal(decode(token).header['kid'], 'old')

  const during = await startApp(t, { signingKeys: both, redis: before.redis, smtp: before.smtp })
  t.strictSame(await tell(during, token), [200, undefined], 'a token of the old key is valid until it expires')
  const fresh = await logIn(during, who)
  t.equal(decode(fresh.token).header['kid'], 'new')
  const after = await startApp(t, { signingKeys: newSet, redis: before.redis, smtp: before.smtp })
  t.strictSame(await tell(after, token), [401, 'TOKEN_INVALID'])
  t.strictSame(await tell(after, fresh.token), [200, undefined])
})

t.test('other services verify tokens offline by the published keys, and learn nothing personal', async (t) => {
  const server = await startApp(t)
  const { who, token } = await signUp(server)
  const jwks = await server.browser().get('/.well-known/jwks.json')
  t.match(jwks.headers, { 'cache-control': /\bmax-age=300\b/ })
  const [jwk] = shaped<Array<JsonWebKey>>(jwks.body['keys'])
  t.strictSame(Object.keys(jwk ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x'], 'no private part')
  const [head, body, signature = ''] = token.split('.')
  const key = createPublicKey({ key: jwk ?? {}, format: 'jwk' })
  t.ok(verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url')))
  const { claims } = decode(token)
  t.strictSame(Object.keys(claims).sort(), ['2fa', 'amr', 'aud', 'auth_time', 'client_id', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub'])
  for (const personal of [who.email, who.name]) t.notOk(JSON.stringify(claims).includes(personal), 'no personal data')
})
