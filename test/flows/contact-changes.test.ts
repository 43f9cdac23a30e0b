import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { logIn, person, signUp, startApp, type TestApp, wrongCode } from '../support/app.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { costOf, mailsSettled, tally, visible } from '../support/observe.ts'
import { ageRecords } from '../support/redis.ts'
import { shaped } from '../support/shapes.ts'

const MINUTE = 60_000

const ask = async (browser: Browser, email: string, token = browser.token): Promise<Answer> =>
  await browser.post('/users/me/email', { email }, { token })
const confirm = async (browser: Browser, otp: string, token = browser.token): Promise<Answer> =>
  await browser.post('/users/me/email/confirm', { otp }, { token })
const events = async (server: TestApp, id: string, event: string): Promise<string[]> =>
  (await server.inside.records.activity.listFor(id)).items.filter((one) => one.event === event).map(({ result }) => result)
const passwordLogin = async (server: TestApp, email: string, password: string): Promise<number> =>
  (await server.browser().post('/auth/login', { email, password })).status

t.test('an address changes when the code from the new one is given, and not before', async (t) => {
  const server = await startApp(t)
  const { who, browser, token, id } = await signUp(server)
  const other = await logIn(server, who)
  const email = person().email
  const asked = await ask(browser, ` ${email.toUpperCase()} `)
  t.match(
    [asked.status, asked.body],
    [200, { ttlMinutes: 10, resendAfterSeconds: 60, destination: /^ol•••@example\.org$/, pendingToken: String }]
  )
  t.match(
    await server.smtp.next(who.email, ({ subject }) => subject.includes('about to change')),
    { text: /the new address/ },
    'the old address hears of it at once'
  )
  const otp = await server.smtp.code(email)
  t.notMatch(
    JSON.stringify(server.smtp.mails.filter(({ to }) => to === email)),
    who.name,
    'nothing that the owner typed goes to an unproven address'
  )
  t.match((await browser.get('/auth/2fa')).body, {
    purpose: 'email-change',
    method: 'email',
    methods: ['email'],
    destination: 'ol•••@example.org'
  })
  t.match((await browser.get('/auth/me', { token })).body, { user: { email: who.email } })
  t.equal(await passwordLogin(server, email, who.password), 401, 'the new address signs nobody in yet')
  t.match((await confirm(browser, wrongCode(otp))).body, { code: 'OTP_INVALID', attemptsLeft: 4 })

  const done = await confirm(browser, otp)
  t.match([done.status, done.body], [200, { user: { id, email } }])
  t.notOk(browser.cookies.has('pending'))
  t.match(await server.smtp.next(who.email, ({ subject }) => subject.includes('address was changed')), {
    text: /Tell the people who run this service/
  })
  t.equal((await browser.get('/auth/me', { token })).status, 200, 'this session lives')
  t.equal((await other.browser.get('/auth/me', { token: other.token })).status, 401, 'the other one is over')
  t.equal(await passwordLogin(server, who.email, who.password), 401)
  await logIn(server, { ...who, email })
  t.strictSame(await events(server, id, 'email_changed'), ['ok', 'wrong'])
  t.match((await confirm(browser, otp)).body['code'], 'TOKEN_MISSING')
  const newcomer = await signUp(server, { ...person(), email: who.email })
  t.not(newcomer.id, id, 'the old address is free at once')
})

t.test('of 20 confirmations at once one changes the address', async (t) => {
  const server = await startApp(t)
  const { who, browser, id } = await signUp(server)
  const email = person().email
  await ask(browser, email)
  const otp = await server.smtp.code(email)
  const answers = await Promise.all(Array.from({ length: 20 }, async () => await confirm(browser, otp)))
  t.strictSame(tally(answers), { 200: 1, CHALLENGE_INVALID: 19 })
  t.equal((await events(server, id, 'email_changed')).filter((result) => result === 'ok').length, 1)
  t.equal((await events(server, id, 'email_changed')).length, 20, 'and each is told once')
  await mailsSettled(server)
  t.equal(server.smtp.mails.filter(({ to, subject }) => to === who.email && subject.includes('was changed')).length, 1)
  await logIn(server, { ...who, email })
})

t.test('of two accounts that race for one address one gets it', async (t) => {
  const server = await startApp(t)
  const email = person().email
  const [a, b] = [await signUp(server), await signUp(server)]
  await ask(a.browser, email)
  const codeA = await server.smtp.code(email)
  await ask(b.browser, email)
  const codeB = await server.smtp.code(email)
  const answers = await Promise.all([confirm(a.browser, codeA), confirm(b.browser, codeB)])
  t.strictSame(tally(answers), { 200: 1, CONFLICT: 1 })
  const [winner, loser] = answers[0]?.status === 200 ? [a, b] : [b, a]
  t.match((await winner.browser.get('/auth/me', { token: winner.token })).body, { user: { email } })
  t.match((await loser.browser.get('/auth/me', { token: loser.token })).body, { user: { email: loser.who.email } })
  t.equal((await logIn(server, { ...winner.who, email })).verified.status, 200)
  await logIn(server, loser.who)
  t.strictSame(await events(server, loser.id, 'email_changed'), ['conflict'])
})

t.test('whoever signs up with the address first has it', async (t) => {
  const server = await startApp(t)
  const { browser } = await signUp(server)
  const rival = person()
  await ask(browser, rival.email)
  const otp = await server.smtp.code(rival.email)
  await signUp(server, rival)
  t.match((await confirm(browser, otp)).body['code'], 'CONFLICT')
  await logIn(server, rival)
})

t.test('nobody learns whether the new address has an account', async (t) => {
  const server = await startApp(t)
  const [a, b, victim] = [await signUp(server), await signUp(server), await signUp(server)]
  const free = person().email
  // The first time a script is sent as a whole.
  await ask(victim.browser, person().email)
  const known = await costOf(server, async () => await ask(a.browser, victim.who.email))
  const unknown = await costOf(server, async () => await ask(b.browser, free))
  t.strictSame(visible(known.answer), visible(unknown.answer))
  t.strictSame(known.cost, unknown.cost, 'for the same work')
  t.match(await server.smtp.next(victim.who.email, ({ subject }) => subject.includes('already have an account')), {
    text: /Nothing has changed/
  })
  const otp = await server.smtp.code(free)
  const wrong = wrongCode(otp)
  for (const left of [4, 3, 2, 1, 0]) {
    const [x, y] = [await confirm(a.browser, wrong), await confirm(b.browser, wrong)]
    t.match(x.body, { code: 'OTP_INVALID', attemptsLeft: left })
    t.strictSame(visible(x), visible(y))
  }
  await ageRecords(server.redis.client, '*', 2 * MINUTE)
  await ask(a.browser, victim.who.email)
  const [x, y] = [await a.browser.get('/auth/2fa'), (await ask(b.browser, free), await b.browser.get('/auth/2fa'))]
  t.strictSame(Object.keys(x.body), Object.keys(y.body))
  await mailsSettled(server)
  t.equal(
    server.smtp.mails.filter(({ to, subject }) => to === victim.who.email && subject.includes('already have')).length,
    1,
    'one notice a day'
  )
  t.notOk(server.smtp.mails.some(({ to, subject }) => to === victim.who.email && subject.includes('new address')), 'and no code')
})

t.test('even the code of a decoy attempt is wrong', async (t) => {
  const server = await startApp(t)
  const [a, victim] = [await signUp(server), await signUp(server)]
  const asked = await ask(a.browser, victim.who.email)
  const attempt = await server.inside.records.challenges.find(server.inside.tokens.readPending(String(asked.body['pendingToken'])))
  t.match((await confirm(a.browser, attempt?.code ?? '')).body, { code: 'OTP_INVALID', attemptsLeft: 4 })
})

t.test('codes of another purpose, of another person and for the own address are refused', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signUp(server)
  t.match((await ask(browser, ` ${who.email.toUpperCase()}`)).body['code'], 'CONFLICT')
  const other = await signUp(server)
  const email = person().email
  const foreign = String((await ask(other.browser, email)).body['pendingToken'])
  const otp = await server.smtp.code(email)
  t.match((await browser.post('/users/me/email/confirm', { otp, pendingToken: foreign }, { token })).body['code'], 'CHALLENGE_INVALID')

  const login = await server.browser().post('/auth/login', { email: who.email, password: who.password })
  const loginCode = await server.smtp.code(who.email)
  t.match(
    (await browser.post('/users/me/email/confirm', { otp: loginCode, pendingToken: login.body['pendingToken'] }, { token })).body['code'],
    'CHALLENGE_INVALID'
  )
  t.match((await other.browser.post('/auth/verify-otp', { otp })).body['code'], 'CHALLENGE_INVALID', 'a change of address opens no session')
  await ask(browser, person().email)
  t.match((await confirm(browser, loginCode)).body, { code: 'OTP_INVALID', attemptsLeft: 4 }, 'refused and counted')
  await ageRecords(server.redis.client, '*', 11 * MINUTE)
  t.match((await ask(browser, email)).body['code'], 'REAUTHENTICATION_REQUIRED')
  t.match((await confirm(browser, otp)).body['code'], 'REAUTHENTICATION_REQUIRED')
})

t.test('a change that a crash interrupted goes on with the same code, wherever it stopped', async (t) => {
  const server = await startApp(t)
  const { records: { emailChanges, addressBindings, addressTags }, tokens: { readPending } } = server.inside
  for (const stoppedAfter of ['prove', 'bind'] as const) {
    const { who, browser, id, token } = await signUp(server)
    const email = person().email
    const place = readPending(String((await ask(browser, email)).body['pendingToken']))
    const otp = await server.smtp.code(email)
    const { sid } = server.inside.tokens.readAccess(token)
    const { newTag } = await emailChanges.verifyCode({ accountId: id, sid, client: { ip: '', device: '' } }, place, otp)
    if (stoppedAfter === 'bind') await addressBindings.bind(id, newTag)
    t.equal(await passwordLogin(server, who.email, who.password), 200, `after ${stoppedAfter} the old address still signs in`)
    t.match((await browser.post('/auth/2fa/resend')).body['code'], 'CHALLENGE_INVALID')
    t.match((await confirm(browser, wrongCode(otp))).body['code'], 'CHALLENGE_INVALID')
    t.equal((await confirm(browser, otp)).status, 200)
    await logIn(server, { ...who, email })
    for (const key of [keys.account(id).otherAddresses, keys.address(await addressTags.of(who.email)).owner]) {
      t.equal(await server.redis.client.exists(key), 0, 'nothing is left')
    }
  }
})

t.test('what an interrupted change left behind is let go by the next sign-up', async (t) => {
  const server = await startApp(t)
  const { who, browser, id, token } = await signUp(server)
  const next = person()
  const place = server.inside.tokens.readPending(String((await ask(browser, next.email)).body['pendingToken']))
  const otp = await server.smtp.code(next.email)
  const session = { accountId: id, sid: server.inside.tokens.readAccess(token).sid, client: { ip: '', device: '' } }
  const { newTag } = await server.inside.records.emailChanges.verifyCode(session, place, otp)
  await server.inside.records.addressBindings.bind(id, newTag)
  await ageRecords(server.redis.client, '*', 12 * MINUTE)
  const newcomer = await signUp(server, next)
  t.not(newcomer.id, id)
  await logIn(server, who)
})

t.test('an address gets no more codes than its budget, whoever asks for them', async (t) => {
  const server = await startApp(t, { env: { LIMIT_MAILS_PER_ADDRESS_HOUR: '3', CAPTCHA_AFTER: '0' } })
  const [a, b] = [await signUp(server), await signUp(server)]
  const email = person().email
  const answers = [await ask(a.browser, email), await ask(a.browser, email), await ask(b.browser, email), await ask(b.browser, email)]
  t.strictSame(answers.map(({ status }) => status), [200, 200, 200, 429])
  await mailsSettled(server)
  await ageRecords(server.redis.client, '*', 61_000)
  t.equal((await b.browser.post('/auth/2fa/resend')).status, 429)
  await mailsSettled(server)
  t.equal(server.smtp.mails.filter(({ to }) => to === email).length, 3)
})

t.test('an address in another script is one account however its domain is written, from sign-up to deletion', async (t) => {
  const server = await startApp(t)
  const { client } = server.redis
  const typed = 'user@пошта.укр'
  const ascii = 'user@xn--80a1acn3a.xn--j1amh'
  const ways = [typed, ascii, ' \u200buser@ПОШТА.укр\u200b', 'user@пошта。укр']
  const who = { ...person(), email: typed }
  const browser = server.browser()
  t.equal((await browser.post('/auth/register', { ...who, email: ways[2] })).status, 201)
  // The sink reads the domain of an envelope as people write it.
  const verified = await browser.post('/auth/verify-otp', { otp: await server.smtp.code(typed), email: ways[3] })
  const { id } = shaped<{ id: string }>(verified.body['user'])
  t.match(verified.body, { user: { email: typed } }, 'shown as people write it')
  t.equal(await client.hget(keys.account(id).record, 'email'), ascii, 'stored in ASCII')
  for (const email of ways) {
    const browser = server.browser()
    const login = await browser.post('/auth/login', { email, password: who.password })
    t.match([login.status, login.body], [200, { destination: /^us•••@пошта\.укр$/ }], email)
    t.equal((await browser.post('/auth/verify-otp', { otp: await server.smtp.code(typed) })).status, 200)
    t.equal((await server.browser().post('/auth/password/forgot', { email })).status, 202)
    await server.smtp.code(typed)
    t.match(await server.inside.flows.searchAccounts({ email }), { items: [{ id }] })
    t.equal((await server.browser().post('/auth/register', { ...who, email })).status, 201, 'a decoy, as for every address that is taken')
  }
  for (const { raw } of server.smtp.mails) t.match(raw, /^To: user@xn--80a1acn3a\.xn--j1amh\r$/m, 'mailed in ASCII')

  const other = await signUp(server)
  for (const email of [other.who.email.toUpperCase(), `\u200b${other.who.email}`]) {
    t.match((await other.browser.post('/users/me/email', { email }, { token: other.token })).body, { code: 'CONFLICT' }, 'the own one')
  }
  const next = `next.${typed}`
  const started = await other.browser.post('/users/me/email', { email: next }, { token: other.token })
  t.match([started.status, started.body], [200, { destination: /^ne•••@пошта\.укр$/ }])
  const confirmed = await other.browser.post('/users/me/email/confirm', { otp: await server.smtp.code(next) }, { token: other.token })
  t.match([confirmed.status, confirmed.body], [200, { user: { email: next } }])
  t.match((await other.browser.post('/users/me/email', { email: `next.${ascii}` }, { token: other.token })).body, { code: 'CONFLICT' })
})
