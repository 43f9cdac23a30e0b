import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { newSigningKeys } from '../../src/platform/tokens/signing-keys.ts'
import { logIn, person, signUp, startApp, wrongCode } from '../support/app.ts'
import { ageRecords } from '../support/redis.ts'

const NEW = 'copper-anchor-violin-41'

t.test('changing the password keeps this session, ends the others and mails the owner', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signUp(server)
  const other = await logIn(server, who)
  const wrong = await browser.call('PUT', '/users/password', { currentPassword: 'not-my-password-1', newPassword: NEW }, { token })
  t.match([wrong.status, wrong.body['code']], [401, 'CREDENTIALS_INVALID'])
  const weak = await browser.call('PUT', '/users/password', { currentPassword: who.password, newPassword: 'qwerty123' }, { token })
  t.match([weak.status, weak.body], [400, { code: 'PASSWORD_WEAK', errors: [{ path: '/newPassword' }] }])

  const changed = await browser.call('PUT', '/users/password', { currentPassword: who.password, newPassword: NEW }, { token })
  t.match([changed.status, changed.body], [200, { message: 'Password updated successfully' }])
  t.match(await server.smtp.next(who.email, ({ subject }) => subject.includes('was changed')), { subject: /your password was changed/ })
  t.equal((await browser.get('/auth/me', { token })).status, 200, 'this session lives')
  t.equal((await other.browser.get('/auth/me', { token: other.token })).status, 401, 'the other one is over')
  t.equal((await other.browser.post('/auth/refresh')).status, 401)
  t.equal(
    (await server.browser().post('/auth/login', { email: who.email, password: who.password })).status,
    401,
    'the old password is dead'
  )
  await logIn(server, { ...who, password: NEW })
})

t.test('a login that waits for its code dies with the old password', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signUp(server)
  const waiting = server.browser()
  await waiting.post('/auth/login', { email: who.email, password: who.password })
  const otp = await server.smtp.code(who.email)
  await browser.call('PUT', '/users/password', { currentPassword: who.password, newPassword: NEW }, { token })
  t.match((await waiting.post('/auth/verify-otp', { otp })).body['code'], 'CHALLENGE_INVALID')
})

t.test('guessing the current password with a stolen access token ends the session', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signUp(server)
  const answers = []
  for (let i = 0; i < 5; i++) {
    answers.push(
      (await browser.call('PUT', '/users/password', { currentPassword: `guess-number-${i}`, newPassword: NEW }, { token })).body['code']
    )
  }
  t.strictSame(answers, ['CREDENTIALS_INVALID', 'CREDENTIALS_INVALID', 'CREDENTIALS_INVALID', 'CREDENTIALS_INVALID', 'SESSION_ENDED'])
  t.equal((await browser.get('/auth/me', { token })).status, 401)
  await logIn(server, who, server.browser())
})

t.test('a forgotten password is reset by a code, once, without signing in', async (t) => {
  const server = await startApp(t)
  const { who, browser: signedIn, token } = await signUp(server)
  const browser = server.browser()
  const asked = await browser.post('/auth/password/forgot', { email: who.email })
  t.match([asked.status, asked.body], [202, { ttlMinutes: 10, resendAfterSeconds: 60 }])
  const otp = await server.smtp.code(who.email)

  t.match((await browser.post('/auth/verify-otp', { otp })).body['code'], 'CHALLENGE_INVALID', 'a reset opens no session')
  t.match((await browser.post('/auth/password/reset', { otp: wrongCode(otp), newPassword: NEW })).body, {
    code: 'OTP_INVALID',
    attemptsLeft: 4
  })
  t.match(
    (await browser.post('/auth/password/reset', { otp, newPassword: 'short1' })).body['code'],
    'PASSWORD_WEAK',
    'a refused password spends nothing'
  )

  const answers = await Promise.all(Array.from({ length: 20 }, async (_, i) =>
    await browser.post('/auth/password/reset', { otp, newPassword: `${NEW}-${i}` }, { cookies: true })))
  t.equal(answers.filter(({ status }) => status === 200).length, 1, 'one of 20 at once wins')
  t.ok(answers.filter(({ status }) => status !== 200).every(({ body }) => body['code'] === 'CHALLENGE_INVALID'))
  t.notOk(browser.cookies.has('refresh'))
  t.equal((await signedIn.get('/auth/me', { token })).status, 401, 'every session is over')
  const winner = `${NEW}-${answers.findIndex(({ status }) => status === 200)}`
  const next = await logIn(server, { ...who, password: winner })
  t.match(next.answer.body, { twoFactorRequired: true }, 'the second step is still asked')
})

t.test('an unknown address gets the same answer and no mail, and its decoy code counts alike', async (t) => {
  const server = await startApp(t)
  const { who } = await signUp(server)
  const [known, unknown] = [server.browser(), server.browser()]
  const a = await known.post('/auth/password/forgot', { email: who.email })
  const b = await unknown.post('/auth/password/forgot', { email: person().email })
  t.strictSame(
    [b.status, Object.keys(b.body), b.text.length, Object.keys(b.headers)],
    [a.status, Object.keys(a.body), a.text.length, Object.keys(a.headers)]
  )
  const otp = await server.smtp.code(who.email)
  for (const left of [4, 3, 2, 1, 0]) {
    const [x, y] = [
      await known.post('/auth/password/reset', { otp: wrongCode(otp), newPassword: NEW }),
      await unknown.post('/auth/password/reset', { otp: wrongCode(otp), newPassword: NEW })
    ]
    t.match(x.body, { code: 'OTP_INVALID', attemptsLeft: left })
    t.strictSame({ ...y.body, requestId: '' }, { ...x.body, requestId: '' })
  }
  t.match((await known.post('/auth/password/reset', { otp, newPassword: NEW })).body['code'], 'CHALLENGE_INVALID')
})

t.test('switching the second step asks for a recent proof, both ways, and off for a long password', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signUp(server, { ...person(), password: 'mn7-kobzar' })
  const off = async (options = { token }) => await browser.call('PATCH', '/users/me', { isTwoFactorEnabled: false }, options)
  t.match((await off()).body['code'], 'PASSWORD_WEAK', 'a short password cannot stand alone')
  await browser.call('PUT', '/users/password', { currentPassword: who.password, newPassword: NEW }, { token })

  await ageRecords(server.redis.client, '*', 11 * 60_000)
  t.match((await off()).body['code'], 'REAUTHENTICATION_REQUIRED')
  const challenge = await browser.post('/auth/reauthenticate', { password: NEW }, { token })
  t.match(challenge.body, { twoFactorRequired: true, method: 'email' })
  const proven = await browser.post('/auth/reauthenticate/verify', { otp: await server.smtp.code(who.email) }, { token })
  t.equal(proven.status, 200)
  t.equal(proven.setCookies.some((line) => line.startsWith('refresh=')), false, 'the same session: no new refresh token')

  const other = await logIn(server, { ...who, password: NEW })
  t.match((await off({ token: String(proven.body['accessToken']) })).body, { user: { isTwoFactorEnabled: false } })
  t.equal((await other.browser.get('/auth/me', { token: other.token })).status, 401, 'a change of a factor ends the other sessions')
  const alone = server.browser()
  const login = await alone.post('/auth/login', { email: who.email, password: NEW })
  t.match(login.body, { twoFactorRequired: false, user: { email: who.email } })
  const aloneToken = String(login.body['accessToken'])

  const on = await alone.call('PATCH', '/users/me', { isTwoFactorEnabled: true }, { token: aloneToken })
  t.match(on.body, { user: { isTwoFactorEnabled: true }, challenge: { twoFactorRequired: true, method: 'email' } })
  t.match((await alone.get('/auth/me', { token: aloneToken })).body['code'], 'SESSION_ENDED', 'a session of the password alone is over')
  const verified = await alone.post('/auth/verify-otp', { otp: await server.smtp.code(who.email) })
  t.equal(verified.status, 200, 'the first code proves the mailbox and signs in')
})

t.test('an operator may require the second step', async (t) => {
  const server = await startApp(t, { env: { TWO_FACTOR_REQUIRED: 'true' } })
  const { browser, token } = await signUp(server)
  t.match((await browser.call('PATCH', '/users/me', { isTwoFactorEnabled: false }, { token })).body['code'], 'FORBIDDEN')
})

t.test('sessions of the password alone end when the operator comes to require more', async (t) => {
  const signingKeys = newSigningKeys('shared')
  const before = await startApp(t, { signingKeys })
  const { who, browser, token } = await signUp(before, { ...person(), password: NEW })
  await browser.call('PATCH', '/users/me', { isTwoFactorEnabled: false }, { token })
  const alone = before.browser()
  const login = await alone.post('/auth/login', { email: who.email, password: NEW })
  const weak = String(login.body['accessToken'])
  const after = await startApp(t, { redis: before.redis, smtp: before.smtp, signingKeys, env: { TWO_FACTOR_REQUIRED: 'true' } })
  const cookies = { cookie: [...alone.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  t.match((await after.browser().get('/auth/me', { token: weak })).body['code'], 'SESSION_ENDED')
  t.match((await after.browser().post('/auth/refresh', undefined, { headers: cookies })).body['code'], 'SESSION_ENDED')
  t.match((await after.browser().post('/auth/login', { email: who.email, password: NEW })).body, { twoFactorRequired: true })
})

t.test('a profile is changed by its owner only', async (t) => {
  const server = await startApp(t)
  const { browser, token, id } = await signUp(server)
  const other = await signUp(server)
  t.match((await browser.call('PATCH', `/users/${id}`, { name: ' Оленка ', locale: 'uk' }, { token })).body, {
    user: { name: 'Оленка', locale: 'uk' }
  })
  t.match((await browser.call('PATCH', `/users/${other.id}`, { name: 'Mallory' }, { token })).body['code'], 'NOT_FOUND')
  t.match((await browser.call('PATCH', '/users/me', { role: 'admin' }, { token })).body['code'], 'VALIDATION_FAILED')
})

t.test('a password change that was under way when its session ended sets no password', async (t) => {
  const server = await startApp(t)
  const { who, browser, token, id } = await signUp(server)
  const slow = browser.call('PUT', '/users/password', { currentPassword: who.password, newPassword: NEW }, { token })
  const [sid = ''] = await server.redis.client.zrange(keys.account(id).sessions, '0', '0')
  // As a logout at that moment would: the password work is still going on.
  await server.inside.records.sessions.find(id, sid)
  await server.inside.records.sessions.end({ accountId: id, sid, client: { ip: '', device: '' } }, 'logout')
  t.match((await slow).body['code'], 'SESSION_ENDED')
  await logIn(server, who)
})

t.test('asking for another attempt wins no more guesses: wrong codes of a reauthentication end the session', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signUp(server)
  const answers: unknown[] = []
  for (const guesses of [4, 1]) {
    await browser.post('/auth/reauthenticate', { password: who.password }, { token })
    const otp = wrongCode(await server.smtp.code(who.email))
    for (let i = 0; i < guesses; i++) {
      answers.push((await browser.post('/auth/reauthenticate/verify', { otp }, { token })).body['attemptsLeft'])
    }
  }
  t.strictSame(answers, [4, 3, 2, 1, 0])
  t.match((await browser.get('/auth/me', { token })).body['code'], 'SESSION_ENDED')
})
