import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { ofAccount } from '../support/key-prefixes.ts'
import { type Person, signUp, startApp, type TestApp, wrongCode } from '../support/app.ts'
import { type Answer, type Browser, decode } from '../support/browser.ts'
import { mailsSettled, refusalOf } from '../support/observe.ts'
import { ageRecords } from '../support/redis.ts'
import { present, shaped } from '../support/shapes.ts'

const SECOND = 1000
const DAY = 86_400 * SECOND

const shared = await startApp(t)
const { client: redis } = shared.redis

/** A person, and a browser of theirs that is trusted. */
async function trusting (server = shared) {
  const { who, id, browser: first } = await signUp(server)
  const browser = await trust(who, server.browser(), server)
  return { who, id, first, browser }
}

/** The code in the last mail to this person, once all were sent. */
async function lastCode (server: TestApp, { email }: Person): Promise<string> {
  await mailsSettled(server)
  return /\d{6}/.exec(server.smtp.mails.findLast(({ to, subject }) => to === email && /^\d{6}/.test(subject))?.subject ?? '')?.[0] ?? ''
}

async function trust (who: Person, browser = shared.browser(), server = shared): Promise<Browser> {
  await password(browser, who)
  const verified = await browser.post('/auth/verify-otp', { otp: await lastCode(server, who), trustDevice: true })
  if (verified.status !== 200) throw new Error(`verify-otp: ${verified.text}`)
  browser.token = String(verified.body['accessToken'])
  return browser
}

const password = async (browser: Browser, { email, password }: Person): Promise<Answer> =>
  await browser.post('/auth/login', { email, password })
const isChallenged = ({ status, body }: Answer): boolean =>
  status === 200 && body['twoFactorRequired'] === true && body['accessToken'] === undefined
const tokenOf = (browser: Browser): string => browser.cookies.get('trusted') ?? ''
const withToken = (token: string): Browser => {
  const browser = shared.browser()
  browser.cookies.set('trusted', token)
  return browser
}
const devicesOf = async (browser: Browser) =>
  shaped<Array<Record<string, unknown>>>((await browser.get('/users/me/devices', { token: browser.token })).body['items'])
const mailsTo = async ({ email }: Person, about = /./): Promise<number> => {
  await mailsSettled(shared)
  return shared.smtp.mails.filter(({ to, subject }) => to === email && about.test(subject)).length
}
const events = async (id: string): Promise<string[]> =>
  (await shared.inside.records.activity.listFor(id)).items.map(({ event, result, factor }) => `${event} ${result} ${String(factor)}`)

t.test('a trusted browser signs in by password alone, and its token turns', async (t) => {
  const { who, id, browser } = await trusting()
  const [first, mails] = [tokenOf(browser), await mailsTo(who)]
  const before = await events(id)

  const answer = await password(browser, who)
  t.match([answer.status, answer.body], [200, { twoFactorRequired: false, tokenType: 'Bearer', user: { id } }])
  t.same(decode(String(answer.body['accessToken'])).claims['amr'], ['pwd', 'device'])
  t.equal(decode(String(answer.body['accessToken'])).claims['2fa'], true)
  t.ok(browser.cookies.has('refresh'))
  t.not(tokenOf(browser), first)
  t.match(answer.setCookies.find((line) => line.startsWith('trusted=')), /; Max-Age=25(92000|91\d{3}); Path=\/; HttpOnly; SameSite=Strict$/)
  t.same((await events(id)).slice(0, -before.length), ['login ok device'], 'one event')
  t.equal(await mailsTo(who), mails, 'no code and no notice was mailed')
  t.equal(await redis.exists(keys.account(id).attempts), 0, 'no attempt waits')
  t.equal((await browser.post('/auth/refresh')).status, 200)
  t.ok(isChallenged(await password(shared.browser(), who)), 'another browser still needs a code')
})

t.test('a sign-up can trust its browser, and who did not ask is not trusted', async (t) => {
  const { who, browser } = await signUp(shared)
  t.notOk(browser.cookies.has('trusted'))
  t.ok(isChallenged(await password(browser, who)))

  const other = shared.browser()
  const person = { name: 'Taras', email: 'taras@example.org', password: 'copper-harbour-17-moss' }
  await other.post('/auth/register', person)
  const otp = await shared.smtp.code(person.email)
  await other.post('/auth/verify-otp', { otp: wrongCode(otp), trustDevice: true })
  t.notOk(other.cookies.has('trusted'), 'a wrong code trusts nobody')
  t.equal((await other.post('/auth/verify-otp', { otp, trustDevice: true })).status, 200)
  t.match((await password(other, person)).body, { twoFactorRequired: false })
})

t.test('the same token again within 10 s, or many at once, get the same successor', async (t) => {
  const { who, browser } = await trusting()
  const token = tokenOf(browser)
  const browsers = Array.from({ length: 5 }, () => withToken(token))
  const answers = await Promise.all(browsers.map(async (one) => await password(one, who)))
  t.same(answers.map(({ body }) => body['twoFactorRequired']), answers.map(() => false))
  t.equal(new Set(browsers.map(tokenOf)).size, 1)
  t.not(tokenOf(present(browsers[0])), token)
  t.match((await password(present(browsers[0]), who)).body, { twoFactorRequired: false }, 'the successor works')
})

t.test('a token used after its successor ends the trust: a code is asked, and the owner hears of it', async (t) => {
  const { who, id, browser } = await trusting()
  const old = tokenOf(browser)
  t.match((await password(browser, who)).body, { twoFactorRequired: false })
  await ageRecords(redis, [ofAccount(id)], 11 * SECOND)
  const before = await events(id)

  const thief = withToken(old)
  t.ok(isChallenged(await password(thief, who)))
  t.notOk(thief.cookies.has('trusted'))
  t.same((await events(id)).slice(0, -before.length), ['password ok pwd', 'trusted_device_reused reused device'])
  t.match((await shared.smtp.next(who.email, ({ subject }) => /browser/.test(subject))).text, /old copy/)
  t.ok(isChallenged(await password(browser, who)), 'the newest token is worth nothing now')
  t.notOk(browser.cookies.has('trusted'))
  t.same(await redis.keys(keys.account(id).trustedBrowser('*')), [])
  t.equal(await redis.zcard(keys.account(id).trustedBrowsers), 0)
  t.equal(await mailsTo(who, /no longer trust/), 1)
})

t.test('a generation that Redis has lost ends the trust without a mail', async (t) => {
  const { who, id, browser } = await trusting()
  await password(browser, who)
  const [key = ''] = await redis.keys(keys.account(id).trustedBrowser('*'))
  await redis.hset(key, 'gen', 1)
  const before = await events(id)
  t.ok(isChallenged(await password(browser, who)))
  t.equal(await redis.exists(key), 0)
  t.same((await events(id)).slice(0, -before.length), ['password ok pwd', 'trusted_device_ended ahead device'])
  t.equal(await mailsTo(who, /no longer trust/), 0)
})

t.test('a token helps only its own account, only with the right password, and only as it was made', async (t) => {
  const { who, id, browser } = await trusting()
  const { who: other } = await signUp(shared)
  const token = tokenOf(browser)
  const [key = ''] = await redis.keys(keys.account(id).trustedBrowser('*'))

  const foreign = withToken(token)
  t.ok(isChallenged(await password(foreign, other)))
  t.equal(tokenOf(foreign), token, 'the token of another person on a shared computer is left alone')
  t.strictSame(refusalOf(await password(withToken(token), { ...who, password: 'not-the-right-one' })), [401, 'CREDENTIALS_INVALID'])
  const flipped = token.slice(0, -2) + (token.at(-2) === 'A' ? 'B' : 'A') + token.slice(-1)
  for (const junk of ['x', flipped, `${token}A`, token.slice(0, -1), browser.cookies.get('refresh') ?? '', '%', 'A'.repeat(3000)]) {
    t.ok(isChallenged(await password(withToken(junk), who)), junk.slice(0, 12))
  }
  t.equal(await redis.hget(key, 'gen'), '1', 'nothing of that turned it')
  t.strictSame(refusalOf(await withRefresh(token).post('/auth/refresh')), [401, 'REFRESH_TOKEN_INVALID'], 'nor is it a refresh token')
  t.match((await password(browser, who)).body, { twoFactorRequired: false })
})

t.test('a session by a trusted device is never recent, and never an admin’s, until it is proven', async (t) => {
  const { who, id, first, browser } = await trusting()
  await redis.hset(keys.account(id).record, 'role', 'admin')
  t.equal((await first.post('/users/me/totp', undefined, { token: first.token })).status, 200, 'a login with a code is')
  t.equal((await first.get('/admin/users', { token: first.token })).status, 200)

  const token = String((await password(browser, who)).body['accessToken'])
  t.strictSame(refusalOf(await browser.post('/users/me/totp', undefined, { token })), [403, 'REAUTHENTICATION_REQUIRED'])
  t.strictSame(refusalOf(await browser.get('/admin/users', { token })), [403, 'FORBIDDEN'])
  const fresh = String((await browser.post('/auth/refresh')).body['accessToken'])
  t.strictSame(
    refusalOf(await browser.post('/users/me/totp', undefined, { token: fresh })),
    [403, 'REAUTHENTICATION_REQUIRED'],
    'a refresh does not raise it'
  )

  const asked = await browser.post('/auth/reauthenticate', { password: who.password }, { token })
  t.match(asked.body, { twoFactorRequired: true }, 'the device does not stand in for the code here')
  const proven = await browser.post('/auth/reauthenticate/verify', { otp: await lastCode(shared, who) }, { token })
  t.equal((await browser.post('/users/me/totp', undefined, { token: String(proven.body['accessToken']) })).status, 200)
})

t.test('a proof makes recent what is issued with or after it, and no token from before, not even of the same second', async (t) => {
  const { who, id, browser } = await trusting()
  const isRecent = async (by: Browser, token: string): Promise<boolean> => {
    const answer = await by.get('/users/me/export', { token })
    if (answer.status !== 200 && answer.body['code'] !== 'REAUTHENTICATION_REQUIRED') throw new Error(answer.text)
    return answer.status === 200
  }
  const renewed = async (by: Browser): Promise<string> => String((await by.post('/auth/refresh')).body['accessToken'])
  const copied = [String((await password(browser, who)).body['accessToken']), await renewed(browser)]
  await browser.post('/auth/reauthenticate', { password: who.password }, { token: copied[0] })
  const proven = await browser.post('/auth/reauthenticate/verify', { otp: await lastCode(shared, who) }, { token: copied[1] })
  t.ok(await isRecent(browser, String(proven.body['accessToken'])), 'the token that the proof gave')
  for (const token of copied) t.notOk(await isRecent(browser, token), 'a copy from before the proof')
  t.ok(await isRecent(browser, await renewed(browser)), 'a token that was refreshed after it')

  await redis.hset(keys.account(id).record, 'twoFactor', 0)
  const signedIn = await password(browser, who)
  let last = String(signedIn.body['accessToken'])
  t.ok(await isRecent(browser, last), 'a sign-in')
  for (let i = 0; i < 8; i++) {
    const next = String((await browser.post('/auth/reauthenticate', { password: who.password }, { token: last })).body['accessToken'])
    t.strictSame([await isRecent(browser, last), await isRecent(browser, next)], [false, true], `proof ${i + 1} in a row`)
    last = next
  }
  const after = await renewed(browser)
  await ageRecords(redis, [`${ofAccount(id)}:`], 11 * 60 * SECOND)
  t.notOk(await isRecent(browser, after), 'for ten minutes')
})

t.test('trust lasts 30 days however often it is used, whether or not the operator requires the second step', async (t) => {
  const server = await startApp(t, { env: { TWO_FACTOR_REQUIRED: 'true' } })
  const { who, id, browser } = await trusting(server)
  await ageRecords(server.redis.client, [ofAccount(id)], 29 * DAY)
  const late = await password(browser, who)
  t.match(late.body, { twoFactorRequired: false })
  const maxAge = Number(/Max-Age=(\d+)/.exec(late.setCookies.find((line) => line.startsWith('trusted=')) ?? '')?.[1])
  t.ok(maxAge > 0 && maxAge <= 86_400, 'the cookie ends with the record')
  await ageRecords(server.redis.client, [ofAccount(id)], DAY + SECOND)
  t.ok(isChallenged(await password(browser, who)))
  t.notOk(browser.cookies.has('trusted'))
})

t.test('signing out everywhere, a new password and the owner’s word end the trust', async (t) => {
  const { who, first, id } = await trusting()
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
    const browser = await trust(who)
    const elsewhere = withToken(tokenOf(browser))
    t.ok((await end(browser)).status < 300, name)
    t.ok(isChallenged(await password(elsewhere, who)), name)
  }
  t.same(await redis.keys(keys.account(id).trustedBrowser('*')), [])
  const plain = await trust(who)
  await plain.post('/auth/logout', undefined, { token: plain.token })
  t.match((await password(plain, who)).body, { twoFactorRequired: false }, 'a plain logout keeps it')
})

t.test('people see their trusted browsers and end them; nobody sees or ends another’s', async (t) => {
  const { who, id, browser } = await trusting()
  const second = await trust(
    who,
    shared.browser({ ip: '203.0.113.9', userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0' })
  )
  const stranger = await signUp(shared)

  const seen = await devicesOf(second)
  t.match(seen, [{ device: 'Firefox on macOS', ip: '203.0.113.9', current: true }, { device: 'Firefox on Linux', current: false }])
  t.strictSame(Object.keys(seen[0] ?? {}).sort(), ['createdAt', 'current', 'device', 'expiresAt', 'id', 'ip', 'lastSeenAt'])
  t.equal(Date.parse(String(seen[0]?.['expiresAt'])) - Date.parse(String(seen[0]?.['createdAt'])), 30 * DAY)
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
  t.equal(await redis.zcard(keys.account(id).trustedBrowsers), 0)
})

t.test('a browser has one record however often it is trusted, an account at most 50, and Redis no token', async (t) => {
  const { who, id, browser } = await trusting()
  const tab = shared.browser()
  await password(tab, who)
  const pending = tab.cookies.get('pending')
  const otherTab = await browser.post('/auth/verify-otp', { otp: await lastCode(shared, who), trustDevice: true }, { token: pending })
  t.equal(otherTab.status, 200)
  t.equal((await devicesOf(browser)).length, 1, 'trusted again in a second tab')
  const { sid } = decode(browser.token ?? '').claims
  const [old] = await devicesOf(browser)
  const token = tokenOf(browser)

  const client = { ip: '10.0.0.1', device: 'Firefox on Linux' }
  for (let n = 0; n < 55; n++) await shared.inside.records.trustedBrowsers.open({ accountId: id, sid: String(sid), client })
  const devices = await devicesOf(browser)
  t.equal(devices.length, 50)
  t.notOk(devices.some((one) => one['id'] === old?.['id'] || one['current'] === true), 'the ones used longest ago went')
  for (const key of await redis.keys(`${ofAccount(id)}:t*`)) {
    if (await redis.pttl(key) <= 0) t.fail(`${key} never runs out`)
    if (key.includes(':t:') && JSON.stringify(await redis.hgetall(key)).includes(token.slice(-20))) t.fail(`${key} holds the token`)
  }
  await shared.inside.records.sessions.end({ accountId: id, sid: String(sid), client }, 'logout')
  t.equal(
    await shared.inside.records.trustedBrowsers.open({ accountId: id, sid: String(sid), client }),
    null,
    'an ended session trusts nobody'
  )
})

function withRefresh (token: string): Browser {
  const browser = shared.browser()
  browser.cookies.set('refresh', token)
  return browser
}

t.test('cookies of the same names that another application on this host has set are passed over', async (t) => {
  const { who, browser } = await trusting()
  const asideOf = (value: string, name: string): string[] =>
    [`${name}=theirs; ${name}=${value}`, `${name}=${value}; ${name}=`, `${name}=${'A'.repeat(99)}; ${name}=${value}`]
  const send = async (path: string, cookie: string, body?: unknown): Promise<Answer> =>
    await shared.browser().post(path, body, { headers: { cookie } })

  for (const cookie of asideOf(browser.cookies.get('trusted') ?? '', 'trusted')) {
    const login = await send('/auth/login', cookie, { email: who.email, password: who.password })
    t.match([login.status, login.body], [200, { twoFactorRequired: false }], cookie.slice(0, 20))
    const renewed = login.setCookies.find((one) => one.startsWith('trusted='))?.split(/[=;]/)[1]
    if (renewed) browser.cookies.set('trusted', renewed)
  }
  for (const cookie of asideOf(browser.cookies.get('refresh') ?? '', 'refresh')) t.equal((await send('/auth/refresh', cookie)).status, 200)

  const stranger = shared.browser()
  await password(stranger, who)
  for (const cookie of asideOf(stranger.cookies.get('pending') ?? '', 'pending')) {
    t.match((await shared.browser().get('/auth/2fa', { headers: { cookie } })).body, { purpose: 'login' })
  }
  for (const cookie of asideOf(browser.cookies.get('device') ?? '', 'device')) {
    const count = await mailsTo(who, /new|device/i)
    const login = await send('/auth/login', cookie, { email: who.email, password: who.password })
    await shared.browser().post('/auth/verify-otp', { otp: await lastCode(shared, who) }, {
      headers: { cookie: `${cookie}; pending=${String(login.body['pendingToken'])}` }
    })
    t.equal(await mailsTo(who, /new|device/i), count, 'a known device')
  }
})
