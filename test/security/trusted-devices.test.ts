import t from 'tap'
import { logIn, type Person, signUp, startApp, type TestApp, wrongCode } from '../support/app.ts'
import { type Answer, type Browser, decode } from '../support/browser.ts'
import { mailsSettled, refusalOf } from '../support/observe.ts'
import { ageRecords } from '../support/redis.ts'

const SECOND = 1000
const DAY = 86_400 * SECOND

/** A person, and a browser of theirs that is trusted and signed out. */
async function trusting (server: TestApp) {
  const { who, id, browser: first } = await signUp(server)
  const browser = await trust(server, who)
  return { who, id, first, browser }
}

async function trust (server: TestApp, who: Person, browser: Browser = server.browser()): Promise<Browser> {
  await browser.post('/auth/login', { email: who.email, password: who.password })
  const verified = await browser.post('/auth/verify-otp', { otp: await server.smtp.code(who.email), trustDevice: true })
  if (verified.status !== 200) throw new Error(`verify-otp: ${verified.text}`)
  browser.token = String(verified.body['accessToken'])
  return browser
}

const password = async (browser: Browser, { email, password }: Person): Promise<Answer> => await browser.post('/auth/login', { email, password })
const isChallenged = ({ status, body }: Answer): boolean => status === 200 && body['twoFactorRequired'] === true && body['accessToken'] === undefined
const tokenOf = (browser: Browser): string => browser.cookies.get('trusted') ?? ''
const withToken = (server: TestApp, token: string): Browser => {
  const browser = server.browser()
  browser.cookies.set('trusted', token)
  return browser
}
const devicesOf = async (browser: Browser) => (await browser.get('/users/me/devices', { token: browser.token })).body['items'] as Array<Record<string, unknown>>
const mailsTo = async (server: TestApp, { email }: Person): Promise<number> => {
  await mailsSettled(server)
  return server.smtp.mails.filter(({ to }) => to === email).length
}
const events = async (server: TestApp, id: string): Promise<string[]> =>
  (await server.inside.activity.listFor(id)).items.map(({ event, result, factor }) => `${event} ${result} ${String(factor)}`)

t.test('a trusted browser signs in by password alone, and its token turns', async (t) => {
  const server = await startApp(t)
  const { who, id, browser } = await trusting(server)
  const [first, mails] = [tokenOf(browser), await mailsTo(server, who)]
  const [before] = [await events(server, id)]

  const answer = await password(browser, who)
  t.match([answer.status, answer.body], [200, { twoFactorRequired: false, tokenType: 'Bearer', user: { id } }])
  t.same(decode(String(answer.body['accessToken'])).claims['amr'], ['pwd', 'device'])
  t.equal(decode(String(answer.body['accessToken'])).claims['2fa'], true)
  t.ok(browser.cookies.has('refresh'))
  t.not(tokenOf(browser), first)
  t.match(answer.setCookies.find((line) => line.startsWith('trusted=')), /; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/)
  t.same((await events(server, id)).slice(0, -before.length), ['login ok device'], 'one event')
  t.equal(await mailsTo(server, who), mails, 'no code and no notice was mailed')
  t.equal(await server.redis.client.exists(`{u:${id}}:attempts`), 0, 'no attempt waits')
  t.equal((await browser.post('/auth/refresh')).status, 200)
  t.ok(isChallenged(await password(server.browser(), who)), 'another browser still needs a code')
})

t.test('a sign-up can trust its browser, and who did not ask is not trusted', async (t) => {
  const server = await startApp(t)
  const { who, browser } = await signUp(server)
  t.notOk(browser.cookies.has('trusted'))
  t.ok(isChallenged(await password(browser, who)))

  const other = server.browser()
  const person = { name: 'Taras', email: 'taras@example.org', password: 'copper-harbour-17-moss' }
  await other.post('/auth/register', person)
  const otp = await server.smtp.code(person.email)
  await other.post('/auth/verify-otp', { otp: wrongCode(otp), trustDevice: true })
  t.notOk(other.cookies.has('trusted'), 'a wrong code trusts nobody')
  t.equal((await other.post('/auth/verify-otp', { otp, trustDevice: true })).status, 200)
  t.match((await password(other, person)).body, { twoFactorRequired: false })
})

t.test('the same token again within 10 s, or many at once, get the same successor', async (t) => {
  const server = await startApp(t)
  const { who, browser } = await trusting(server)
  const token = tokenOf(browser)
  const browsers = Array.from({ length: 20 }, () => withToken(server, token))
  const answers = await Promise.all(browsers.map(async (one) => await password(one, who)))
  t.same(answers.map(({ body }) => body['twoFactorRequired']), answers.map(() => false))
  t.equal(new Set(browsers.map(tokenOf)).size, 1)
  t.not(tokenOf(browsers[0] as Browser), token)
  t.match((await password(browsers[0] as Browser, who)).body, { twoFactorRequired: false }, 'the successor works')
})

t.test('a token used after its successor ends the trust: a code is asked, and the owner hears of it', async (t) => {
  const server = await startApp(t)
  const { who, id, browser } = await trusting(server)
  const old = tokenOf(browser)
  t.match((await password(browser, who)).body, { twoFactorRequired: false })
  await ageRecords(server.redis.client, [`{u:${id}}`], 11 * SECOND)
  const before = await events(server, id)

  const thief = withToken(server, old)
  t.ok(isChallenged(await password(thief, who)))
  t.notOk(thief.cookies.has('trusted'))
  t.same((await events(server, id)).slice(0, -before.length), ['password ok pwd', 'trusted_device_reused reused device'])
  t.match((await server.smtp.next(who.email, ({ subject }) => /browser/.test(subject))).text, /old copy/)
  t.ok(isChallenged(await password(browser, who)), 'the newest token is worth nothing now')
  t.notOk(browser.cookies.has('trusted'))
  t.same(await server.redis.client.keys(`{u:${id}}:t:*`), [])
  t.equal(await server.redis.client.zcard(`{u:${id}}:trusted`), 0)
  await mailsSettled(server)
  t.equal(server.smtp.mails.filter(({ subject }) => /no longer trust/.test(subject)).length, 1)
})

t.test('a generation that Redis has lost ends the trust without a mail', async (t) => {
  const server = await startApp(t)
  const { who, id, browser } = await trusting(server)
  await password(browser, who)
  const [key = ''] = await server.redis.client.keys(`{u:${id}}:t:*`)
  await server.redis.client.hset(key, 'gen', 1)
  const before = await events(server, id)
  t.ok(isChallenged(await password(browser, who)))
  t.equal(await server.redis.client.exists(key), 0)
  t.same((await events(server, id)).slice(0, -before.length), ['password ok pwd', 'trusted_device_ended ahead device'])
  await mailsSettled(server)
  t.notOk(server.smtp.mails.some(({ subject }) => /no longer trust/.test(subject)))
})

t.test('a token helps only its own account, only with the right password, and only as it was made', async (t) => {
  const server = await startApp(t)
  const { who, id, browser } = await trusting(server)
  const { who: other } = await signUp(server)
  const token = tokenOf(browser)
  const [key = ''] = await server.redis.client.keys(`{u:${id}}:t:*`)

  const foreign = withToken(server, token)
  t.ok(isChallenged(await password(foreign, other)))
  t.equal(tokenOf(foreign), token, 'the token of another person on a shared computer is left alone')
  t.strictSame(refusalOf(await password(withToken(server, token), { ...who, password: 'not-the-right-one' })), [401, 'CREDENTIALS_INVALID'])
  const flipped = token.slice(0, -2) + (token.at(-2) === 'A' ? 'B' : 'A') + token.slice(-1)
  for (const junk of ['x', flipped, `${token}A`, token.slice(0, -1), browser.cookies.get('refresh') ?? '', '%', 'A'.repeat(3000)]) {
    t.ok(isChallenged(await password(withToken(server, junk), who)), junk.slice(0, 12))
  }
  t.equal(await server.redis.client.hget(key, 'gen'), '1', 'nothing of that turned it')
  t.equal(refusalOf(await withRefresh(server, token).post('/auth/refresh'))[0], 401, 'nor is it a refresh token')
  t.match((await password(browser, who)).body, { twoFactorRequired: false })
})

t.test('a session by a trusted device is never recent, and never an admin’s, until it is proven', async (t) => {
  const server = await startApp(t)
  const { who, id, browser } = await trusting(server)
  await server.redis.client.hset(`{u:${id}}:account`, 'role', 'admin')
  const code = await logIn(server, who)
  t.equal((await code.browser.post('/users/me/totp', undefined, { token: code.token })).status, 200, 'a login with a code is')
  t.equal((await code.browser.get('/admin/users', { token: code.token })).status, 200)

  const token = String((await password(browser, who)).body['accessToken'])
  t.strictSame(refusalOf(await browser.post('/users/me/totp', undefined, { token })), [403, 'REAUTHENTICATION_REQUIRED'])
  t.strictSame(refusalOf(await browser.get('/admin/users', { token })), [403, 'FORBIDDEN'])
  const fresh = String((await browser.post('/auth/refresh')).body['accessToken'])
  t.strictSame(refusalOf(await browser.post('/users/me/totp', undefined, { token: fresh })), [403, 'REAUTHENTICATION_REQUIRED'], 'a refresh does not raise it')

  const asked = await browser.post('/auth/reauthenticate', { password: who.password }, { token })
  t.match(asked.body, { twoFactorRequired: true }, 'the device does not stand in for the code here')
  const proven = await browser.post('/auth/reauthenticate/verify', { otp: await server.smtp.code(who.email) }, { token })
  t.equal((await browser.post('/users/me/totp', undefined, { token: String(proven.body['accessToken']) })).status, 200)
})

t.test('trust lasts 30 days from its last use, whether or not the operator requires the second step', async (t) => {
  const server = await startApp(t, { env: { TWO_FACTOR_REQUIRED: 'true' } })
  const { who, id, browser } = await trusting(server)
  for (const days of [29, 29]) {
    await ageRecords(server.redis.client, [`{u:${id}}`], days * DAY)
    t.match((await password(browser, who)).body, { twoFactorRequired: false })
  }
  await ageRecords(server.redis.client, [`{u:${id}}`], 30 * DAY + SECOND)
  t.ok(isChallenged(await password(browser, who)))
  t.notOk(browser.cookies.has('trusted'))
})

t.test('signing out everywhere, a new password and the owner’s word end the trust', async (t) => {
  const server = await startApp(t)
  const { who, first, id } = await trusting(server)
  const ends: Record<string, (browser: Browser) => Promise<Answer>> = {
    'the owner ends it': async (browser) => {
      const [device] = await devicesOf(first)
      return await browser.call('DELETE', `/users/me/devices/${String(device?.['id'])}`, undefined, { token: browser.token })
    },
    'a new password': async (browser) => {
      const newPassword = `${who.password}-2`
      const answer = await browser.call('PUT', '/users/password', { currentPassword: who.password, newPassword }, { token: browser.token })
      who.password = newPassword
      return answer
    },
    'signing out everywhere': async (browser) => await browser.post('/auth/logout-all', undefined, { token: browser.token })
  }
  for (const [name, end] of Object.entries(ends)) {
    const browser = await trust(server, who)
    const elsewhere = withToken(server, tokenOf(browser))
    t.ok((await end(browser)).status < 300, name)
    t.ok(isChallenged(await password(elsewhere, who)), name)
  }
  t.same(await server.redis.client.keys(`{u:${id}}:t:*`), [])
  const plain = await trust(server, who)
  await plain.post('/auth/logout', undefined, { token: plain.token })
  t.match((await password(plain, who)).body, { twoFactorRequired: false }, 'a plain logout keeps it')
})

t.test('people see their trusted browsers and end them; nobody sees or ends another’s', async (t) => {
  const server = await startApp(t)
  const { who, id, browser } = await trusting(server)
  const second = await trust(server, who, server.browser({ ip: '203.0.113.9', userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0' }))
  const stranger = await signUp(server)

  const seen = await devicesOf(second)
  t.match(seen, [{ device: 'Firefox on macOS', ip: '203.0.113.9', current: true }, { device: 'Firefox on Linux', current: false }])
  t.strictSame(Object.keys(seen[0] ?? {}).sort(), ['createdAt', 'current', 'device', 'expiresAt', 'id', 'ip', 'lastSeenAt'])
  t.equal(Date.parse(String(seen[0]?.['expiresAt'])) - Date.parse(String(seen[0]?.['lastSeenAt'])), 30 * DAY)
  t.same(await devicesOf(stranger.browser), [])

  const url = (deviceId: unknown): string => `/users/me/devices/${String(deviceId)}`
  const [mine, other] = seen.map(({ id: deviceId }) => deviceId)
  for (const deviceId of [mine, 'AAAAAAAAAAAAAAAAAAAAAA', 'x', '%20', encodeURIComponent(`${String(mine)}:x`), 'A'.repeat(5000)]) {
    t.strictSame(refusalOf(await stranger.browser.call('DELETE', url(deviceId), undefined, { token: stranger.token })), [404, 'NOT_FOUND'])
  }
  t.equal((await second.call('DELETE', url(other), undefined, { token: second.token })).status, 204)
  t.ok(second.cookies.has('trusted'))
  t.ok(isChallenged(await password(browser, who)))
  t.match((await password(second, who)).body, { twoFactorRequired: false })
  t.equal((await second.call('DELETE', url(mine), undefined, { token: second.token })).status, 204)
  t.notOk(second.cookies.has('trusted'), 'this browser forgets its own')
  t.strictSame(refusalOf(await second.call('DELETE', url(mine), undefined, { token: second.token })), [404, 'NOT_FOUND'])
  t.same(await devicesOf(second), [])
  t.equal(await server.redis.client.zcard(`{u:${id}}:trusted`), 0)
})

t.test('a browser has one record however often it is trusted, an account at most 50, and Redis no token', async (t) => {
  const server = await startApp(t)
  const { who, id, browser } = await trusting(server)
  const [old] = await devicesOf(browser)
  await ageRecords(server.redis.client, [`{u:${id}}`], 31 * DAY)
  await trust(server, who, browser)
  t.equal((await devicesOf(browser)).length, 1)
  await browser.post('/auth/login', { email: who.email, password: who.password })
  const { sid } = decode(browser.token ?? '').claims
  const token = tokenOf(browser)

  const client = { ip: '10.0.0.1', device: 'Firefox on Linux' }
  for (let n = 0; n < 55; n++) await server.inside.trustedDevices.open(id, String(sid), '', client)
  const devices = await devicesOf(browser)
  t.equal(devices.length, 50)
  t.notOk(devices.some((one) => one['id'] === old?.['id'] || one['current'] === true), 'the ones used longest ago went')
  for (const key of await server.redis.client.keys(`{u:${id}}:t*`)) {
    t.ok(await server.redis.client.pttl(key) > 0, 'it runs out by itself')
    if (key.includes(':t:')) t.notOk(JSON.stringify(await server.redis.client.hgetall(key)).includes(token.slice(-20)))
  }
  await server.inside.sessions.end(id, String(sid), client, 'logout')
  t.equal(await server.inside.trustedDevices.open(id, String(sid), '', client), null, 'an ended session trusts nobody')
})

function withRefresh (server: TestApp, token: string): Browser {
  const browser = server.browser()
  browser.cookies.set('refresh', token)
  return browser
}
