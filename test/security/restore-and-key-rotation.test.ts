import t from 'tap'
import { newSigningKeys } from '../../src/platform/tokens/signing-keys.ts'
import { countRecords } from '../../src/tools/doctor/redis-store.ts'
import { createKeyring } from '../../src/platform/keyring.ts'
import { logIn, SECRET, signUp, startApp, type TestRedis } from '../support/app.ts'
import { refusalOf } from '../support/observe.ts'
import { json, shaped } from '../support/shapes.ts'

const NEXT_SECRET = 'the next secret, long enough as well: 9876543210'

/** Everything that Redis holds, as a backup would have it; called again it is put back in place of what is there now. */
async function backUp ({ client }: TestRedis): Promise<() => Promise<void>> {
  const names = await client.keys('*')
  const records = await Promise.all(names.map(async (name) => [name, await client.pttl(name), await client.dumpBuffer(name)] as const))
  return async () => {
    await client.flushall()
    // A mail may have left between its name and its content.
    for (const [name, ttl, dump] of records) if (dump?.length) await client.restore(name, Math.max(ttl, 0), dump)
  }
}

t.test('after a restore with SESSION_EPOCH what was ended or used since stays so', async (t) => {
  const signingKeys = newSigningKeys('test')
  const first = await startApp(t, { signingKeys })
  const { who, browser, token } = await signUp(first)
  const trusting = first.browser()
  await trusting.post('/auth/login', { email: who.email, password: who.password })
  t.equal((await trusting.post('/auth/verify-otp', { otp: await first.smtp.code(who.email), trustDevice: true })).status, 200)
  const pending = String((await first.browser().post('/auth/login', { email: who.email, password: who.password })).body['pendingToken'])
  const otp = await first.smtp.code(who.email)
  const restore = await backUp(first.redis)

  t.equal((await first.browser().post('/auth/verify-otp', { otp }, { token: pending })).status, 200, 'the code is used')
  t.equal((await browser.post('/auth/logout-all', undefined, { token })).status, 204, 'sessions and trusted browsers are ended')
  await first.close()
  await restore()
  const shared = { signingKeys, redis: first.redis, smtp: first.smtp }

  const careless = await startApp(t, shared)
  t.equal((await careless.browser().get('/auth/me', { token })).status, 200, 'without it the restored session would live again')
  await careless.close()
  await restore()

  const epochMs = Date.now()
  const second = await startApp(t, { ...shared, env: { SESSION_EPOCH: new Date(epochMs).toISOString() } })
  t.strictSame(refusalOf(await second.browser().get('/auth/me', { token })), [401, 'SESSION_ENDED'])
  t.strictSame(refusalOf(await second.browser().post('/auth/verify-otp', { otp }, { token: pending })), [401, 'CHALLENGE_INVALID'])
  const carried = second.browser()
  for (const name of ['refresh', 'trusted', 'device']) carried.cookies.set(name, trusting.cookies.get(name) ?? '')
  t.strictSame(refusalOf(await carried.post('/auth/refresh')), [401, 'SESSION_ENDED'])
  t.match(
    (await carried.post('/auth/login', { email: who.email, password: who.password })).body,
    { twoFactorRequired: true },
    'a browser trusted before is asked for a code'
  )
  await second.smtp.code(who.email)

  // Tokens carry whole seconds: those of the second of the epoch count as older.
  while (Math.floor(Date.now() / 1000) === Math.floor(epochMs / 1000)) await new Promise(setImmediate)
  const fresh = await logIn(second, who)
  t.equal((await fresh.browser.post('/auth/refresh')).status, 200, 'who signs in afterwards stays signed in')
  const { body } = await fresh.browser.get('/users/me/sessions', { token: fresh.token })
  t.equal(shaped<unknown[]>(body['items']).length, 1, 'and sees no dead session')
  t.strictSame((await fresh.browser.get('/users/me/devices', { token: fresh.token })).body['items'], [])
})

t.test('signing keys change without anybody being signed out', async (t) => {
  const [oldKey, newKey] = [newSigningKeys('old'), newSigningKeys('new')].map((set) => json<{ keys: object[] }>(set).keys[0])
  const set = (...keys: unknown[]): string => JSON.stringify({ keys })
  const first = await startApp(t, { signingKeys: set(oldKey) })
  const { browser, token } = await signUp(first)
  const shared = { redis: first.redis, smtp: first.smtp }
  const kidOf = (jwt: unknown): unknown =>
    json<{ kid: string }>(Buffer.from(String(jwt).split('.')[0] ?? '', 'base64url').toString()).kid
  await first.close()

  let latest = token
  for (const [signingKeys, signer] of [[set(oldKey, newKey), 'old'], [set(newKey, oldKey), 'new'], [set(newKey), 'new']] as const) {
    const server = await startApp(t, { ...shared, signingKeys })
    const carried = server.browser()
    carried.cookies.set('refresh', browser.cookies.get('refresh') ?? '')
    if (signingKeys !== set(newKey)) {
      t.equal((await carried.get('/auth/me', { token })).status, 200, 'the first token is believed as long as its key stands there')
    }
    t.equal((await carried.get('/auth/me', { token: latest })).status, 200)
    const answer = await carried.post('/auth/refresh')
    t.equal(answer.status, 200)
    latest = String(answer.body['accessToken'])
    t.equal(kidOf(latest), signer)
    browser.cookies.set('refresh', carried.cookies.get('refresh') ?? '')
    await server.close()
  }
})

t.test('a change of SECRET signs nobody out, and the count tells when the old one can go', async (t) => {
  const signingKeys = newSigningKeys('test')
  const first = await startApp(t, { signingKeys })
  const { who, browser } = await signUp(first)
  const sleeper = await signUp(first)
  const shared = { signingKeys, redis: first.redis, smtp: first.smtp, secret: NEXT_SECRET, env: { SECRET_PREVIOUS: SECRET } }
  await first.close()

  const second = await startApp(t, shared)
  const [oldId, newId] = [createKeyring(SECRET).current.id, createKeyring(NEXT_SECRET).current.id]
  const passwords = async () => (await countRecords(first.redis.client, () => {})).passwords
  t.strictSame([...await passwords()], [[oldId, 2]])
  for (const { cookies } of [browser, sleeper.browser]) {
    const carried = second.browser()
    carried.cookies.set('refresh', cookies.get('refresh') ?? '')
    t.equal((await carried.post('/auth/refresh')).status, 200)
  }
  await logIn(second, who)
  while (!(await passwords()).has(newId)) await new Promise(setImmediate)
  t.match(await passwords(), new Map([[oldId, 1], [newId, 1]]), 'who has logged in since does not need the old one any more')
})
