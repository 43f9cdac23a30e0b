import t from 'tap'
import { newSigningKeys } from '../../src/platform/tokens/signing-keys.ts'
import { logIn, person, signUp, startApp, type TestApp } from '../support/app.ts'
import { codeOf } from '../support/authenticator.ts'
import { type Browser, decode } from '../support/browser.ts'

const claimsOf = (token: unknown) => decode(String(token)).claims

/** An account without a second step, signed in by its password alone. */
async function signInByPasswordAlone (server: TestApp) {
  const { who, browser, token, id } = await signUp(server, { ...person(), password: 'wooden-lantern-tide-and-a-kettle' })
  const switched = await browser.call('PATCH', '/users/me', { isTwoFactorEnabled: false }, { token })
  t.equal(switched.status, 200)
  const plain = server.browser()
  const answer = await plain.post('/auth/login', { email: who.email, password: who.password })
  t.match(answer.body, { twoFactorRequired: false })
  return { who, id, browser: plain, token: String(answer.body['accessToken']), before: { browser, token } }
}

const me = async (browser: Browser, token: string) => {
  const { status, body } = await browser.get('/auth/me', { token })
  return [status, body['code']]
}

t.test('`2fa: true` says that a second factor was given in this session, and `client_id` names the issuer', async (t) => {
  const server = await startApp(t)
  const { verified, who } = await signUp(server)
  t.match(claimsOf(verified.body['accessToken']), { '2fa': true, amr: ['pwd', 'otp'], client_id: 'http://localhost:3000' })

  const browser = server.browser()
  await browser.post('/auth/login', { email: who.email, password: who.password })
  const trusted = await browser.post('/auth/verify-otp', { otp: await server.smtp.code(who.email), trustDevice: true })
  t.match(claimsOf(trusted.body['accessToken']), { '2fa': true, amr: ['pwd', 'otp'] })
  const again = await browser.post('/auth/login', { email: who.email, password: who.password })
  t.match(claimsOf(again.body['accessToken']), { '2fa': true, amr: ['pwd', 'device'] }, 'a browser that was trusted after a code')
})

t.test('a session by password alone says `2fa: false`, and its owner is not locked out', async (t) => {
  const server = await startApp(t)
  const { browser, token } = await signInByPasswordAlone(server)
  t.match(claimsOf(token), { '2fa': false, amr: ['pwd'] })
  t.strictSame(await me(browser, token), [200, undefined])
  t.equal((await browser.get('/users/me/sessions', { token })).status, 200)

  const refreshed = await browser.post('/auth/refresh')
  t.match(claimsOf(refreshed.body['accessToken']), { '2fa': false, amr: ['pwd'] }, 'a refresh raises nothing')
})

t.test('once the account asks for a second step, a token without one opens nothing', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signInByPasswordAlone(server)
  const started = await browser.post('/users/me/totp', undefined, { token })
  t.equal(started.status, 200, 'the password was given just now')
  const otp = await codeOf(server, String(started.body['secret']))
  t.equal((await browser.post('/users/me/totp/confirm', { otp }, { token })).status, 200)
  t.strictSame(await me(browser, token), [403, 'SECOND_FACTOR_REQUIRED'])

  const refreshed = await browser.post('/auth/refresh')
  t.match(claimsOf(refreshed.body['accessToken']), { '2fa': true, amr: ['pwd', 'otp'] }, 'the session has given its second factor')
  t.strictSame(await me(browser, String(refreshed.body['accessToken'])), [200, undefined])
  t.match((await server.browser().post('/auth/login', { email: who.email, password: who.password })).body, { twoFactorRequired: true })
})

t.test('switching the second step on ends the sessions that gave none, and no other kind lives on as if it had', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signInByPasswordAlone(server)
  const other = server.browser()
  const byPassword = await other.post('/auth/login', { email: who.email, password: who.password })
  const switched = await browser.call('PATCH', '/users/me', { isTwoFactorEnabled: true }, { token })
  t.match(switched.body, { user: { isTwoFactorEnabled: true } })
  // The switch mails a first code.
  await server.smtp.code(who.email)
  t.strictSame(await me(browser, token), [401, 'SESSION_ENDED'])
  t.strictSame(await me(other, String(byPassword.body['accessToken'])), [401, 'SESSION_ENDED'])
  t.match(claimsOf((await logIn(server, who)).token), { '2fa': true })
})

t.test('where the operator requires a second step, a session without one is over', async (t) => {
  const signingKeys = newSigningKeys('test')
  const server = await startApp(t, { signingKeys })
  const { browser, token } = await signInByPasswordAlone(server)
  const { redis, smtp } = server
  const strict = await startApp(t, { redis, smtp, signingKeys, env: { TWO_FACTOR_REQUIRED: 'true' } })
  const elsewhere = strict.browser()
  for (const [name, value] of browser.cookies) elsewhere.cookies.set(name, value)
  t.strictSame(await me(elsewhere, token), [401, 'SESSION_ENDED'])
  t.match((await elsewhere.post('/auth/refresh')).body, { code: 'SESSION_ENDED' })
})
