import t from 'tap'
import { signUp, startApp, type TestApp } from '../support/app.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { mailsSettled } from '../support/observe.ts'
import { readOpenApi } from '../support/openapi.ts'

interface Person { who: { email: string, password: string, name: string }, browser: Browser, token: string }

/** The code of this request's own mail: those of earlier ways are waited for and put away first. */
async function codeOf (server: TestApp, to: string, ask: () => Promise<Answer>): Promise<{ answer: Answer, otp: string }> {
  await mailsSettled(server)
  server.smtp.mails.length = 0
  const answer = await ask()
  return { answer, otp: await server.smtp.code(to) }
}

/** Every request by which somebody without a session could try to get one, for an account that has a second step. */
const ways: Record<string, (server: TestApp, person: Person, stranger: Browser) => Promise<Answer>> = {
  'the password alone': async (_server, { who }, stranger) =>
    await stranger.post('/auth/login', { email: who.email, password: who.password }),
  'signing up once more': async (_server, { who }, stranger) => await stranger.post('/auth/register', who),
  'the code of a reset': async (server, { who }, stranger) => {
    const { otp } = await codeOf(server, who.email, async () => await stranger.post('/auth/password/forgot', { email: who.email }))
    return await stranger.post('/auth/verify-otp', { otp })
  },
  'a reset that was finished': async (server, { who }, stranger) => {
    const { otp } = await codeOf(server, who.email, async () => await stranger.post('/auth/password/forgot', { email: who.email }))
    return await stranger.post('/auth/password/reset', { otp, newPassword: 'copper-anchor-violin-41' })
  },
  'the password that a reset has set': async (_server, { who }, stranger) =>
    await stranger.post('/auth/login', { email: who.email, password: 'copper-anchor-violin-41' }),
  'a refresh without a session': async (_server, _person, stranger) => await stranger.post('/auth/refresh'),
  'the pending token as refresh token': async (_server, { who }, stranger) => {
    const { body } = await stranger.post('/auth/login', { email: who.email, password: 'copper-anchor-violin-41' })
    return await stranger.post('/auth/refresh', undefined, {
      headers: { cookie: `refresh=${String(body['pendingToken'])}` },
      cookies: false
    })
  },
  'the pending token for a reauthentication': async (_server, { who }, stranger) => {
    const { body } = await stranger.post('/auth/login', { email: who.email, password: 'copper-anchor-violin-41' })
    return await stranger.post('/auth/reauthenticate', { password: 'copper-anchor-violin-41' }, { token: String(body['pendingToken']) })
  }
}

t.test('no way to a session goes around the second step of an account that has one', async (t) => {
  const server = await startApp(t)
  const signedUp = await signUp(server)
  for (const [way, go] of Object.entries(ways)) {
    const stranger = server.browser()
    const answer = await go(server, signedUp, stranger)
    t.equal(answer.body['accessToken'], undefined, `${way}: no access token`)
    t.notOk(stranger.cookies.has('refresh'), `${way}: no refresh cookie`)
    t.not(answer.status, 500)
  }
  const last = server.browser()
  const { answer: { body }, otp } = await codeOf(server, signedUp.who.email, async () =>
    await last.post('/auth/login', { email: signedUp.who.email, password: 'copper-anchor-violin-41' }))
  t.equal(
    (await last.post('/auth/verify-otp', { otp }, { token: String(body['pendingToken']) })).status,
    200,
    'with the second step it opens'
  )
})

t.test('these are all routes that can answer an access token', async (t) => {
  const server = await startApp(t)
  const { operations } = await readOpenApi(server)
  const found = operations.filter(({ responses }) => JSON.stringify(responses ?? {}).includes('"accessToken"'))
    .map(({ method, path }) => `${method} ${path}`)
  t.strictSame(
    found.sort(),
    [
      'POST /auth/login', 'POST /auth/passkeys/verify', 'POST /auth/reauthenticate', 'POST /auth/reauthenticate/passkey',
      'POST /auth/reauthenticate/verify', 'POST /auth/refresh', 'POST /auth/verify-otp'
    ],
    'a new one belongs into the list above, with the second step it asks for'
  )
})
