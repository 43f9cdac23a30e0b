import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import t from 'tap'
import { logIn, person, signUp, startApp } from '../../support/app.ts'
import type { Answer } from '../../support/browser.ts'
import { shaped } from '../../support/shapes.ts'

const env = { CAPTCHA_AFTER: '3' }

async function solve (refused: Answer): Promise<string> {
  const challenge = shaped<Challenge>(refused.body['captcha'])
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}

t.test('a hammered address asks strangers for a proof of work, known or not, and lets its owner through', async (t) => {
  const server = await startApp(t, { env })
  const { who, browser: owner } = await signUp(server)
  // The sign-up's mail an instant ago counts as well.
  for (const [email, free] of [[who.email, 2], [person().email, 3]] as const) {
    for (let i = 0; i < free; i++) {
      t.match((await server.browser().post('/auth/login', { email, password: 'guess-and-guess' })).body['code'], 'CREDENTIALS_INVALID')
    }
    t.match((await server.browser().post('/auth/login', { email, password: 'guess-and-guess' })).body['code'], 'CAPTCHA_REQUIRED')
  }
  const refused = await server.browser().post('/auth/login', { email: who.email, password: who.password })
  t.match(
    [refused.status, refused.body],
    [403, { code: 'CAPTCHA_REQUIRED', captcha: { parameters: { algorithm: 'PBKDF2/SHA-256' }, signature: String } }]
  )

  await logIn(server, who, owner)
  t.pass('the device that the account knows is asked for nothing')

  const stranger = server.browser()
  const captcha = await solve(refused)
  const answer = await stranger.post('/auth/login', { email: who.email, password: who.password, captcha })
  t.match([answer.status, answer.body['twoFactorRequired']], [200, true], 'a solution gets through')
  const again = await server.browser().post('/auth/login', { email: who.email, password: who.password, captcha })
  t.match(again.body['code'], 'CAPTCHA_REQUIRED', 'each solution once')
})

t.test('20 at once with one solution: one gets through', async (t) => {
  const server = await startApp(t, { env })
  const { who } = await signUp(server)
  for (let i = 0; i < 3; i++) await server.browser().post('/auth/login', { email: who.email, password: 'guess-and-guess' })
  const captcha = await solve(await server.browser().post('/auth/login', { email: who.email, password: who.password }))
  const answers = await Promise.all(Array.from({ length: 20 }, async () =>
    await server.browser().post('/auth/login', { email: who.email, password: who.password, captcha })))
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.equal(answers.filter(({ body }) => body['code'] === 'CAPTCHA_REQUIRED').length, 19)
})

t.test('a hammering source is asked on every public way, and junk is no solution', async (t) => {
  const server = await startApp(t, { env })
  const browser = server.browser()
  for (let i = 0; i < 3; i++) t.equal((await browser.post('/auth/register', person())).status, 201)
  for (const [url, body] of [
    ['/auth/register', person()],
    ['/auth/password/forgot', { email: person().email }],
    ['/auth/login', { email: person().email, password: 'x' }],
    ['/auth/2fa/resend', {}]
  ] as const) {
    const refused = await browser.post(url, body)
    t.match([refused.status, refused.body['code']], [403, 'CAPTCHA_REQUIRED'], url)
  }
  for (const captcha of [
    'x',
    'e30=',
    Buffer.from('{"challenge":null,"solution":{}}').toString('base64'),
    Buffer.from('{"challenge":{"parameters":{}},"solution":1}').toString('base64')
  ]) {
    t.match((await browser.post('/auth/register', { ...person(), captcha })).body['code'], 'CAPTCHA_REQUIRED')
  }
  t.equal((await server.browser().post('/auth/register', person())).status, 201, 'another source is not asked')
})

t.test('CAPTCHA_AFTER=0 never asks', async (t) => {
  const server = await startApp(t, { env: { CAPTCHA_AFTER: '0' } })
  const browser = server.browser()
  for (let i = 0; i < 12; i++) t.equal((await browser.post('/auth/password/forgot', { email: person().email })).status, 202)
})
