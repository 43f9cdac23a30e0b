import t from 'tap'
import { logIn, person, signUp, startApp, wrongCode } from '../support/app.ts'
import { decode } from '../support/browser.ts'
import { shaped } from '../support/shapes.ts'

t.test('sign up, confirm, stay signed in, log in again, log out', async (t) => {
  const server = await startApp(t)
  const who = person()
  const browser = server.browser()

  const registered = await browser.post('/auth/register', who)
  t.equal(registered.status, 201)
  t.match(registered.body, { success: true, emailSent: true, ttlMinutes: 10, resendAfterSeconds: 60, message: /ol•••@example\.org/ })
  t.equal(registered.body['accessToken'], undefined)
  t.equal(browser.cookies.has('refresh'), false, 'nobody is signed in by registering')
  t.match(decode(String(registered.body['pendingToken'])), {
    header: { typ: 'pending+jwt', alg: 'HS256' },
    claims: { '2fa': false, purpose: 'sign-up' }
  })

  const early = await browser.post('/auth/login', { email: who.email, password: who.password })
  t.match([early.status, early.body['code']], [401, 'CREDENTIALS_INVALID'], 'an unconfirmed address has no account')

  const code = await server.smtp.code(who.email)
  const verified = await browser.post('/auth/verify-otp', { otp: code })
  t.equal(verified.status, 200)
  t.match(verified.body, { success: true, message: 'E-mail confirmed! Welcome!', tokenType: 'Bearer', expiresIn: 900 })
  t.strictSame(Object.keys(shaped<object>(verified.body['user'])).sort(),
    ['createdAt', 'email', 'id', 'isTwoFactorEnabled', 'locale', 'name', 'role', 'secondFactors', 'status'])
  t.match(verified.body['user'], {
    id: registered.body['userId'],
    email: who.email,
    name: who.name,
    role: 'user',
    status: 'active',
    isTwoFactorEnabled: true,
    secondFactors: ['email']
  })
  const token = String(verified.body['accessToken'])
  t.match(decode(token), { header: { alg: 'EdDSA', typ: 'at+jwt', kid: 'test' }, claims: { '2fa': true, amr: ['pwd', 'otp'] } })

  const me = await browser.get('/auth/me', { token })
  t.match([me.status, me.body], [200, { user: { email: who.email } }])

  const refreshed = await browser.post('/auth/refresh')
  t.equal(refreshed.status, 200)
  t.equal((await browser.get('/auth/me', { token: String(refreshed.body['accessToken']) })).status, 200)

  const second = await logIn(server, who)
  t.match(second.answer.body, {
    twoFactorRequired: true,
    ttlMinutes: 5,
    method: 'email',
    methods: ['email'],
    destination: 'ol•••@example.org'
  })
  t.equal((await second.browser.get('/auth/me', { token: second.token })).status, 200)

  t.equal((await second.browser.post('/auth/logout', undefined, { token: second.token })).status, 204)
  const after = await second.browser.get('/auth/me', { token: second.token })
  t.match([after.status, after.body['code']], [401, 'SESSION_ENDED'], 'the access token is refused on the very next request')
  t.equal((await browser.get('/auth/me', { token })).status, 200, 'the other session lives')
})

t.test('a wrong code costs an attempt, five end the attempt, and the owner hears of it', async (t) => {
  const server = await startApp(t)
  const { who } = await signUp(server)
  const browser = server.browser()
  await browser.post('/auth/login', { email: who.email, password: who.password })
  const right = await server.smtp.code(who.email)
  for (const left of [4, 3, 2, 1, 0]) {
    const answer = await browser.post('/auth/verify-otp', { otp: wrongCode(right) })
    t.match([answer.status, answer.body], [400, { code: 'OTP_INVALID', attemptsLeft: left }])
  }
  const late = await browser.post('/auth/verify-otp', { otp: right })
  t.match([late.status, late.body['code']], [401, 'CHALLENGE_INVALID'])
  t.match((await browser.post('/auth/2fa/resend')).body['code'], 'CHALLENGE_INVALID')
})
