import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { ofAccount, ofAddress } from '../support/key-prefixes.ts'
import { logIn, person, type Person, signUp, startApp } from '../support/app.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { mailsSettled, pass, refusalOf, tally, visible } from '../support/observe.ts'
import { shaped } from '../support/shapes.ts'

const MINUTE_MS = 60_000

const server = await startApp(t)
const { client } = server.redis

const accounts = async (): Promise<string[]> => (await client.keys(keys.account('*').record)).sort()
const addressKeys = async (email: string) => keys.address(await server.inside.records.addressTags.of(email))

async function register (who: Person, browser: Browser = server.browser()) {
  const answer = await browser.post('/auth/register', who)
  if (answer.status !== 201) throw new Error(`register: ${answer.status} ${answer.text}`)
  return {
    browser,
    answer,
    id: String(answer.body['userId']),
    pendingToken: String(answer.body['pendingToken']),
    code: await server.smtp.code(who.email)
  }
}

const logInTry = async (email: string, password: string) => await server.browser().post('/auth/login', { email, password })

t.test('registering signs nobody in, tells no code and makes no account', async (t) => {
  const who = person()
  const { browser, answer, id, code } = await register(who)
  t.notOk(browser.cookies.has('refresh'), 'no refresh cookie')
  t.notOk('accessToken' in answer.body, 'no access token')
  t.notOk(JSON.stringify([answer.headers, answer.text]).includes(code), 'the code is only in the mail')
  t.equal(await client.exists(keys.account(id).record), 0)

  const unconfirmed = await logInTry(who.email, who.password)
  const unknown = await logInTry(person().email, who.password)
  t.match(refusalOf(unconfirmed), [401, 'CREDENTIALS_INVALID'])
  t.strictSame(visible(unconfirmed), visible(unknown), 'an unconfirmed address looks like an unknown one')
  t.equal((await browser.get('/auth/me', { token: String(answer.body['pendingToken']) })).status, 403)
})

t.test('of two people who sign up with one address, only the one whose own attempt was confirmed has an account', async (t) => {
  const owner = person()
  const stranger: Person = { ...person(), email: owner.email.toUpperCase() }
  const before = await accounts()
  const theirs = await register(stranger)
  const own = await register(owner)

  const ridden = await own.browser.post('/auth/verify-otp', { otp: theirs.code })
  t.match([ridden.status, ridden.body], [400, { code: 'OTP_INVALID', attemptsLeft: 4 }], 'a code confirms only the attempt it was made for')
  const verified = await own.browser.post('/auth/verify-otp', { otp: own.code })
  t.match([verified.status, verified.body['user']], [200, { id: own.id, name: owner.name, email: owner.email }])

  for (const [index, otp] of [theirs.code, own.code, '111111'].entries()) {
    const { status, body } = await theirs.browser.post('/auth/verify-otp', { otp })
    t.match([status, body], [400, { code: 'OTP_INVALID', attemptsLeft: 4 - index }], 'no code is right for the stranger’s attempt any more')
  }
  t.match((await theirs.browser.get('/auth/2fa')).body, { purpose: 'sign-up', attemptsLeft: 2 }, 'and nothing else tells so')
  t.match(refusalOf(await logInTry(owner.email, stranger.password)), [401, 'CREDENTIALS_INVALID'], 'the stranger’s password never works')
  t.equal((await logInTry(owner.email, owner.password)).status, 200, 'the owner’s does')
  t.strictSame((await accounts()).filter((key) => !before.includes(key)), [keys.account(own.id).record], 'one account was made')
  t.equal(await client.exists(keys.account(theirs.id).record), 0)
})

t.test('50 right codes at once make one account with one session', async (t) => {
  const { browser, id, code, pendingToken } = await register(person())
  const before = (await accounts()).length
  const answers = await Promise.all(
    Array.from({ length: 50 }, async () => await server.browser().post('/auth/verify-otp', { otp: code }, { token: pendingToken }))
  )
  t.strictSame(tally(answers), { 200: 1, CHALLENGE_INVALID: 49 })
  t.equal((await accounts()).length, before + 1)
  t.equal(await client.zcard(keys.account(id).sessions), 1)
  t.equal((await client.keys(keys.account(id).session('*'))).length, 1)

  t.match(refusalOf(await browser.post('/auth/verify-otp', { otp: code })), [401, 'CHALLENGE_INVALID'], 'and the code is spent')
  t.notOk(browser.cookies.has('refresh'))
})

t.test('nobody can register with more than a name, an address, a password and a language', async (t) => {
  const who = person()
  for (const extra of [
    '"role":"admin"',
    '"id":"x"',
    '"userId":"x"',
    '"emailVerified":true',
    '"2fa":true',
    '"isTwoFactorEnabled":false',
    '"status":"active"',
    '"createdAt":"2000-01-01T00:00:00.000Z"',
    '"__proto__":{"role":"admin"}',
    '"constructor":{"prototype":{"role":"admin"}}'
  ]) {
    const raw = `${JSON.stringify(who).slice(0, -1)},${extra}}`
    t.match(refusalOf(await server.browser().post('/auth/register', undefined, { raw })), [400, 'VALIDATION_FAILED'], extra)
  }
  t.strictSame(await client.keys(`${ofAddress(await server.inside.records.addressTags.of(who.email))}*`), [], 'no attempt was opened')

  const { verified } = await signUp(server, who)
  t.match(verified.body['user'], { role: 'user', status: 'active', isTwoFactorEnabled: true })
})

t.test('spellings of one mailbox are one account, and letters that only look alike are refused everywhere', async (t) => {
  const who: Person = { ...person(), email: `kim.${person().email}` }
  const { id } = await signUp(server, who)
  const before = await accounts()
  const shout = who.email.toUpperCase()
  for (const email of [shout, ` ${who.email} `, who.email.replace('kim', 'KiM')]) {
    const { status, body } = await server.browser().post('/auth/register', { ...person(), email })
    t.equal(status, 201, `${JSON.stringify(email)} answers as always`)
    const { isDecoy } = await server.inside.records.challenges.find(server.inside.tokens.readPending(String(body['pendingToken']))) ?? {}
    t.equal(isDecoy, true, 'but it is the same mailbox, which has an account')
    t.match(await logInTry(email, who.password), { status: 200 }, 'and logs into it')
  }
  const lookalikes = [
    `${who.email}.`,
    who.email.replace('kim', 'ｋｉｍ'),
    who.email.replace('@', '＠'),
    who.email.replace('k', '\u212a'),
    who.email.replace('kim', 'ﬁ'),
    who.email.replace('kim', 'ki\u200bm'),
    who.email.replace('kim', 'kım'),
    who.email.replace('example', 'exаmple'),
    `${who.email},${person().email}`,
    `"${who.email}"`,
    `Kim <${who.email}>`,
    `${who.email}\r\nBcc: ${person().email}`,
    `${who.email}\n`,
    `\u00a0${who.email}`
  ]
  for (const email of lookalikes) {
    for (const [url, body] of [['/auth/register', { ...who, email }], ['/auth/login', { email, password: who.password }]] as const) {
      t.match(refusalOf(await server.browser().post(url, body)), [400, 'VALIDATION_FAILED'], `${url} ${JSON.stringify(email)}`)
    }
  }
  t.strictSame(await accounts(), before, 'no second account')
  t.equal(await client.hget((await addressKeys(shout)).owner, 'accountId'), id)
})

t.test('a sign-up whose server died between the two steps is continued by the same code', async (t) => {
  const who = person()
  const { browser, code, id, pendingToken } = await register(who)
  await server.inside.records.registrations.verifyCode(server.inside.tokens.readPending(pendingToken), code, '')
  t.equal(await client.exists(keys.account(id).record), 0, 'it died before the account was made')

  t.match(refusalOf(await logInTry(who.email, who.password)), [401, 'CREDENTIALS_INVALID'])
  t.match(
    refusalOf(await browser.post('/auth/verify-otp', { otp: code === '111111' ? '222222' : '111111' })),
    [401, 'CHALLENGE_INVALID'],
    'only by the same code'
  )
  const verified = await browser.post('/auth/verify-otp', { otp: code })
  t.match([verified.status, verified.body['user']], [200, { id, email: who.email }])
  t.equal((await browser.get('/auth/me', { token: String(verified.body['accessToken']) })).status, 200)
  t.match(
    refusalOf(await browser.post('/auth/verify-otp', { otp: code }, { token: pendingToken })),
    [401, 'CHALLENGE_INVALID'],
    'and only once'
  )
  await logIn(server, who)
})

t.test('an address bound by a sign-up that nobody finished can be signed up again', async (t) => {
  const who = person()
  const { browser, code, id, pendingToken } = await register(who)
  await server.inside.records.registrations.verifyCode(server.inside.tokens.readPending(pendingToken), code, '')
  const { owner } = await addressKeys(who.email)

  const meanwhile = await server.browser().post('/auth/register', who)
  await mailsSettled(server)
  t.equal(meanwhile.status, 201)
  t.equal(server.smtp.mails.filter(({ to }) => to === who.email).length, 1, 'while the first may still be finished, nobody else can')

  await pass(server, 10 * MINUTE_MS + 1)
  t.match(refusalOf(await browser.post('/auth/verify-otp', { otp: code })), [401, 'CHALLENGE_INVALID'], 'it is too late to continue')
  await pass(server, 2 * MINUTE_MS)
  const again = await signUp(server, who)
  t.not(again.id, id)
  t.equal(await client.hget(owner, 'accountId'), again.id)
  t.equal(await client.exists(keys.account(id).record), 0)
})

t.test('a server that slept between the two steps makes no account for an address that may be another’s by now', async (t) => {
  const { code, id, pendingToken } = await register(person())
  const proven = await server.inside.records.registrations.verifyCode(server.inside.tokens.readPending(pendingToken), code, '')
  const late = { ...proven, provenAt: proven.provenAt - 10 * MINUTE_MS }
  const asker = { ip: '198.51.100.1', device: '?' }
  const draft = server.inside.records.sessions.draft({ accountId: id, amr: ['pwd', 'otp'], client: asker })
  await t.rejects(server.inside.records.registrations.complete(server.inside.tokens.readPending(pendingToken), late, draft), {
    code: 'CHALLENGE_INVALID'
  })
  t.strictSame(await client.keys(`${ofAccount(id)}:*`), [], 'neither an account nor a session')
})

t.test('after an address is confirmed no code is right for any other attempt, also those of the same person', async (t) => {
  const who = person()
  const first = await register(who)
  const second = await register(who)
  t.equal((await first.browser.post('/auth/verify-otp', { otp: first.code })).status, 200, 'the older one may be confirmed as well')
  t.match(refusalOf(await second.browser.post('/auth/verify-otp', { otp: second.code })), [400, 'OTP_INVALID'])
  t.equal(await client.exists(keys.account(second.id).record), 0)
  const [left = '', ...more] = await client.keys((await addressKeys(who.email)).attempt('*'))
  t.match([await client.hget(left, 'decoy'), await client.hget(left, 'passwordHash'), more], ['1', null, []], 'one decoy is left')
})

t.test('whether the owner confirms, deletes or leaves: a stranger’s own attempts for the address go on as they were', async (t) => {
  // Longer than all of this takes, on whatever machine: what may be asked again must not depend on it.
  const server = await startApp(t, { env: { TWO_FACTOR_RESEND_INTERVAL_SECONDS: '600' } })
  /** What a stranger sees who holds a sign-up and a reset for the address, and asks for all that there is. */
  async function watch (happens: (owner: Person, act: () => Promise<unknown>) => Promise<unknown>): Promise<unknown[]> {
    const owner = person()
    const [signingUp, resetting] = [server.browser(), server.browser()]
    let answers: unknown[] = []
    await happens(owner, async () => {
      answers = [
        await signingUp.post('/auth/register', { ...person(), email: owner.email }),
        await resetting.post('/auth/password/forgot', { email: owner.email })
      ].map(visible)
    })
    const see = async (answer: Promise<Answer>): Promise<void> => {
      answers.push(visible(await answer))
    }
    for (const guess of ['111111', '222222']) {
      await see(signingUp.get('/auth/2fa'))
      await see(signingUp.post('/auth/verify-otp', { otp: guess }))
      await see(resetting.post('/auth/password/reset', { otp: guess, newPassword: owner.email }))
      await see(resetting.post('/auth/password/reset', { otp: guess, newPassword: 'wooden-lantern-4f2a91-tide' }))
    }
    await see(signingUp.post('/auth/2fa/resend', {}))
    await pass(server, 601_000)
    for (const browser of [signingUp, resetting]) {
      await see(browser.post('/auth/2fa/resend', {}))
      await see(browser.get('/auth/2fa'))
    }
    for (let i = 0; i < 4; i++) await see(signingUp.post('/auth/verify-otp', { otp: '333333' }))
    for (let i = 0; i < 9; i++) await see(server.browser().post('/auth/register', { ...person(), email: owner.email }))
    return answers
  }

  const control = await watch(async (owner, act) => {
    await act()
    await server.browser().post('/auth/register', owner)
  })
  const confirmed = await watch(async (owner, act) => {
    await act()
    await server.smtp.code(owner.email)
    await signUp(server, owner)
  })
  const kept = await watch(async (owner, act) => {
    await signUp(server, owner)
    await act()
  })
  const deleted = await watch(async (owner, act) => {
    const { browser, token } = await signUp(server, owner)
    await act()
    const { status } = await browser.call('DELETE', '/users/me', undefined, { token })
    if (status !== 204) throw new Error(`not deleted: ${status}`)
  })
  const left = await watch(async (owner, act) => {
    const { browser, token } = await signUp(server, owner)
    await act()
    const email = person().email
    const { body } = await browser.post('/users/me/email', { email }, { token })
    const asked = { otp: await server.smtp.code(email), pendingToken: body['pendingToken'] }
    const { status, text } = await browser.post('/users/me/email/confirm', asked, { token })
    if (status !== 200) throw new Error(`not changed: ${status} ${text}`)
  })
  const likeness = (answers: unknown[]): string =>
    JSON.stringify(answers).replace(/"detail":"[^"]*"/g, (detail) => detail.replace(/\d+/g, '0'))
  const statuses = control.map((answer) => shaped<Answer>(answer).status)
  t.match(statuses, [201, 202, 200, 400, 400, 400, 200, 400, 400, 400, 429, 200, 200, 200, 200])
  for (const [title, seen] of Object.entries({ confirmed, kept, deleted, left })) t.equal(likeness(seen), likeness(control), title)
})

t.test('two attempts for one address confirmed at once make one account', async (t) => {
  for (let round = 0; round < 5; round++) {
    const who = person()
    const attempts = [await register({ ...who, name: 'First' }), await register({ ...who, name: 'Second' })]
    const answers = await Promise.all(attempts.map(async ({ browser, code }) => await browser.post('/auth/verify-otp', { otp: code })))
    t.strictSame(tally(answers), { 200: 1, OTP_INVALID: 1 })
    const made = await Promise.all(attempts.map(async ({ id }) => await client.exists(keys.account(id).record)))
    t.strictSame(made.toSorted(), [0, 1])
    t.equal(
      await client.hget((await addressKeys(who.email)).owner, 'accountId'),
      attempts.find((_one, index) => answers[index]?.status === 200)?.id
    )
  }
})

t.test('an address that an account took meanwhile cannot be confirmed any more', async (t) => {
  const who = person()
  const { browser, code, id } = await register(who)
  const { id: other } = await signUp(server)
  await client.hset((await addressKeys(who.email)).owner, 'accountId', other)
  t.match(refusalOf(await browser.post('/auth/verify-otp', { otp: code })), [401, 'CHALLENGE_INVALID'])
  t.equal(await client.exists(keys.account(id).record), 0)
  t.equal(await client.hget((await addressKeys(who.email)).owner, 'accountId'), other)
})

t.test('nothing that waits for a code outlives its purpose', async (t) => {
  await register(person())
  const endless = []
  for (const key of await client.keys(`${ofAddress('*')}:*`)) if (!key.endsWith(':owner') && await client.pttl(key) < 0) endless.push(key)
  t.strictSame(endless, [], 'only the owner of an address has no end')
})
