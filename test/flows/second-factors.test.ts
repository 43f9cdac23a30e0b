import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { logIn, signUp, startApp } from '../support/app.ts'
import { codeOf, letStepsPass, passwordStep, signUpWithTotp, wrongTotp } from '../support/authenticator.ts'
import { type Browser, decode } from '../support/browser.ts'
import { mailsSettled, refusalOf } from '../support/observe.ts'
import { ageRecords } from '../support/redis.ts'
import { shaped } from '../support/shapes.ts'

const MINUTE_MS = 60_000
const server = await startApp(t)
const { client } = server.redis

const factorsOf = async (browser: Browser, token: string): Promise<unknown> =>
  shaped<{ secondFactors: unknown }>((await browser.get('/auth/me', { token })).body['user']).secondFactors
const mailsTo = async (email: string): Promise<string[]> => {
  await mailsSettled(server)
  return server.smtp.mails.filter(({ to }) => to === email).map(({ subject }) => subject)
}
const eventsOf = async (id: string): Promise<string[]> => (await client.xrange(keys.account(id).activity, '-', '+'))
  .map(([, fields]) => [fields[1], fields[3], fields[5]].join(' '))

t.test('an authenticator counts from its first right code on: before it is neither asked nor accepted', async (t) => {
  const { who, browser, token, id } = await signUp(server)
  const other = await logIn(server, who)
  const started = await browser.post('/users/me/totp', undefined, { token })
  t.equal(started.status, 200)
  const secret = String(started.body['secret'])
  t.match(secret, /^[A-Z2-7]{32}$/, '160 bits in base32')
  const otpauth = new URL(String(started.body['otpauth']))
  t.equal(`${otpauth.protocol}//${otpauth.host}${decodeURIComponent(otpauth.pathname)}`, `otpauth://totp/Dvokrok (localhost):${who.email}`)
  t.strictSame([...otpauth.searchParams], [['secret', secret], ['issuer', 'Dvokrok (localhost)']])
  t.match(started.body['qr'], /^<svg [^>]*>.*<\/svg>\n?$/s)

  t.strictSame(await factorsOf(browser, token), ['email'])
  const login = await passwordStep(server, who)
  t.match(login.answer.body, { method: 'email', methods: ['email'] })
  t.match((await login.browser.post('/auth/verify-otp', { otp: await codeOf(server, secret), method: 'totp' })).body, {
    code: 'OTP_INVALID',
    attemptsLeft: 4
  })

  const wrong = await browser.post('/users/me/totp/confirm', { otp: await wrongTotp(server, secret) }, { token })
  t.match([wrong.status, wrong.body], [400, { code: 'OTP_INVALID', attemptsLeft: 4 }])
  t.match(refusalOf(await browser.post('/users/me/totp/confirm', { otp: '12345' }, { token })), [400, 'VALIDATION_FAILED'])
  t.match(refusalOf(await browser.post('/users/me/totp/confirm', { otp: 123456 }, { token })), [400, 'VALIDATION_FAILED'])
  const otp = await codeOf(server, secret)
  const confirmed = await browser.post('/users/me/totp/confirm', { otp }, { token })
  t.equal(confirmed.status, 200)
  const codes = shaped<string[]>(confirmed.body['recoveryCodes'])
  t.equal(new Set(codes).size, 10)
  for (const code of codes) t.match(code, /^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)

  t.strictSame(await factorsOf(browser, token), ['totp', 'email'])
  t.equal((await other.browser.get('/auth/me', { token: other.token })).status, 401, 'other sessions are over')
  t.match(refusalOf(await login.browser.post('/auth/2fa/resend')), [401, 'CHALLENGE_INVALID'], 'and running logins')
  t.match(
    refusalOf(await browser.post('/users/me/totp/confirm', { otp }, { token })),
    [401, 'CHALLENGE_INVALID'],
    'a second time there is nothing to confirm'
  )
  t.ok((await mailsTo(who.email)).includes('Dvokrok: an authenticator app is on'))
  t.strictSame((await eventsOf(id)).filter((event) => event.startsWith('totp')),
    ['totp_started ok totp', 'totp_on wrong totp', 'totp_on ok totp', 'totp_on gone totp'], 'each operation is told once')
})

t.test('with an authenticator a login asks for its code and mails nothing until a mail is asked for', async (t) => {
  const { who, secret, id, recoveryCodes } = await signUpWithTotp(server)
  const before = await mailsTo(who.email)
  const first = await passwordStep(server, who)
  t.match(first.answer.body, {
    twoFactorRequired: true,
    method: 'totp',
    methods: ['totp', 'email', 'recovery_code'],
    resendAfterSeconds: 0,
    message: /authenticator app/
  })
  t.match((await first.browser.get('/auth/2fa')).body, { method: 'totp', codeExpiresInSeconds: 0, attemptsLeft: 5 })
  t.strictSame(await mailsTo(who.email), before)
  const verified = await first.browser.post('/auth/verify-otp', { otp: await codeOf(server, secret) })
  t.equal(verified.status, 200)
  t.match(decode(String(verified.body['accessToken'])).claims, { '2fa': true, amr: ['pwd', 'otp'] })

  const second = await passwordStep(server, who)
  t.equal((await second.browser.post('/auth/2fa/resend', { method: 'email' })).status, 200)
  const mailed = await server.smtp.code(who.email)
  t.equal((await second.browser.post('/auth/verify-otp', { otp: mailed, method: 'email' })).status, 200)

  await letStepsPass(server, id)
  const third = await passwordStep(server, who)
  const atOnce = await third.browser.post('/auth/login', { email: who.email, password: who.password, token: await codeOf(server, secret) })
  t.match([atOnce.status, atOnce.body['twoFactorRequired']], [200, false], 'password and code in one request')

  const fourth = await passwordStep(server, who)
  const [code = '', upper = ''] = recoveryCodes
  t.equal((await fourth.browser.post('/auth/verify-otp', { otp: code })).status, 200, 'a recovery code is known by its looks')
  t.match(
    (await server.smtp.next(who.email, ({ subject }) => subject.includes('recovery code was used'))).text,
    /9 recovery codes are left/
  )
  const fifth = await passwordStep(server, who)
  t.equal(
    (await fifth.browser.post('/auth/verify-otp', { otp: upper.replaceAll('-', '').toUpperCase(), method: 'recovery_code' })).status,
    200,
    'and typed without dashes'
  )
  const logins = (await eventsOf(id)).filter((event) => event.startsWith('login'))
  t.strictSame(logins, ['login ok totp', 'login ok email', 'login ok totp', 'login ok recovery_code', 'login ok recovery_code'])
})

t.test('a reauthentication takes the authenticator, a recovery code, or a mailed code', async (t) => {
  const { who, browser, token, id, secret, recoveryCodes } = await signUpWithTotp(server)
  const typed: Array<[method: string, otp: () => Promise<string>]> = [
    ['totp', async () => await codeOf(server, secret)],
    ['recovery_code', async () => String(recoveryCodes[0])],
    ['email', async () => {
      t.equal((await browser.post('/auth/2fa/resend', { method: 'email' })).status, 200)
      return await server.smtp.code(who.email)
    }]
  ]
  for (const [method, otp] of typed) {
    await ageRecords(client, [keys.account(id).session('')], 11 * MINUTE_MS)
    t.match(refusalOf(await browser.post('/users/me/totp', undefined, { token })), [403, 'REAUTHENTICATION_REQUIRED'])
    t.match((await browser.post('/auth/reauthenticate', { password: who.password }, { token })).body, {
      twoFactorRequired: true,
      method: 'totp'
    })
    const proven = await browser.post('/auth/reauthenticate/verify', { otp: await otp(), method }, { token })
    t.equal(proven.status, 200, method)
    t.equal((await browser.post('/users/me/totp', undefined, { token: String(proven.body['accessToken']) })).status, 200)
  }
})

t.test('a recovery code is taken as it is copied, and what cannot be one costs no guess', async (t) => {
  const { who, secret, recoveryCodes, id } = await signUpWithTotp(server)
  const ways: Array<(code: string) => string> = [
    (code) => ` ${code}`, (code) => code.replaceAll('-', ' '), (code) => code.replaceAll('-', '\u2013'),
    (code) => code.replaceAll('-', ' \u2014 '),
    (code) => code.replaceAll('-', '\u2011').toUpperCase(), (code) => `${[...code.replaceAll('-', '')].join(' ')}\u3000`
  ]
  for (const [turn, way] of ways.entries()) {
    const { browser } = await passwordStep(server, who)
    const typed = way(recoveryCodes[turn] ?? '')
    for (const otp of [typed.slice(0, -4), `${typed}a`, typed.replace(/[a-z]/i, '8'), '']) {
      const body = turn % 2 ? { otp } : { otp, method: 'recovery_code' }
      t.match(refusalOf(await browser.post('/auth/verify-otp', body)), [400, 'VALIDATION_FAILED'], otp)
    }
    t.equal((await browser.get('/auth/2fa')).body['attemptsLeft'], 5)
    t.equal((await browser.post('/auth/verify-otp', { otp: typed })).status, 200, JSON.stringify(typed))
  }
  const app = await passwordStep(server, who)
  await letStepsPass(server, id)
  const code = await codeOf(server, secret)
  const spaced = await app.browser.post('/auth/verify-otp', { otp: `${code.slice(0, 3)} ${code.slice(3)}` })
  t.equal(spaced.status, 200, 'nor in the code of the app')
})

t.test('five wrong first codes, another start, or 15 minutes: the secret that waited is dead', async (t) => {
  const { browser, token, id } = await signUp(server)
  const start = async (): Promise<string> => String((await browser.post('/users/me/totp', undefined, { token })).body['secret'])
  const confirm = async (otp: string) => await browser.post('/users/me/totp/confirm', { otp }, { token })

  const first = await start()
  const wrong = await wrongTotp(server, first)
  for (const attemptsLeft of [4, 3, 2, 1, 0]) t.match((await confirm(wrong)).body, { code: 'OTP_INVALID', attemptsLeft })
  t.match(refusalOf(await confirm(await codeOf(server, first))), [401, 'CHALLENGE_INVALID'])

  const second = await start()
  const third = await start()
  t.not(second, third)
  t.match((await confirm(await codeOf(server, second))).body, { code: 'OTP_INVALID', attemptsLeft: 4 })

  await ageRecords(client, [keys.account(id).totpPending], 14 * MINUTE_MS)
  t.equal(await client.exists(keys.account(id).totpPending), 1)
  await ageRecords(client, [keys.account(id).totpPending], MINUTE_MS)
  t.match(refusalOf(await confirm(await codeOf(server, third))), [401, 'CHALLENGE_INVALID'])
  t.strictSame(await factorsOf(browser, token), ['email'])
  t.equal(await client.exists(keys.account(id).recovery), 0, 'no recovery codes either')
})

t.test('an authenticator is replaced only by the first code of the new one, and the old codes die then', async (t) => {
  const { who, browser, token, id, secret, recoveryCodes } = await signUpWithTotp(server)
  const next = String((await browser.post('/users/me/totp', undefined, { token })).body['secret'])
  t.not(next, secret)
  const old = await passwordStep(server, who)
  t.match(
    (await old.browser.post('/auth/verify-otp', { otp: await codeOf(server, next) })).body['code'],
    'OTP_INVALID',
    'the new one does not count yet'
  )
  t.equal((await old.browser.post('/auth/verify-otp', { otp: await codeOf(server, secret) })).status, 200, 'the old one still does')

  t.equal((await browser.post('/users/me/totp/confirm', { otp: await codeOf(server, next) }, { token })).status, 200)
  await letStepsPass(server, id)
  const login = await passwordStep(server, who)
  for (const otp of [await codeOf(server, secret), String(recoveryCodes[0])]) {
    t.match((await login.browser.post('/auth/verify-otp', { otp })).body['code'], 'OTP_INVALID')
  }
  t.equal((await login.browser.post('/auth/verify-otp', { otp: await codeOf(server, next) })).status, 200)
})

t.test('removing the authenticator ends its codes, switches mailed codes on again, and tells the owner', async (t) => {
  const { who, browser, token, id, secret, recoveryCodes } = await signUpWithTotp(server)
  const other = await passwordStep(server, who)
  const session = String((await other.browser.post('/auth/verify-otp', { otp: await codeOf(server, secret) })).body['accessToken'])
  await client.hset(keys.account(id).record, 'emailCode', '0')
  await browser.post('/users/me/totp', undefined, { token })

  const removed = await browser.call('DELETE', '/users/me/totp', undefined, { token })
  t.match([removed.status, removed.body], [200, { message: /removed/ }])
  t.strictSame(await client.exists(keys.account(id).totp, keys.account(id).recovery, keys.account(id).totpPending), 0)
  t.equal(await client.hget(keys.account(id).record, 'emailCode'), null, 'a later authenticator begins with mailed codes beside it')
  t.equal((await other.browser.get('/auth/me', { token: session })).status, 401, 'other sessions are over')
  t.strictSame(await factorsOf(browser, token), ['email'])
  t.ok((await mailsTo(who.email)).includes('Dvokrok: the authenticator app was removed'))
  const login = await passwordStep(server, who)
  t.match(login.answer.body, { method: 'email', methods: ['email'] })
  t.match((await login.browser.post('/auth/verify-otp', { otp: await codeOf(server, secret), method: 'totp' })).body['code'], 'OTP_INVALID')
  t.match((await login.browser.post('/auth/verify-otp', { otp: recoveryCodes[0] })).body['code'], 'OTP_INVALID')
  t.equal((await login.browser.post('/auth/verify-otp', { otp: await server.smtp.code(who.email) })).status, 200)

  t.match(refusalOf(await browser.call('DELETE', '/users/me/totp', undefined, { token })), [404, 'NOT_FOUND'], 'there is none to remove')
  t.match(refusalOf(await browser.post('/users/me/recovery-codes', undefined, { token })), [409, 'CONFLICT'], 'and none to recover')
  t.strictSame((await eventsOf(id)).slice(-2), ['totp_off none totp', 'recovery_codes_new none recovery_code'])
})

t.test('a new set of recovery codes kills the old one, ends other sessions and tells the owner', async (t) => {
  const { who, browser, token, recoveryCodes } = await signUpWithTotp(server)
  const renewed = await browser.post('/users/me/recovery-codes', undefined, { token })
  const fresh = shaped<string[]>(renewed.body['recoveryCodes'])
  t.equal(new Set([...fresh, ...recoveryCodes]).size, 20)
  t.ok((await mailsTo(who.email)).includes('Dvokrok: new recovery codes'))
  const left = async (): Promise<unknown> => (await browser.get('/users/me/recovery-codes', { token })).body
  t.strictSame(await left(), { left: 10 })
  const login = await passwordStep(server, who)
  t.match((await login.browser.post('/auth/verify-otp', { otp: recoveryCodes[0] })).body, { code: 'OTP_INVALID', attemptsLeft: 4 })
  const verified = await login.browser.post('/auth/verify-otp', { otp: fresh[0] })
  t.equal(verified.status, 200)
  t.strictSame(await left(), { left: 9 }, 'the used one is gone')
  t.equal((await browser.post('/users/me/recovery-codes', undefined, { token })).status, 200)
  t.equal((await login.browser.get('/auth/me', { token: String(verified.body['accessToken']) })).status, 401)
  t.equal((await browser.get('/auth/me', { token })).status, 200)
})

t.test('where the mailed code is switched off it is neither offered, nor sent, nor right', async (t) => {
  const { who, id } = await signUpWithTotp(server)
  const login = await passwordStep(server, who)
  t.equal((await login.browser.post('/auth/2fa/resend', { method: 'email' })).status, 200)
  const mailed = await server.smtp.code(who.email)
  // Set past the switch, which would end this login: only the judge is left to refuse.
  await client.hset(keys.account(id).record, 'emailCode', '0')
  t.match((await login.browser.post('/auth/verify-otp', { otp: mailed, method: 'email' })).body, { code: 'OTP_INVALID', attemptsLeft: 4 })
  const next = await passwordStep(server, who)
  t.match(next.answer.body, { methods: ['totp', 'recovery_code'] })
  const before = await mailsTo(who.email)
  for (const body of [{ method: 'email' }, undefined]) {
    t.match(refusalOf(await next.browser.post('/auth/2fa/resend', body)), [400, 'VALIDATION_FAILED'])
  }
  t.strictSame(await mailsTo(who.email), before, 'nothing was mailed')
})
