import { randomBytes } from 'node:crypto'
import t from 'tap'
import { parseRpId } from '../../src/platform/config/passkeys.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { signUp, startApp, type TestApp } from '../support/app.ts'
import { signUpWithTotp } from '../support/authenticator.ts'
import { type Answer, type Browser, decode } from '../support/browser.ts'
import { mailsSettled } from '../support/observe.ts'
import { addPasskey, type Algorithm, type Assertion, optionsOf, signInByPasskey, SoftKey, type Twist } from '../support/passkeys.ts'
import { shaped } from '../support/shapes.ts'

const SIBLING = 'http://localhost:3001'
const shared = await startApp(t, { env: { CORS_ORIGINS: `${SIBLING},https://elsewhere.example` } })
const { client: redis } = shared.redis

async function withPasskey ({ key = new SoftKey(), server = shared }: { key?: SoftKey, server?: TestApp } = {}) {
  const signedUp = await signUp(server)
  await addPasskey(signedUp.browser, key)
  return { ...signedUp, key }
}

const refused = ({ status, body }: Answer): unknown => [status, body['code']]
const INVALID = [400, 'PASSKEY_INVALID']
const amrOf = ({ body }: Answer): unknown => decode(String(body['accessToken'])).claims['amr']
const events = async (id: string): Promise<string[]> =>
  (await shared.inside.records.activity.listFor(id)).items.map(({ event, result, factor }) => `${event} ${result} ${String(factor)}`)
const mailsTo = async (email: string, about: RegExp, server = shared): Promise<number> => {
  await mailsSettled(server)
  return server.smtp.mails.filter(({ to, subject }) => to === email && about.test(subject)).length
}
const askSecondStep = async (browser: Browser, { email, password }: { email: string, password: string }) => {
  const login = await browser.post('/auth/login', { email, password })
  const options = optionsOf(await browser.post('/auth/2fa/passkey/options', {}))
  return { login, options }
}

t.test('a passkey alone signs in, with every algorithm that is offered', async (t) => {
  for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as Algorithm[]) {
    const { key, id, who } = await withPasskey({ key: new SoftKey({ algorithm }) })
    const browser = shared.browser()
    const answer = await signInByPasskey(browser, key)
    t.match([answer.status, answer.body], [200, { success: true, tokenType: 'Bearer', user: { id } }], algorithm)
    t.match(decode(String(answer.body['accessToken'])).claims, { amr: ['pop', 'mfa'], '2fa': true })
    t.equal((await browser.get('/auth/me', { token: browser.token })).status, 200)
    t.equal((await browser.post('/auth/refresh')).status, 200)
    t.equal((await events(id))[0], 'login ok passkey')
    t.equal(await mailsTo(who.email, /passkey was added/), 1)
    t.equal(await mailsTo(who.email, /sign-in from a new/i), 1, 'the browser is new')
  }
})

t.test('options are what browsers take, and alike for everybody', async (t) => {
  const browser = shared.browser()
  const answer = await browser.post('/auth/passkeys/options')
  const options = optionsOf(answer)
  t.match(options, { rpId: 'localhost', userVerification: 'required' })
  t.notOk('allowCredentials' in options)
  t.ok(browser.cookies.has('pending'))
  t.match(decode(String(answer.body['pendingToken'])).claims, { purpose: 'passkey', '2fa': false })

  const { browser: mine, id, token } = await withPasskey()
  const creation = shaped<Record<string, unknown>>(optionsOf(await mine.post('/users/me/passkeys/options', {}, { token })))
  t.match(creation, { rp: { id: 'localhost', name: 'Dvokrok' }, user: { id: Buffer.from(id).toString('base64url') }, attestation: 'none' })
  t.match(creation['pubKeyCredParams'], [{ alg: -8 }, { alg: -7 }, { alg: -257 }])
  t.equal(shaped<unknown[]>(creation['excludeCredentials']).length, 1)
  t.match((await browser.get('/.well-known/webauthn')).body, { origins: ['http://localhost:3000', SIBLING] })
})

t.test('an assertion opens one session, however often and at once it is sent', async (t) => {
  const { key, id } = await withPasskey()
  const browser = shared.browser()
  const response = key.get(optionsOf(await browser.post('/auth/passkeys/options', {})))
  const pending = browser.cookies.get('pending')
  const before = await redis.zcard(keys.account(id).sessions)
  const answers = await Promise.all(Array.from({ length: 50 }, async () =>
    await shared.browser().post('/auth/passkeys/verify', { response }, { token: pending })))
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.strictSame([...new Set(answers.filter(({ status }) => status !== 200).map((answer) => String(refused(answer))))], [String(INVALID)])
  t.equal(await redis.zcard(keys.account(id).sessions), before + 1)
})

t.test('a challenge works once, even for the keys of two accounts', async (t) => {
  const [one, other] = [await withPasskey(), await withPasskey()]
  const browser = shared.browser()
  const asked = await browser.post('/auth/passkeys/options', {})
  const token = String(asked.body['pendingToken'])
  const verify = async (key: SoftKey) =>
    await shared.browser().post('/auth/passkeys/verify', { response: key.get(optionsOf(asked)) }, { token })
  t.equal((await verify(one.key)).status, 200)
  t.strictSame(refused(await verify(other.key)), INVALID)
  t.strictSame(refused(await verify(one.key)), INVALID)
})

t.test('a challenge is worth nothing in another browser, for another purpose, or late', async (t) => {
  const { key, browser: mine, token, who } = await withPasskey()
  const [one, other] = [shared.browser(), shared.browser()]
  const response = key.get(optionsOf(await one.post('/auth/passkeys/options', {})))
  await other.post('/auth/passkeys/options', {})
  t.strictSame(refused(await other.post('/auth/passkeys/verify', { response })), INVALID, 'signed for another browser')
  t.strictSame(refused(await shared.browser().post('/auth/passkeys/verify', { response })), [401, 'TOKEN_MISSING'])
  const proof = await mine.post('/auth/reauthenticate/passkey', { response }, { token })
  t.strictSame(refused(proof), INVALID, 'a sign-in is no reauthentication')

  const { options } = await askSecondStep(one, who)
  t.strictSame(refused(await one.post('/auth/passkeys/verify', { response: key.get(options) })), [401, 'CHALLENGE_INVALID'])
  const signIn = await other.post('/auth/passkeys/options', {})
  const crossed = await other.post('/auth/verify-otp', { method: 'passkey', passkey: key.get(optionsOf(signIn)) })
  t.strictSame(refused(crossed), [401, 'CHALLENGE_INVALID'])
  t.strictSame(refused(await other.post('/auth/2fa/passkey/options', {})), [401, 'CHALLENGE_INVALID'])
  t.strictSame(refused(await other.get('/auth/2fa')), [401, 'CHALLENGE_INVALID'])
  t.strictSame(refused(await other.post('/auth/2fa/resend')), [401, 'CHALLENGE_INVALID'])
  t.equal((await one.post('/auth/verify-otp', { method: 'passkey', passkey: key.get(options) })).status, 200, 'the right use still works')
})

const flip = (bytes: Buffer, at = -1): Buffer => {
  const changed = Buffer.from(bytes)
  const place = at < 0 ? changed.length + at : at
  changed[place] = (changed[place] ?? 0) ^ 1
  return changed
}
const patch = (path: string, value: unknown) => (good: Assertion): unknown => {
  const [outer = '', inner] = path.split('.')
  if (inner === undefined) return { ...good, [outer]: value }
  return { ...good, [outer]: { ...good.response, [inner]: value } }
}
const without = (path: string) => (good: Assertion): unknown => shaped<unknown>(JSON.parse(JSON.stringify(patch(path, undefined)(good))))

/** What an attacker, or a broken browser, may send instead. */
const RESHAPED: Record<string, (good: Assertion) => unknown> = {
  null: () => null,
  'a text': () => 'passkey',
  'a number': () => 7,
  'a list': () => [],
  'an empty object': () => ({}),
  'no id': without('id'),
  'no rawId': without('rawId'),
  'no type': without('type'),
  'no response': without('response'),
  'no client data': without('response.clientDataJSON'),
  'no authenticator data': without('response.authenticatorData'),
  'no signature': without('response.signature'),
  'a response that is a text': patch('response', 'x'),
  'a response that is null': patch('response', null),
  'id a number': patch('id', 5),
  'id empty': patch('id', ''),
  'id too long': patch('id', 'A'.repeat(3000)),
  'id of another': patch('id', randomBytes(32).toString('base64url')),
  'id that is no base64url': patch('id', '!!!'),
  'id a prototype': patch('id', '__proto__'),
  'rawId of another': patch('rawId', 'AAAA'),
  'another type': patch('type', 'password'),
  'client data a number': patch('response.clientDataJSON', 1),
  'client data empty': patch('response.clientDataJSON', ''),
  'client data no JSON': patch('response.clientDataJSON', Buffer.from('{').toString('base64url')),
  'client data null': patch('response.clientDataJSON', Buffer.from('null').toString('base64url')),
  'client data a list': patch('response.clientDataJSON', Buffer.from('[]').toString('base64url')),
  'client data without fields': patch('response.clientDataJSON', Buffer.from('{}').toString('base64url')),
  'client data of binary': patch('response.clientDataJSON', randomBytes(60).toString('base64url')),
  'authenticator data empty': patch('response.authenticatorData', ''),
  'authenticator data too short': patch('response.authenticatorData', randomBytes(36).toString('base64url')),
  'authenticator data of noise': patch('response.authenticatorData', randomBytes(37).toString('base64url')),
  'authenticator data very long': patch('response.authenticatorData', randomBytes(30_000).toString('base64url')),
  'authenticator data no base64url': patch('response.authenticatorData', 'ä'),
  'signature empty': patch('response.signature', ''),
  'signature of noise': patch('response.signature', randomBytes(70).toString('base64url')),
  'signature of zeros': patch('response.signature', Buffer.alloc(70).toString('base64url')),
  'signature very long': patch('response.signature', randomBytes(20_000).toString('base64url')),
  'signature an object': patch('response.signature', {}),
  'no user handle': patch('response.userHandle', null),
  'user handle empty': patch('response.userHandle', ''),
  'user handle a number': patch('response.userHandle', 1),
  'user handle of nobody': patch('response.userHandle', Buffer.from('AAAAAAAAAAAAAAAAAAAAAA').toString('base64url')),
  'user handle of a key name': patch('response.userHandle', Buffer.from('nobody').toString('base64url')),
  'user handle of a pattern': patch('response.userHandle', Buffer.from('*').toString('base64url')),
  'user handle of binary': patch('response.userHandle', randomBytes(64).toString('base64url'))
}

/** The same, rightly signed. */
const TWISTED: Record<string, Twist> = {
  'wrong origin': { origin: 'https://evil.example' },
  'origin of another port': { origin: 'http://localhost:3002' },
  'origin with a path': { origin: 'http://localhost:3000/' },
  'origin null': { origin: 'null' },
  'origin of another site in CORS_ORIGINS': { origin: 'https://elsewhere.example' },
  'wrong rpId': { rpId: 'evil.example' },
  'wrong type': { type: 'webauthn.create' },
  'type payment': { type: 'payment.get' },
  'wrong challenge': { challenge: randomBytes(44).toString('base64url') },
  'challenge empty': { challenge: '' },
  'challenge a number': { clientData: { challenge: 7 } },
  'challenge missing': { clientData: { challenge: undefined } },
  'in a frame': { clientData: { crossOrigin: true } },
  'in a frame of another': { clientData: { crossOrigin: true, topOrigin: 'https://evil.example' } },
  'a top origin': { clientData: { topOrigin: 'http://localhost:3000' } },
  'a token binding of nonsense': { clientData: { tokenBinding: 'x' } },
  'user not present': { flags: { up: false } },
  'user not verified': { flags: { uv: false } },
  'kind of key changed': { flags: { be: false, bs: false } },
  'backed up though it cannot be': { flags: { be: false, bs: true } },
  'attested data announced': { flags: { at: true } },
  'extensions announced': { flags: { ed: true } },
  'authenticator data with more': { authData: (bytes) => Buffer.concat([bytes, Buffer.from([0])]) },
  'authenticator data with less': { authData: (bytes) => bytes.subarray(0, 36) },
  'deep CBOR as extensions': { flags: { ed: true }, authData: (bytes) => Buffer.concat([bytes, Buffer.alloc(20_000, 0x81)]) },
  'a huge CBOR length': { flags: { ed: true }, authData: (bytes) => Buffer.concat([bytes, Buffer.from('bbffffffffffffffff', 'hex')]) },
  'signature changed': { signature: (bytes) => flip(bytes) },
  'signature cut': { signature: (bytes) => bytes.subarray(0, -1) },
  'signature with more': { signature: (bytes) => Buffer.concat([bytes, Buffer.alloc(1)]) },
  'signature changed at its start': { signature: (bytes) => flip(bytes, 0) }
}

t.test('whatever is wrong with an assertion has one answer, and none breaks the server', async (t) => {
  const { key, id } = await withPasskey()
  t.ok(Object.keys(RESHAPED).length + Object.keys(TWISTED).length >= 60)
  const sessions = await redis.zcard(keys.account(id).sessions)
  const shapes = new Set<string>()
  const attempt = async (name: string, make: (browser: Browser) => Promise<unknown>): Promise<void> => {
    const browser = shared.browser()
    const answer = await browser.post('/auth/passkeys/verify', { response: await make(browser) })
    t.strictSame(refused(answer), INVALID, name)
    shapes.add(JSON.stringify([{ ...answer.body, requestId: '' }, Object.keys(answer.headers).sort(), answer.headers['content-length']]))
  }
  const optionsFor = async (browser: Browser) => optionsOf(await browser.post('/auth/passkeys/options', {}))
  for (const [name, reshape] of Object.entries(RESHAPED)) {
    await attempt(name, async (browser) => reshape(key.get(await optionsFor(browser))))
  }
  for (const [name, twist] of Object.entries(TWISTED)) {
    await attempt(name, async (browser) => key.get(await optionsFor(browser), twist))
  }
  const stranger = new SoftKey()
  await attempt('a key that nobody has', async (browser) => stranger.get(await optionsFor(browser), { userHandle: id }))
  const other = await withPasskey()
  await attempt('the key of another account', async (browser) => other.key.get(await optionsFor(browser), { userHandle: id }))
  await attempt('its id under the signature of another', async (browser) =>
    ({ ...stranger.get(await optionsFor(browser), { userHandle: id }), id: key.credentialId, rawId: key.credentialId }))

  t.equal(shapes.size, 1, 'word for word')
  t.equal(await redis.zcard(keys.account(id).sessions), sessions)
  t.equal(await redis.exists(keys.account(id).failures), 0, 'nothing is counted')
  t.notOk(shared.logs.some((line) => line.includes('"level":50')))
  t.equal((await signInByPasskey(shared.browser(), key)).status, 200, 'and the right one still works')
})

t.test('whatever is wrong with a new key has the same answer', async (t) => {
  const { browser, id, token } = await signUp(shared)
  const other = await withPasskey()
  const ask = async () => optionsOf(await browser.post('/users/me/passkeys/options', {}, { token }))
  const [head, middle] = [Buffer.from('a5010203262001215820', 'hex'), Buffer.from('225820', 'hex')]
  const offCurve = Buffer.concat([head, randomBytes(32), middle, randomBytes(32)])
  const twists: Record<string, Twist> = {
    'wrong origin': { origin: 'https://evil.example' },
    'wrong rpId': { rpId: 'evil.example' },
    'wrong type': { type: 'webauthn.get' },
    'wrong challenge': { challenge: 'AAAA' },
    'in a frame': { clientData: { crossOrigin: true } },
    'user not present': { flags: { up: false } },
    'no attested data': { flags: { at: false } },
    'a statement where none belongs': { attStmt: new Map([['sig', 'x']]) },
    'an attestation with certificates': { fmt: 'packed', attStmt: new Map([['x5c', 'x']]) },
    'an attestation nobody knows': { fmt: 'mine' },
    'a key of noise': { publicKey: randomBytes(77) },
    'a key without algorithm': { publicKey: Buffer.from('a10102', 'hex') },
    'another credential id': { credentialId: randomBytes(32) },
    'more after the key': { authData: (bytes) => Buffer.concat([bytes, Buffer.alloc(3)]) },
    'a point that is not on its curve': { publicKey: offCurve },
    'less of the key': { authData: (bytes) => bytes.subarray(0, -5) }
  }
  for (const [name, twist] of Object.entries(twists)) {
    const response = new SoftKey().create(await ask(), twist)
    t.strictSame(refused(await browser.post('/users/me/passkeys', { response }, { token })), INVALID, name)
  }
  const elsewhere = optionsOf(await other.browser.post('/users/me/passkeys/options', {}, { token: other.token }))
  const foreign = new SoftKey().create(elsewhere)
  for (const response of [null, {}, 'x', [], foreign, { ...foreign, response: {} }]) {
    t.strictSame(refused(await browser.post('/users/me/passkeys', { response }, { token })), INVALID)
  }
  t.equal(await redis.exists(keys.account(id).passkeys), 0)
})

t.test('a new key is added once, and its response cannot bring it back', async (t) => {
  const { browser, token } = await signUp(shared)
  const key = new SoftKey()
  const response = key.create(optionsOf(await browser.post('/users/me/passkeys/options', {}, { token })))
  const add = async () => await browser.post('/users/me/passkeys', { response }, { token })
  const answers = await Promise.all(Array.from({ length: 20 }, add))
  t.equal(answers.filter(({ status }) => status === 201).length, 1)
  t.equal((await browser.call('DELETE', `/users/me/passkeys/${key.credentialId}`, undefined, { token })).status, 204)
  t.strictSame(refused(await browser.post('/users/me/passkeys', { response }, { token })), INVALID)
})

t.test('a page of a sibling origin may use passkeys', async (t) => {
  const { key } = await withPasskey()
  t.equal((await signInByPasskey(shared.browser(), key, { origin: SIBLING })).status, 200)
})

t.test('counters: a synced key may do what it likes, one that exists once may not go back or stand still', async (t) => {
  const synced = await withPasskey()
  for (const counter of [5, 5, 3, 0, 9]) {
    t.equal((await signInByPasskey(shared.browser(), synced.key, { counter })).status, 200, `synced at ${counter}`)
  }
  const uncounted = await withPasskey({ key: Object.assign(new SoftKey({ isSynced: false }), { counter: 0 }) })
  for (const counter of [0, 0]) {
    t.equal((await signInByPasskey(shared.browser(), uncounted.key, { counter })).status, 200, 'it does not count')
  }

  const { key, id, who } = await withPasskey({ key: new SoftKey({ isSynced: false }) })
  t.equal((await signInByPasskey(shared.browser(), key, { counter: 7 })).status, 200)
  for (const counter of [7, 6, 0]) {
    t.strictSame(refused(await signInByPasskey(shared.browser(), key, { counter })), INVALID, `alone, at ${counter}`)
  }
  t.equal((await events(id))[0], 'login cloned passkey')
  t.ok(shared.logs.some((line) => line.includes('"event":"passkey.cloned"') && line.includes(id)))
  t.equal(await mailsTo(who.email, /passkey was refused/), 1)
  t.equal((await signInByPasskey(shared.browser(), key, { counter: 8 })).status, 200, 'the right one goes on')
})

t.test('after a password a passkey is the second step, and a plain security key will do', async (t) => {
  const { key, who, id } = await withPasskey({ key: new SoftKey({ isSynced: false }) })
  const browser = shared.browser()
  const { login, options } = await askSecondStep(browser, who)
  t.match(login.body, { twoFactorRequired: true, method: 'passkey', methods: ['passkey', 'email'] })
  t.match(options, { userVerification: 'discouraged', allowCredentials: [{ id: key.credentialId, type: 'public-key' }] })
  t.match((await browser.get('/auth/2fa')).body, { method: 'passkey', methods: ['passkey', 'email'] })
  for (const twist of [{ origin: 'https://evil.example' }, { flags: { up: false } }, { signature: (bytes: Buffer) => flip(bytes) }]) {
    t.strictSame(refused(await browser.post('/auth/verify-otp', { method: 'passkey', passkey: key.get(options, twist) })), INVALID)
  }
  t.equal(await redis.exists(keys.account(id).failures), 0)
  const passkey = key.get(options, { flags: { uv: false }, userHandle: null })
  const pending = browser.cookies.get('pending')
  const answers = await Promise.all(Array.from({ length: 20 }, async () =>
    await shared.browser().post('/auth/verify-otp', { method: 'passkey', passkey }, { token: pending })))
  const [right] = answers.filter(({ status }) => status === 200)
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.strictSame(right && amrOf(right), ['pwd', 'pop'])
  t.ok(answers.every(({ status }) => status < 500))
  t.equal((await events(id))[0], 'login ok passkey')
})

t.test('the second step of one account is not given by the passkey of another, and the mailed code remains', async (t) => {
  const [one, other] = [await withPasskey(), await withPasskey()]
  const browser = shared.browser()
  const { options } = await askSecondStep(browser, one.who)
  t.strictSame(refused(await browser.post('/auth/verify-otp', { method: 'passkey', passkey: other.key.get(options) })), INVALID)
  t.strictSame(refused(await browser.post('/auth/verify-otp', { method: 'passkey' })), [400, 'VALIDATION_FAILED'])
  t.strictSame(refused(await browser.post('/auth/verify-otp', {})), [400, 'VALIDATION_FAILED'])
  t.strictSame(refused(await browser.post('/auth/verify-otp', { method: 'email', passkey: {} })), [400, 'VALIDATION_FAILED'])
  t.equal((await browser.post('/auth/2fa/resend', { method: 'email' })).status, 200)
  const byCode = await browser.post('/auth/verify-otp', { otp: await shared.smtp.code(one.who.email) })
  t.strictSame([byCode.status, amrOf(byCode)], [200, ['pwd', 'otp']])
})

t.test('who has no passkey is asked for none', async (t) => {
  const { browser, token, who } = await signUp(shared)
  t.strictSame(refused(await browser.post('/auth/reauthenticate/passkey/options', {}, { token })), [409, 'CONFLICT'])
  const login = await browser.post('/auth/login', { email: who.email, password: who.password })
  t.match(login.body, { method: 'email', methods: ['email'] })
  const asked = await browser.post('/auth/2fa/passkey/options', {}, { token: String(login.body['pendingToken']) })
  t.strictSame(refused(asked), [409, 'CONFLICT'])
})

t.test('a passkey is a proof anew, alone or after the password', async (t) => {
  const { key, browser, token, who, id } = await withPasskey()
  const sid = String(decode(token).claims['sid'])
  const old = async () => { await redis.hset(keys.account(id).session(sid), 'recentAt', '1') }
  await old()
  t.strictSame(refused(await browser.post('/users/me/passkeys/options', {}, { token })), [403, 'REAUTHENTICATION_REQUIRED'])
  const options = optionsOf(await browser.post('/auth/reauthenticate/passkey/options', {}, { token }))
  t.match(options, { userVerification: 'required', allowCredentials: [{ id: key.credentialId }] })
  const weak = key.get(options, { flags: { uv: false } })
  t.strictSame(refused(await browser.post('/auth/reauthenticate/passkey', { response: weak }, { token })), INVALID)
  const response = key.get(options)
  const alone = await browser.post('/auth/reauthenticate/passkey', { response }, { token })
  t.strictSame([alone.status, amrOf(alone)], [200, ['pop', 'mfa']])
  t.strictSame(refused(await browser.post('/auth/reauthenticate/passkey', { response }, { token })), INVALID, 'once')
  t.equal((await browser.post('/users/me/passkeys/options', {}, { token: String(alone.body['accessToken']) })).status, 200)

  await old()
  const asked = await browser.post('/auth/reauthenticate', { password: who.password }, { token: String(alone.body['accessToken']) })
  t.match(asked.body, { method: 'passkey' })
  const second = optionsOf(await browser.post('/auth/2fa/passkey/options', {}, { token: String(asked.body['pendingToken']) }))
  const both = await browser.post('/auth/reauthenticate/verify', { method: 'passkey', passkey: key.get(second, { flags: { uv: false } }) },
    { token: String(alone.body['accessToken']) })
  t.strictSame([both.status, amrOf(both)], [200, ['pwd', 'pop']])
  t.strictSame((await events(id)).slice(0, 1), ['reauthentication ok passkey'])
})

t.test('a person names, sees and removes their passkeys, and another person does not', async (t) => {
  const { browser, token } = await signUp(shared)
  const other = await withPasskey()
  const laptop = await addPasskey(browser, new SoftKey(), '  Laptop ')
  const stick = await addPasskey(browser, new SoftKey({ isSynced: false }))
  const list = async () => shaped<Array<Record<string, unknown>>>((await browser.get('/users/me/passkeys', { token })).body['items'])
  t.match(await list(), [
    { id: laptop.credentialId, name: 'Laptop', isSynced: true, lastUsedAt: null, transports: ['internal', 'hybrid'] },
    { id: stick.credentialId, name: 'Firefox on Linux', isSynced: false }
  ])
  await signInByPasskey(shared.browser(), laptop)
  t.match((await list())[0]?.['lastUsedAt'], /^20/)
  const url = (key: SoftKey): string => `/users/me/passkeys/${key.credentialId}`
  t.match((await browser.call('PATCH', url(stick), { name: 'Stick' }, { token })).body, { name: 'Stick' })
  t.strictSame(refused(await browser.call('PATCH', url(other.key), { name: 'Mine' }, { token })), [404, 'NOT_FOUND'])
  t.strictSame(refused(await browser.call('DELETE', url(other.key), undefined, { token })), [404, 'NOT_FOUND'])
  t.strictSame(refused(await browser.call('PATCH', url(stick), { name: ' ' }, { token })), [400, 'VALIDATION_FAILED'])
  t.equal((await browser.call('DELETE', url(laptop), undefined, { token })).status, 204)
  t.strictSame(refused(await signInByPasskey(shared.browser(), laptop)), INVALID, 'removed here, kept in the browser')
  t.equal((await list()).length, 1)
})

t.test('there are 20 at most', async (t) => {
  const { browser, token } = await signUp(shared)
  for (let i = 0; i < 20; i++) await addPasskey(browser)
  const response = new SoftKey().create(optionsOf(await browser.post('/users/me/passkeys/options', {}, { token })))
  t.strictSame(refused(await browser.post('/users/me/passkeys', { response }, { token })), [409, 'CONFLICT'])
})

t.test('adding and removing ends all other sessions, and what was under way', async (t) => {
  const { browser, token, who, key } = await withPasskey()
  const other = shared.browser()
  await signInByPasskey(other, key, {}, { trustDevice: true })
  t.ok(other.cookies.has('trusted'))
  const added = await addPasskey(browser)
  t.strictSame(refused(await other.get('/auth/me', { token: other.token })), [401, 'SESSION_ENDED'])
  t.equal((await browser.get('/auth/me', { token })).status, 200)
  const login = await other.post('/auth/login', { email: who.email, password: who.password })
  t.match(login.body, { twoFactorRequired: true }, 'trusted no more')
  await browser.call('DELETE', `/users/me/passkeys/${added.credentialId}`, undefined, { token })
  t.strictSame(refused(await other.get('/auth/2fa')), [401, 'CHALLENGE_INVALID'])
  t.equal(await mailsTo(who.email, /passkey was removed/), 1)
})

t.test('the mailed code can go where enough remains, and what remains cannot go then', async (t) => {
  const { browser, token, key } = await withPasskey()
  const mailedCode = async (isEmailCodeEnabled: boolean, as = { browser, token }) =>
    await as.browser.call('PATCH', '/users/me', { isEmailCodeEnabled }, { token: as.token })
  const remove = async (one: SoftKey) =>
    await browser.call('DELETE', `/users/me/passkeys/${one.credentialId}`, undefined, { token })
  t.strictSame(refused(await mailedCode(false)), [409, 'CONFLICT'], 'one key may be lost')
  const second = await addPasskey(browser)
  t.match((await mailedCode(false)).body, { user: { secondFactors: ['passkey'] } })
  t.strictSame(refused(await remove(second)), [409, 'CONFLICT'])
  t.equal((await browser.post('/users/me/recovery-codes', undefined, { token })).status, 200)
  t.equal((await remove(second)).status, 204, 'recovery codes remain')
  t.strictSame(refused(await remove(key)), [409, 'CONFLICT'], 'recovery codes alone are none')
  t.equal((await mailedCode(true)).status, 200)
  t.equal((await remove(key)).status, 204)

  const app = await signUpWithTotp(shared)
  app.browser.token = app.token
  await addPasskey(app.browser)
  t.match((await mailedCode(false, app)).body, { user: { secondFactors: ['passkey', 'totp'] } }, 'it comes with recovery codes')
})

t.test('recovery codes stand in for a lost passkey', async (t) => {
  const { browser, token, who } = await withPasskey()
  const made = await browser.post('/users/me/recovery-codes', undefined, { token })
  const login = await shared.browser().post('/auth/login', { email: who.email, password: who.password })
  t.strictSame(login.body['methods'], ['passkey', 'email', 'recovery_code'])
  const [otp] = shaped<string[]>(made.body['recoveryCodes'])
  t.equal((await browser.post('/auth/verify-otp', { otp }, { token: String(login.body['pendingToken']) })).status, 200)
})

t.test('a disabled or deleted account has no passkeys', async (t) => {
  const disabled = await withPasskey()
  await redis.hset(keys.account(disabled.id).record, 'status', 'disabled')
  t.strictSame(refused(await signInByPasskey(shared.browser(), disabled.key)), INVALID)
  const gone = await withPasskey()
  t.equal((await gone.browser.call('DELETE', '/users/me', undefined, { token: gone.token })).status, 204)
  t.equal(await redis.exists(keys.account(gone.id).passkeys), 0)
  t.strictSame(refused(await signInByPasskey(shared.browser(), gone.key)), INVALID)
})

t.test('what is held about a person tells of passkeys, and where a second step is required one will do', async (t) => {
  const { browser, token, key } = await withPasskey()
  const exported = await browser.get('/users/me/export', { token })
  t.match(exported.body, { profile: { secondFactors: ['passkey', 'email'] }, passkeys: [{ id: key.credentialId }] })
  t.notMatch(exported.text, key.publicKey.toString('base64url'))

  const strict = await startApp(t, { env: { TWO_FACTOR_REQUIRED: 'true' } })
  const person = await withPasskey({ server: strict })
  const again = strict.browser()
  t.equal((await signInByPasskey(again, person.key)).status, 200)
  t.equal((await again.get('/auth/me', { token: again.token })).status, 200)
})

t.test('the settings decide whose keys they are: a parent domain, and no public suffix', async (t) => {
  const env = { PUBLIC_URL: 'https://id.example.org', PASSKEY_RP_ID: 'example.org', CORS_ORIGINS: 'https://app.example.org' }
  const server = await startApp(t, { env })
  const browser = server.browser({ origin: 'https://id.example.org' })
  t.match(optionsOf(await browser.post('/auth/passkeys/options', {})), { rpId: 'example.org' })
  t.match((await browser.get('/.well-known/webauthn')).body, { origins: ['https://id.example.org', 'https://app.example.org'] })

  const of = (value: string, publicUrl: string) => () => parseRpId(value, publicUrl)
  for (const value of ['id.example.co.uk', 'EXAMPLE.co.uk']) {
    t.equal(of(value, 'https://id.example.co.uk')(), value.toLowerCase())
  }
  for (const value of ['co.uk', 'other.co.uk', 'app.example.co.uk', 'x.id.example.co.uk', 'https://example.co.uk', 'example.co.uk:443']) {
    t.throws(of(value, 'https://id.example.co.uk'), /PASSKEY_RP_ID must be the host of PUBLIC_URL/, value)
  }
  t.throws(of('github.io', 'https://somebody.github.io'), /yours alone/, 'under which strangers have their pages')
})

t.test('asking for options tells nothing about anybody', async (t) => {
  const { browser: known } = await withPasskey()
  const shapeOf = async (browser: Browser): Promise<unknown> => {
    const answer = await browser.post('/auth/passkeys/options', {})
    const { status, headers, body } = answer
    const { challenge, ...options } = optionsOf(answer)
    return [status, Object.keys(headers).sort(), Object.keys(body).sort(), String(body['pendingToken']).length, challenge.length, options]
  }
  t.strictSame(await shapeOf(known), await shapeOf(shared.browser()), 'not even who has a passkey, and a session in this browser')
})
