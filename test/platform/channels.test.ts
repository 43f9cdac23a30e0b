import { createHmac, randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { webhookKey, writeWebhookKey } from '../../src/platform/channels/signed-post.ts'
import { createWebhookChannel } from '../../src/platform/channels/webhook.ts'
import { createKeyring } from '../../src/platform/keyring.ts'
import { say } from '../../src/platform/locales/bind-texts.ts'
import { offeredLocales, sentences } from '../../src/platform/locales/index.ts'
import { logIn, SECRET, signUp, startApp, type TestApp, wrongCode } from '../support/app.ts'
import { mailsSettled, tally } from '../support/observe.ts'
import { codeIn, type Received, startReceiver } from '../support/receiver.ts'
import { ageRecords } from '../support/redis.ts'

const PHONE = '+380501234567'
const KEY = randomBytes(32)
const TEXT = { channel: 'sms', to: PHONE, locale: 'en', message: { kind: 'loginCode', code: '483920', ttlMinutes: 5 } } as const

/** As a receiver checks it: HMAC-SHA-256 over id, seconds and body. */
function isSigned ({ headers, raw }: Received, key: Buffer): boolean {
  const expected = createHmac('sha256', key)
    .update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${raw}`)
    .digest('base64')
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`)
}

async function startWithReceiver (t: Test, env: Record<string, string> = {}) {
  const receiver = await startReceiver(t)
  return { receiver, server: await startApp(t, { env: { OTP_WEBHOOK_URL: receiver.url, ...env } }) }
}

/** A person whose number is confirmed. */
async function signUpWithPhone ({ server, receiver }: Awaited<ReturnType<typeof startWithReceiver>>, phone = PHONE) {
  const someone = await signUp(server)
  const { browser, token } = someone
  await browser.post('/users/me/phone', { phone }, { token })
  const confirmed = await browser.post('/users/me/phone/confirm', { otp: codeIn(await receiver.next()) }, { token })
  if (confirmed.status !== 200) throw new Error(`confirm: ${confirmed.status} ${confirmed.text}`)
  return { ...someone, confirmed }
}

const password = async (server: TestApp, { email, password }: { email: string, password: string }) => {
  const browser = server.browser()
  return { browser, answer: await browser.post('/auth/login', { email, password }) }
}

t.test('a number is confirmed by a code that reaches it, and then takes codes of a login', async (t) => {
  const { server, receiver } = await startWithReceiver(t, { OTP_WEBHOOK_SECRET: writeWebhookKey(KEY) })
  const { who, browser, token, id } = await signUp(server)
  const other = await logIn(server, who)
  const asked = await browser.post('/users/me/phone', { phone: PHONE }, { token })
  t.match([asked.status, asked.body], [200, { destination: '+380•••67', ttlMinutes: 10, resendAfterSeconds: 60, pendingToken: String }])
  t.match((await browser.get('/auth/2fa')).body, { purpose: 'phone', method: 'sms', methods: ['sms'], destination: '+380•••67' })
  const first = await receiver.next()
  t.match(first.body, {
    id: first.headers['webhook-id'],
    kind: 'code',
    destination: PHONE,
    locale: 'en',
    text: /^\d{6} confirms your phone number/,
    timestamp: /^\d{4}-.*Z$/
  })
  t.ok(isSigned(first, KEY))
  t.match((await browser.post('/users/me/phone/confirm', { otp: wrongCode(codeIn(first)) }, { token })).body, {
    code: 'OTP_INVALID',
    attemptsLeft: 4
  })
  const confirmed = await browser.post('/users/me/phone/confirm', { otp: codeIn(first) }, { token })
  t.match([confirmed.status, confirmed.body], [200, { user: { id, secondFactors: ['email', 'sms'] } }])
  t.match(await server.smtp.next(who.email, ({ subject }) => subject.includes('phone')), { text: /confirmed/ })
  t.equal((await browser.get('/auth/me', { token })).status, 200)
  t.equal((await other.browser.get('/auth/me', { token: other.token })).status, 401, 'a change of a factor ends the other sessions')

  const login = await password(server, who)
  t.match(login.answer.body, { method: 'email', methods: ['email', 'sms'] })
  const mailed = await server.smtp.code(who.email)
  await ageRecords(server.redis.client, '*', 61_000)
  t.match((await login.browser.post('/auth/2fa/resend', { method: 'sms' })).body, { message: /\+380•••67/, resendAfterSeconds: 60 })
  const sent = codeIn(await receiver.next())
  t.match((await login.browser.get('/auth/2fa')).body, { method: 'sms', destination: '+380•••67' })
  const verify = async (otp: string, method: string) => await login.browser.post('/auth/verify-otp', { otp, method })
  t.match((await verify(mailed, 'sms')).body['code'], 'OTP_INVALID', 'the mailed code died with the new one')
  t.match((await verify(sent, 'email')).body['code'], 'OTP_INVALID', 'a sent code is no mailed one')
  t.equal((await verify(sent, 'sms')).status, 200)
})

t.test('of 20 confirmations at once one sets the number; the same again is a conflict; it can be forgotten', async (t) => {
  const rig = await startWithReceiver(t)
  const { server, receiver } = rig
  const { who, browser, token } = await signUp(server)
  await browser.post('/users/me/phone', { phone: PHONE }, { token })
  const otp = codeIn(await receiver.next())
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => await browser.post('/users/me/phone/confirm', { otp }, { token }))
  )
  t.equal(answers.filter(({ status }) => status === 200).length, 1, JSON.stringify(tally(answers)))
  t.match((await browser.post('/users/me/phone', { phone: PHONE }, { token })).body['code'], 'CONFLICT')
  const login = await password(server, who)
  const removed = await browser.call('DELETE', '/users/me/phone', undefined, { token })
  t.match([removed.status, removed.body], [200, { user: { secondFactors: ['email'] } }])
  t.match(await server.smtp.next(who.email, ({ subject }) => subject.includes('removed')), { text: /no longer go there/ })
  t.match(
    (await login.browser.post('/auth/2fa/resend', { method: 'sms' })).body['code'],
    'CHALLENGE_INVALID',
    'a running login died with it'
  )
  t.equal((await browser.call('DELETE', '/users/me/phone', undefined, { token })).status, 404)
  t.match((await (await password(server, who)).browser.post('/auth/2fa/resend', { method: 'sms' })).body['code'], 'VALIDATION_FAILED')
})

t.test('codes of another purpose or another person set no number, and none is set without a recent proof', async (t) => {
  const { server, receiver } = await startWithReceiver(t)
  const [a, b] = [await signUp(server), await signUp(server)]
  const foreign = await b.browser.post('/users/me/phone', { phone: PHONE }, { token: b.token })
  const otp = codeIn(await receiver.next())
  t.match(
    (await a.browser.post('/users/me/phone/confirm', { otp, pendingToken: foreign.body['pendingToken'] }, { token: a.token })).body['code'],
    'CHALLENGE_INVALID'
  )
  t.match((await b.browser.post('/users/me/email/confirm', { otp }, { token: b.token })).body['code'], 'CHALLENGE_INVALID')
  t.match((await b.browser.post('/auth/verify-otp', { otp, method: 'sms' })).body['code'], 'CHALLENGE_INVALID', 'it opens no session')
  for (const phone of ['0501234567', '+0501234567', '+38 050 123 45 67', '+380501234567890123', '+12345', `${PHONE}\n`, 380501234567]) {
    t.match(
      (await a.browser.post('/users/me/phone', { phone }, { token: a.token })).body['code'],
      'VALIDATION_FAILED',
      JSON.stringify(phone)
    )
  }
  await ageRecords(server.redis.client, '*', 11 * 60_000)
  t.match((await b.browser.post('/users/me/phone/confirm', { otp }, { token: b.token })).body['code'], 'REAUTHENTICATION_REQUIRED')
  t.equal(receiver.requests.length, 1)
})

t.test('a number gets no more messages in an hour than an address', async (t) => {
  const { server, receiver } = await startWithReceiver(t, { LIMIT_MAILS_PER_ADDRESS_HOUR: '3', CAPTCHA_AFTER: '0' })
  const { browser, token } = await signUp(server)
  const answers = []
  for (let i = 0; i < 5; i++) answers.push(await browser.post('/users/me/phone', { phone: PHONE }, { token }))
  t.strictSame(tally(answers), { 200: 3, TOO_MANY_REQUESTS: 2 })
  await mailsSettled(server)
  t.equal(receiver.requests.length, 3)
})

t.test('without a webhook there is no number to set, and none to choose', async (t) => {
  const rig = await startWithReceiver(t)
  const { who } = await signUpWithPhone(rig)
  const { redis, smtp } = rig.server
  await rig.server.close()
  const server = await startApp(t, { redis, smtp })
  const { browser, answer } = await password(server, who)
  t.match(answer.body['methods'], ['email'])
  await ageRecords(redis.client, '*', 61_000)
  t.match((await browser.post('/auth/2fa/resend', { method: 'sms' })).body['code'], 'VALIDATION_FAILED')
  t.strictSame((await browser.get('/auth/2fa')).body['methods'], ['email'])
  browser.token = String((await browser.post('/auth/verify-otp', { otp: await smtp.code(who.email) })).body['accessToken'])
  t.match((await browser.post('/users/me/phone', { phone: '+12025550123' }, { token: browser.token })).body['code'], 'NOT_FOUND')
  t.equal((await browser.call('DELETE', '/users/me/phone', undefined, { token: browser.token })).status, 200, 'it can still be forgotten')
})

t.test('a message that was not taken is tried again under the same id while its code lives', async (t) => {
  const { server, receiver } = await startWithReceiver(t)
  const { browser, token } = await signUp(server)
  receiver.answers.splice(0, 1, { status: 500 }, { status: 302, headers: { location: '/elsewhere' } }, { status: 204 })
  await browser.post('/users/me/phone', { phone: PHONE }, { token })
  const tries = [await receiver.next(), await receiver.next(), await receiver.next()]
  await mailsSettled(server)
  t.equal(new Set(tries.map(({ headers }) => headers['webhook-id'])).size, 1)
  t.equal(new Set(tries.map(codeIn)).size, 1)
  t.strictSame(receiver.requests.map(({ path }) => path), ['/send', '/send', '/send'], 'no redirect is followed')

  receiver.answers.splice(0, 1, { status: 410 })
  await browser.post('/users/me/phone', { phone: PHONE }, { token })
  await receiver.next()
  await mailsSettled(server)
  t.equal(receiver.requests.length, 4, 'a no for good ends it')

  receiver.answers.splice(0, 1, { status: 503 })
  await browser.post('/users/me/phone', { phone: PHONE }, { token })
  await receiver.next()
  await ageRecords(server.redis.client, '*', 11 * 60_000)
  await mailsSettled(server)
  t.equal(receiver.requests.length, 5, 'a dead code is not sent')
  t.notMatch(server.logs.join(), /\+38050|127\.0\.0\.1:\d+\/send/, 'no number and no URL in the log')
})

t.test('a delivery is signed with the key that the command prints, and with the ones before it', async (t) => {
  const { server, receiver } = await startWithReceiver(t, { SECRET_PREVIOUS: 'an older secret that was long enough: 0123456789' })
  const { browser, token } = await signUp(server)
  await browser.post('/users/me/phone', { phone: PHONE }, { token })
  const request = await receiver.next()
  t.ok(isSigned(request, createKeyring(SECRET).current.webhook))
  t.ok(isSigned(request, createKeyring('an older secret that was long enough: 0123456789').current.webhook))
  t.notOk(isSigned(request, randomBytes(32)))
  t.notOk(
    isSigned({ ...request, raw: request.raw.replace('67"', '68"') }, createKeyring(SECRET).current.webhook),
    'another number does not fit the signature'
  )
  t.strictSame(webhookKey(writeWebhookKey(KEY)), KEY)
})

t.test('a receiver that is not there costs an error without its address, 429 and 408 another try, other refusals none', async (t) => {
  const receiver = await startReceiver(t)
  const send = async (url: string) => await createWebhookChannel({ url, keys: [KEY] }).deliver(TEXT, 'id-1')
  await send(receiver.url)
  for (const [status, name] of [
    [429, 'Error'],
    [408, 'Error'],
    [500, 'Error'],
    [301, 'Error'],
    [400, 'DeliveryRefusedError'],
    [404, 'DeliveryRefusedError']
  ] as const) {
    receiver.answers.splice(0, 1, { status })
    await t.rejects(send(receiver.url), { name, message: `the webhook answered ${status}` })
  }
  await receiver.close()
  await t.rejects(send(receiver.url), { message: /^the webhook could not be reached \((ECONNREFUSED|UND_ERR_SOCKET)\)$/ })
})

t.test('a text message fits into 160 characters and begins with its code, in every language', async (t) => {
  for (const locale of offeredLocales()) {
    for (const [kind, write] of Object.entries(sentences(locale).shortMessages)) {
      const text = say(write, { code: '1234567890', ttlMinutes: 10, brand: 'B'.repeat(40) })
      t.ok(text.length <= 160 && text.startsWith('1234567890 '), `${locale} ${kind}: ${text}`)
    }
  }
})
