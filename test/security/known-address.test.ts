import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { logIn, person, type Person, signUp, startApp, wrongCode } from '../support/app.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { costOf, mailsSettled, pass, refusalOf, tally, visible } from '../support/observe.ts'
import { present } from '../support/shapes.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const server = await startApp(t)
const { client } = server.redis
const mailsTo = (email: string) => server.smtp.mails.filter(({ to }) => to === email)

/** A sign-up attempt for an address that has an account. */
async function shamAttempt (who: Person, browser: Browser = server.browser()) {
  const answer = await browser.post('/auth/register', { ...person(), email: who.email })
  if (answer.status !== 201) throw new Error(`register: ${answer.status} ${answer.text}`)
  const place = server.inside.tokens.readPending(String(answer.body['pendingToken']))
  const attempt = await server.inside.records.challenges.find(place)
  return { browser, answer, place, code: attempt?.code ?? '', isDecoy: attempt?.isDecoy }
}

t.test('an address with an account and one without are not told apart by any answer, its cost or its limits', async (t) => {
  const { who } = await signUp(server)
  // So that the mail of the sign-up no longer counts.
  await pass(server, DAY_MS)
  const stranger = person()
  const sides = [who.email, stranger.email].map((email) => ({ email, browser: server.browser() }))
  // Each script is sent in full once; that must not count for one side.
  const warm = server.browser()
  await warm.post('/auth/register', person())
  await warm.post('/auth/2fa/resend')
  await warm.post('/auth/verify-otp', { otp: '111111' })

  async function same (title: string, ask: (side: { email: string, browser: Browser }) => Promise<Answer>, expected: [number, string?]) {
    const results = []
    for (const side of sides) results.push(await costOf(server, async () => await ask(side)))
    const [known, unknown] = results
    if (!known || !unknown) throw new Error('two sides were asked')
    t.match(refusalOf(known.answer), expected, title)
    t.strictSame(visible(known.answer), visible(unknown.answer), `${title}: same status, headers, shape and lengths`)
    t.strictSame(known.cost, unknown.cost, `${title}: same Redis commands and password work`)
    t.ok(known.cost.commands.length > 0, `${title}: the commands were seen`)
    return known
  }
  const register = async ({ email, browser }: { email: string, browser: Browser }) =>
    await browser.post('/auth/register', { name: 'Olena', email, password: 'wooden-lantern-tide' })

  const first = await same('register', register, [201])
  t.ok(first.cost.rounds > 0, 'a password was hashed')
  await same('register with a weak password', async ({ email, browser }) =>
    await browser.post('/auth/register', { name: 'Olena', email, password: 'password' }), [400, 'PASSWORD_WEAK'])
  await same('the code page', async ({ browser }) => await browser.get('/auth/2fa'), [200])
  await same('resend too early', async ({ browser }) => await browser.post('/auth/2fa/resend'), [429, 'RESEND_TOO_EARLY'])
  await pass(server, MINUTE_MS)
  await same('resend', async ({ browser }) => await browser.post('/auth/2fa/resend'), [200])
  await pass(server, 5 * MINUTE_MS)
  await same('resend of a new code', async ({ email, browser }) => await browser.post('/auth/2fa/resend', { email }), [200])
  await same('a wrong code', async ({ browser }) => await browser.post('/auth/verify-otp', { otp: '111111' }), [400, 'OTP_INVALID'])
  await same('another address', async ({ browser }) => await browser.post('/auth/verify-otp', { otp: '111111', email: person().email }), [
    401,
    'CHALLENGE_INVALID'
  ])
  await pass(server, 11 * MINUTE_MS)
  await same('a code too late', async ({ browser }) => await browser.post('/auth/verify-otp', { otp: '111111' }), [400, 'OTP_EXPIRED'])
  for (let wrong = 1; wrong < 5; wrong++) {
    await pass(server, MINUTE_MS)
    if (wrong === 1) await same('resend after its end', async ({ browser }) => await browser.post('/auth/2fa/resend'), [200])
    await same(`wrong code ${wrong + 1}`, async ({ browser }) => await browser.post('/auth/verify-otp', { otp: '111111' }), [
      400,
      'OTP_INVALID'
    ])
  }
  await same('a sixth code', async ({ browser }) => await browser.post('/auth/verify-otp', { otp: '111111' }), [401, 'CHALLENGE_INVALID'])
  await same('resend after five', async ({ browser }) => await browser.post('/auth/2fa/resend'), [401, 'CHALLENGE_INVALID'])

  for (let mails = 4; mails < 10; mails++) await same(`mail ${mails + 1} in an hour`, register, [201])
  await same('one mail more', register, [429, 'TOO_MANY_REQUESTS'])
  await pass(server, HOUR_MS)
  await same('an hour later', register, [201])
})

t.test('a decoy attempt judges even its own code wrong, five times, and changes nothing', async (t) => {
  const { who, id } = await signUp(server)
  const record = await client.hgetall(keys.account(id).record)
  const { browser, code, isDecoy } = await shamAttempt(who)
  t.ok(isDecoy)
  t.match(code, /^\d{6}$/, 'there is a code, which was never mailed')
  for (const left of [4, 3, 2, 1, 0]) {
    const answer = await browser.post('/auth/verify-otp', { otp: code })
    t.match([answer.status, answer.body], [400, { code: 'OTP_INVALID', attemptsLeft: left }])
  }
  t.match(refusalOf(await browser.post('/auth/verify-otp', { otp: code })), [401, 'CHALLENGE_INVALID'])
  t.match(refusalOf(await browser.get('/auth/2fa')), [401, 'CHALLENGE_INVALID'])
  t.notOk(browser.cookies.has('refresh'))
  t.strictSame(await client.hgetall(keys.account(id).record), record, 'the account is as it was')
  await mailsSettled(server)
  t.notOk(mailsTo(who.email).some(({ raw }) => raw.includes(code)), 'no mail has that code')
})

t.test('50 right codes of a decoy attempt at once are five wrong ones', async (t) => {
  const { who, id } = await signUp(server)
  const { browser, code } = await shamAttempt(who)
  const answers = await Promise.all(Array.from({ length: 50 }, async () => await browser.post('/auth/verify-otp', { otp: code })))
  t.strictSame(tally(answers), { OTP_INVALID: 5, CHALLENGE_INVALID: 45 })
  t.equal(await client.zcard(keys.account(id).sessions), 1, 'only the owner is signed in')
})

t.test('an owner hears of sign-ups with their address once a day, without a code', async (t) => {
  const { who } = await signUp(server)
  const before = mailsTo(who.email).length
  const { browser } = await shamAttempt(who)
  for (let i = 0; i < 3; i++) await shamAttempt(who)
  await pass(server, 10 * MINUTE_MS)
  t.equal((await browser.post('/auth/2fa/resend')).status, 200)
  await mailsSettled(server)
  const [notice, ...others] = mailsTo(who.email).slice(before)
  t.strictSame(others, [], 'one mail for four sign-ups and a resend')
  t.match(notice?.headers, { from: /./ })
  t.notMatch(notice?.subject, /\d{6}/)
  t.notMatch(notice?.text.replaceAll(who.email, '').replaceAll(who.name, ''), /(?<!\d)\d{6}(?!\d)/, 'and no code in it')

  await pass(server, DAY_MS - 11 * MINUTE_MS)
  await shamAttempt(who)
  await mailsSettled(server)
  t.equal(mailsTo(who.email).length, before + 1, 'not a second one on the same day')
  await pass(server, 2 * MINUTE_MS)
  await shamAttempt(who)
  await mailsSettled(server)
  t.equal(mailsTo(who.email).length, before + 2, 'the next day again')
})

t.test('sign-up guesses have a budget of 20 a day per address, with or without an account, and never spend the owner’s', async (t) => {
  const { who, id } = await signUp(server)
  const unknown = person()
  for (const email of [who.email, unknown.email]) {
    const browsers = Array.from({ length: 6 }, () => server.browser())
    for (const browser of browsers) t.equal((await browser.post('/auth/register', { ...person(), email })).status, 201)
    const guesses = browsers.flatMap((browser) =>
      Array.from({ length: 5 }, async () => await browser.post('/auth/verify-otp', { otp: '111111' }))
    )
    t.strictSame(tally(await Promise.all(guesses)), { OTP_INVALID: 20, OTP_ATTEMPTS_EXCEEDED: 10 }, 'over six attempts at once')

    const late = present(browsers[5])
    const verify = await late.post('/auth/verify-otp', { otp: '111111' })
    t.match(refusalOf(verify), [429, 'OTP_ATTEMPTS_EXCEEDED'])
    t.ok(Number(verify.headers['retry-after']) > 86_000, 'and it says until when')
    await pass(server, MINUTE_MS)
    t.match(refusalOf(await late.post('/auth/2fa/resend')), [429, 'OTP_ATTEMPTS_EXCEEDED'])
    t.match(refusalOf(await server.browser().post('/auth/register', { ...person(), email })), [429, 'OTP_ATTEMPTS_EXCEEDED'])
  }
  t.equal(await client.exists(keys.account(id).failures), 0, 'none of them counts for the account')
  const { browser } = await logIn(server, who)
  t.ok(browser.cookies.has('refresh'), 'the owner logs in')

  await pass(server, DAY_MS)
  t.equal((await server.browser().post('/auth/register', unknown)).status, 201, 'a day later the address may be signed up')
})

t.test('the budget outlives what is right: a right sign-up code is refused too when it is spent', async (t) => {
  const who = person()
  const own = server.browser()
  await own.post('/auth/register', who)
  const code = await server.smtp.code(who.email)
  for (let attempt = 0; attempt < 4; attempt++) {
    const browser = server.browser()
    await browser.post('/auth/register', { ...person(), email: who.email })
    const wrong = wrongCode(await server.smtp.code(who.email))
    for (let i = 0; i < 5; i++) t.match(refusalOf(await browser.post('/auth/verify-otp', { otp: wrong })), [400, 'OTP_INVALID'])
  }
  t.match(refusalOf(await own.post('/auth/verify-otp', { otp: code })), [429, 'OTP_ATTEMPTS_EXCEEDED'])
  t.notOk(own.cookies.has('refresh'))
})
