import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { makeDisownToken } from '../../src/records/links/disown-link.ts'
import { logIn, person, signUp, startApp, wrongCode } from '../support/app.ts'
import type { Answer } from '../support/browser.ts'
import { mailsSettled } from '../support/observe.ts'
import { addPasskey, signInByPasskey } from '../support/passkeys.ts'
import { json } from '../support/shapes.ts'

const server = await startApp(t)
const { client: redis } = server.redis
const { records, keyring } = server.inside

const code = ({ status, body }: Answer): unknown => [status, body['code']]
const DAY = 86_400_000

/** The token in the newest mail to this address whose subject is about this. */
async function tokenIn (to: string, about: RegExp): Promise<string> {
  await mailsSettled(server)
  const mail = server.smtp.mails.findLast((one) => one.to === to && about.test(one.subject))
  return /\/disown#([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? ''
}
const disown = async (token: string) => await server.browser().post('/auth/disown', { token })
const login = async ({ email, password }: { email: string, password: string }) =>
  await server.browser().post('/auth/login', { email, password })
const tokenFor = (accountId: string, at: number, leftEmail: string | null = null): string =>
  makeDisownToken(keyring, { accountId, at, leftEmail })

async function resetPassword (email: string, newPassword: string): Promise<void> {
  const browser = server.browser()
  await browser.post('/auth/password/forgot', { email })
  const answer = await browser.post('/auth/password/reset', { otp: await server.smtp.code(email), newPassword })
  if (answer.status !== 200) throw new Error(answer.text)
}

t.test('the link in the mail about a new browser ends everything, and the password works again after a reset', async (t) => {
  const { who, id, browser, token } = await signUp(server)
  const thief = server.browser()
  await thief.post('/auth/login', { email: who.email, password: who.password })
  await thief.post('/auth/verify-otp', { otp: await server.smtp.code(who.email), trustDevice: true })
  const waiting = await login(who)
  await server.smtp.code(who.email)
  const link = await tokenIn(who.email, /sign-in from a new/i)
  t.not(link, '')

  const answer = await disown(link)
  t.equal(answer.status, 200)
  t.notMatch(answer.text, who.email)
  t.strictSame(code(await browser.get('/auth/me', { token })), [401, 'SESSION_ENDED'])
  t.equal((await thief.post('/auth/refresh')).status, 401)
  t.strictSame(code(await server.browser().get('/auth/2fa', { token: String(waiting.body['pendingToken']) })), [401, 'CHALLENGE_INVALID'])
  t.strictSame(code(await thief.post('/auth/login', { email: who.email, password: who.password })), [401, 'CREDENTIALS_INVALID'])
  for (const key of [keys.account(id).sessions, keys.account(id).trustedBrowsers, keys.account(id).devices, keys.account(id).attempts]) {
    t.equal(await redis.exists(key), 0, key)
  }
  t.equal((await records.activity.listFor(id)).items.some(({ event }) => event === 'disowned'), true)
  t.ok(server.logs.some((line) => line.includes('"event":"account.disowned"') && line.includes(id)))

  const fresh = `${who.password}-anew`
  await resetPassword(who.email, fresh)
  const back = await logIn(server, { ...who, password: fresh })
  t.equal((await disown(link)).status, 200, 'the same link again says the same')
  t.equal((await back.browser.get('/auth/me', { token: back.token })).status, 200, 'and does nothing')
})

t.test('a scanner that opens the link, and a double click, do no harm', async (t) => {
  const { who, id, browser, token } = await signUp(server)
  const link = tokenFor(id, Date.now())
  for (const method of ['GET', 'HEAD'] as const) {
    await server.browser().call(method, `/disown?token=${link}`)
    t.equal((await server.browser().call(method, '/auth/disown')).status, 405)
  }
  t.equal((await browser.get('/auth/me', { token })).status, 200)
  const answers = await Promise.all(Array.from({ length: 20 }, async () => await disown(link)))
  t.ok(answers.every(({ status }) => status === 200))
  t.equal((await records.activity.listFor(id)).items.filter(({ event }) => event === 'disowned').length, 1)
  t.strictSame(code(await login(who)), [401, 'CREDENTIALS_INVALID'])
})

t.test('old, foreign and made-up links do nothing', async (t) => {
  const [one, other] = [await signUp(server), await signUp(server)]
  const link = tokenFor(one.id, Date.now())
  const wrong = [
    tokenFor(one.id, Date.now() - 7 * DAY - 1), 'AAAA', `${link}A`, `A${link.slice(1)}`, tokenFor('AAAAAAAAAAAAAAAAAAAAAA', Date.now()),
    keyring.seal(one.id, 'cid')
  ]
  for (const token of wrong) t.strictSame(code(await disown(token)), [401, 'CHALLENGE_INVALID'])
  t.equal((await disown(link)).status, 200)
  t.equal((await other.browser.get('/auth/me', { token: other.token })).status, 200, 'another account is none of its business')
})

t.test('who has reset the password since has done it all: an older link changes nothing', async (t) => {
  const { who, id } = await signUp(server)
  const link = tokenFor(id, Date.now() - 10 * 60_000)
  const fresh = `${who.password}-anew`
  await resetPassword(who.email, fresh)
  const { browser, token } = await logIn(server, { ...who, password: fresh })
  t.equal((await disown(link)).status, 200)
  t.equal((await browser.get('/auth/me', { token })).status, 200)
})

t.test('known browsers are forgotten by a reset', async (t) => {
  const { who, id } = await signUp(server)
  t.equal(await redis.exists(keys.account(id).devices), 1)
  await resetPassword(who.email, `${who.password}-anew`)
  t.equal(await redis.exists(keys.account(id).devices), 0)
})

t.test('the address that was changed away from gets the account back, once, though the password was changed since', async (t) => {
  const { who, id, browser, token } = await signUp(server)
  const thief = person().email
  const asked = await browser.post('/users/me/email', { email: thief }, { token })
  const otp = await server.smtp.code(thief)
  const changed = await browser.post('/users/me/email/confirm', { otp, pendingToken: asked.body['pendingToken'] }, { token })
  t.equal(changed.status, 200, changed.text)
  const link = await tokenIn(who.email, /address was changed|address has been changed|changed/i)
  t.not(link, '')
  await resetPassword(thief, 'a-thief-was-here-today-9')

  const answers = await Promise.all([disown(link), disown(link)])
  t.ok(answers.every(({ status }) => status === 200))
  t.equal((await records.accounts.find(id))?.email, who.email)
  t.strictSame(code(await login({ email: thief, password: 'a-thief-was-here-today-9' })), [401, 'CREDENTIALS_INVALID'])
  t.equal(await records.accounts.findOwner(await records.addressTags.of(thief)), null, 'the other address is free again')
  const fresh = `${who.password}-anew`
  await resetPassword(who.email, fresh)
  t.equal((await logIn(server, { ...who, password: fresh })).verified.status, 200)

  t.equal((await disown(tokenFor(id, Date.now() - 60_000, thief))).status, 200)
  t.equal((await records.accounts.find(id))?.email, who.email, 'an address that the thief left meanwhile does not get it')
})

t.test('a passkey that the thief added goes, and one from before stays', async (t) => {
  const { id, browser, who } = await signUp(server)
  const mine = await addPasskey(browser)
  const stored = await redis.hget(keys.account(id).passkeys, mine.credentialId)
  const older = JSON.stringify({ ...json(stored ?? ''), createdAt: Date.now() - DAY })
  await redis.hset(keys.account(id).passkeys, mine.credentialId, older)
  const theirs = await addPasskey(browser)
  t.equal((await disown(await tokenIn(who.email, /passkey was added/))).status, 200)
  t.strictSame(code(await signInByPasskey(server.browser(), theirs)), [400, 'PASSKEY_INVALID'])
  t.equal((await signInByPasskey(server.browser(), mine)).status, 200)
})

t.test('a wrong code after the right password carries the link too', async (t) => {
  const { who, id } = await signUp(server)
  const browser = server.browser()
  await browser.post('/auth/login', { email: who.email, password: who.password })
  await browser.post('/auth/verify-otp', { otp: wrongCode(await server.smtp.code(who.email)) })
  t.equal((await disown(await tokenIn(who.email, /incorrect code/i))).status, 200)
  t.equal(await redis.hget(keys.account(id).record, 'passwordHash'), '')
})
