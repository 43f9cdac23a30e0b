import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import t from 'tap'
import { logIn, person, signUp, startApp, type TestApp } from '../../support/app.ts'
import type { Answer } from '../../support/browser.ts'
import { shaped } from '../../support/shapes.ts'
import { pass } from '../../support/observe.ts'

const env = { CAPTCHA_AFTER: '3' }
const wrong = 'guess-and-guess'
const codeOf = ({ body }: Answer): unknown => body['code']

/** How many wrong passwords strangers may try, each from a source of its own, before they are asked. */
async function freeTries (server: TestApp, email: string): Promise<number> {
  for (let tries = 0; ; tries++) {
    if (codeOf(await server.browser().post('/auth/login', { email, password: wrong })) === 'CAPTCHA_REQUIRED') return tries
  }
}

async function solve (refused: Answer): Promise<string> {
  const challenge = shaped<Challenge>(refused.body['captcha'])
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}

t.test('a hammered address asks strangers for a proof of work, known or not, and lets its owner through', async (t) => {
  const server = await startApp(t, { env })
  const { who, browser: owner } = await signUp(server)
  for (const email of [who.email, person().email]) t.equal(await freeTries(server, email), 3)
  const stranger = server.browser()
  const refused = await stranger.post('/auth/login', { email: who.email, password: who.password })
  t.match(
    [refused.status, refused.body],
    [403, { code: 'CAPTCHA_REQUIRED', captcha: { parameters: { algorithm: 'PBKDF2/SHA-256' }, signature: String } }]
  )

  await logIn(server, who, owner)
  t.pass('the device that the account knows is asked for nothing')

  const captcha = await solve(refused)
  const answer = await stranger.post('/auth/login', { email: who.email, password: who.password, captcha })
  t.match([answer.status, answer.body['twoFactorRequired']], [200, true], 'a solution gets through')
  const again = await stranger.post('/auth/login', { email: who.email, password: who.password, captcha })
  t.match(again.body['code'], 'CAPTCHA_REQUIRED', 'each solution once')
})

t.test('20 at once with one solution: one gets through', async (t) => {
  const server = await startApp(t, { env })
  const { who } = await signUp(server)
  for (let i = 0; i < 3; i++) await server.browser().post('/auth/login', { email: who.email, password: 'guess-and-guess' })
  const browser = server.browser()
  const captcha = await solve(await browser.post('/auth/login', { email: who.email, password: who.password }))
  const answers = await Promise.all(Array.from({ length: 20 }, async () =>
    await browser.post('/auth/login', { email: who.email, password: who.password, captcha })))
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.equal(answers.filter(({ body }) => body['code'] === 'CAPTCHA_REQUIRED').length, 19)
})

t.test('a hammering source is asked on every public way, and junk is no solution', async (t) => {
  const server = await startApp(t, { env: { ...env, CAPTCHA_AFTER_SOURCE: '3' } })
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

t.test('what succeeds does not count: any number of people behind one address are asked for nothing', async (t) => {
  const server = await startApp(t, { env: { ...env, CAPTCHA_AFTER_SOURCE: '3' } })
  const ip = '198.51.100.7'
  for (let i = 0; i < 5; i++) {
    const { who } = await signUp(server, person(), server.browser({ ip }))
    await logIn(server, who, server.browser({ ip }))
    const forgetful = server.browser({ ip })
    t.equal((await forgetful.post('/auth/password/forgot', { email: who.email })).status, 202)
    const reset = { otp: await server.smtp.code(who.email), newPassword: `${who.password}-again` }
    t.equal((await forgetful.post('/auth/password/reset', reset)).status, 200, `person ${i + 1}`)
  }
})

t.test('a source is allowed the mistakes of many people, but who sprays passwords over many addresses is asked', async (t) => {
  const server = await startApp(t, { env: { ...env, CAPTCHA_AFTER_SOURCE: '12' } })
  const { who } = await signUp(server)
  const ip = '198.51.100.8'
  const spray = async (): Promise<Answer> => await server.browser({ ip }).post('/auth/login', { email: person().email, password: wrong })
  for (let i = 0; i < 12; i++) {
    t.equal(codeOf(await spray()), 'CREDENTIALS_INVALID', `address ${i + 1}`)
    if (i % 4 === 0) await logIn(server, who, server.browser({ ip }))
  }
  t.equal(codeOf(await spray()), 'CAPTCHA_REQUIRED', 'own sign-ins in between buy nothing')
  t.equal(await freeTries(server, who.email), 3, 'an address is hammered sooner, from however many sources')
})

t.test('what the owner does moves no stranger’s limit: nobody learns that somebody was there', async (t) => {
  const server = await startApp(t, { env: { CAPTCHA_AFTER: '8' } })
  const { who, browser, token } = await signUp(server)
  for (let i = 0; i < 2; i++) await browser.post('/auth/login', { email: who.email, password: wrong })
  await browser.post('/auth/reauthenticate', { password: wrong }, { token })
  await browser.post('/auth/password/forgot', { email: who.email })
  await browser.post('/auth/register', { ...who })
  const elsewhere = server.browser()
  await elsewhere.post('/auth/login', { email: who.email, password: who.password })
  await pass(server, 61_000)
  t.equal((await elsewhere.post('/auth/2fa/resend', {})).status, 200)
  await elsewhere.post('/auth/login', { email: who.email, password: who.password, token: '123456' }, { cookies: false })
  t.equal(await freeTries(server, who.email), 8)
  t.equal(await freeTries(server, person().email), 8, 'as for an address that nobody has')
  t.equal((await browser.post('/auth/password/forgot', { email: who.email })).status, 202, 'nor do strangers move the owner’s')
})

t.test('a proof of work is good for the address, the source and about the difficulty it was made for', async (t) => {
  const server = await startApp(t, { env })
  const { who } = await signUp(server)
  const cheap = person()
  const stranger = server.browser()
  const login = async (email: string, captcha?: string, browser = stranger): Promise<Answer> =>
    await browser.post('/auth/login', { email, password: wrong, ...(captcha ? { captcha } : {}) })
  for (const email of [who.email, cheap.email]) await freeTries(server, email)

  const stock = await Promise.all([1, 2, 3].map(async () => await solve(await login(cheap.email))))
  t.equal(codeOf(await login(who.email, stock[0])), 'CAPTCHA_REQUIRED', 'not for another address')
  t.equal(codeOf(await login(cheap.email, stock[0], server.browser())), 'CAPTCHA_REQUIRED', 'nor from another source')
  t.equal(codeOf(await login(cheap.email, stock[0])), 'CREDENTIALS_INVALID', 'a refusal did not spend it')

  const hammer = async (times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await server.inside.records.pressure.add({ addressTag, source: 'elsewhere', isOwner: false })
  }
  const addressTag = await server.inside.records.addressTags.of(cheap.email)
  await hammer(3)
  t.equal(codeOf(await login(cheap.email, stock[1])), 'CREDENTIALS_INVALID', 'the pressure may have grown meanwhile')
  await hammer(6)
  t.equal(codeOf(await login(cheap.email, stock[2])), 'CAPTCHA_REQUIRED', 'but a stock of easy ones is worth nothing later')
  const text = JSON.stringify((await login(cheap.email)).body['captcha'])
  t.notOk(text.includes(addressTag) || text.includes(cheap.email), 'a challenge tells nobody’s address')
})

t.test('CAPTCHA_AFTER=0 never asks', async (t) => {
  const server = await startApp(t, { env: { CAPTCHA_AFTER: '0' } })
  const browser = server.browser()
  for (let i = 0; i < 120; i++) t.equal((await browser.post('/auth/password/forgot', { email: person().email })).status, 202)
})
