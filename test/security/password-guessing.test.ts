import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { logIn, person, signUp, startApp } from '../support/app.ts'
import type { Answer } from '../support/browser.ts'
import { costOf, mailsSettled, pass, refusalOf, tally, visible } from '../support/observe.ts'

const SECOND_MS = 1000
const wrongPassword = 'brass-harbour-seven-kites'

const server = await startApp(t)
const { client } = server.redis
const mailsTo = (email: string) => server.smtp.mails.filter(({ to }) => to === email).length
const attempts = async (id: string) => await client.keys(keys.account(id).attempt('*'))

/** Tries of one source for one address. */
function guesser (email: string, browser = server.browser()) {
  const guess = async (password = wrongPassword): Promise<Answer> => await browser.post('/auth/login', { email, password })
  const fail = async (): Promise<void> => {
    const answer = await guess()
    if (answer.status !== 401) throw new Error(`not judged: ${answer.text}`)
  }
  const spendFree = async (): Promise<void> => { for (let i = 0; i < 5; i++) await fail() }
  /** Wrong so often that the wait, half a minute, is longer than any machine is slow. */
  const beHeldBack = async (): Promise<void> => {
    await spendFree()
    for (const seconds of [1, 2, 4, 8, 16]) {
      await wait(seconds)
      await fail()
    }
  }
  return { browser, guess, fail, spendFree, beHeldBack }
}
const wait = async (seconds: number): Promise<void> => { await pass(server, seconds * SECOND_MS) }
const redisNow = async (): Promise<number> => {
  const [seconds, microseconds] = await client.time()
  return Number(seconds) * SECOND_MS + Math.floor(Number(microseconds) / SECOND_MS)
}

t.test('five wrong passwords are free, then each doubles the wait, up to a quarter of an hour', async (t) => {
  const { who, id } = await signUp(server)
  const delaysInSeconds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
  for (const [email, delays] of [[who.email, delaysInSeconds], [person().email, delaysInSeconds.slice(0, 5)]] as const) {
    const { guess, fail } = guesser(email)
    for (let i = 0; i < 4; i++) await fail()
    for (const seconds of delays) {
      const before = await redisNow()
      await fail()
      const after = await redisNow()
      const [throttle = ''] = await client.keys(keys.address(await server.inside.records.addressTags.of(email)).throttle('*'))
      const until = Number(await client.hget(throttle, 'untilAt'))
      t.ok(until - after <= seconds * SECOND_MS && seconds * SECOND_MS <= until - before, `the wait is ${seconds} s`)
      if (seconds >= 16) {
        const { answer, cost } = await costOf(server, async () => await guess(who.password))
        t.match(refusalOf(answer), [429, 'TOO_MANY_REQUESTS'], 'until then even the right password is refused')
        const told = Number(answer.headers['retry-after'])
        t.ok(told <= seconds && told > seconds / 2, `after ${seconds} s it may come back`)
        t.equal(answer.body['retryAfterSeconds'], told)
        t.equal(cost.rounds, 0, 'and no password is judged')
      }
      await wait(seconds)
    }
  }
  await mailsSettled(server)
  t.strictSame([await attempts(id), mailsTo(who.email)], [[], 1], 'no login was opened and no code mailed')
})

t.test('an hour without a wrong password forgives all, and so does a right one', async (t) => {
  const { who } = await signUp(server)
  const { guess, beHeldBack } = guesser(who.email)
  await beHeldBack()
  await wait(3600 + 32)
  await beHeldBack()
  await wait(32)
  t.equal((await guess(who.password)).status, 200)
  await beHeldBack()
  t.equal((await guess()).status, 429)
})

t.test('many passwords at once win no more guesses than one after the other', async (t) => {
  const { who, id } = await signUp(server)
  const { guess, beHeldBack } = guesser(who.email)
  await beHeldBack()
  await wait(32)
  const passwords = Array.from({ length: 30 }, (_one, index) => index === 29 ? who.password : wrongPassword)
  const answers = await Promise.all(passwords.map(guess))
  t.strictSame(
    tally(answers),
    { CREDENTIALS_INVALID: 1, TOO_MANY_REQUESTS: 29 },
    'one was due and is judged; the right one behind it is not'
  )
  t.strictSame(await attempts(id), [])
  await mailsSettled(server)
  t.equal(mailsTo(who.email), 1, 'no code was mailed')
})

t.test('a stranger’s failures slow down nobody else', async (t) => {
  const { who, browser: home } = await signUp(server)
  const stranger = guesser(who.email)
  await stranger.beHeldBack()
  t.equal((await stranger.guess(who.password)).status, 429)

  t.equal((await guesser(who.email).guess(who.password)).status, 200, 'the owner gets in from elsewhere')
  const beside = server.browser({ ip: '198.51.100.20' })
  const nat = guesser(who.email, server.browser({ ip: '198.51.100.20' }))
  beside.cookies.set('device', String(home.cookies.get('device')))
  await nat.beHeldBack()
  t.equal((await nat.guess(who.password)).status, 429)
  t.equal((await guesser(who.email, beside).guess(who.password)).status, 200, 'and on a known device from the stranger’s own address')

  const other = await signUp(server)
  nat.browser.cookies.set('device', String(other.browser.cookies.get('device')))
  t.equal((await nat.guess(who.password)).status, 429, 'a device known to another account is a stranger')
  nat.browser.cookies.set('device', 'x'.repeat(43))
  const invented = await costOf(server, async () => await nat.guess(who.password))
  t.match([invented.answer.status, invented.cost.rounds], [429, 0], 'and so is an invented one, at no work')
  t.equal(
    (await guesser(other.who.email, server.browser({ ip: '198.51.100.20' })).guess(other.who.password)).status,
    200,
    'other accounts are not slowed'
  )
})

t.test('a known device has five free tries of its own', async (t) => {
  const { who, browser } = await signUp(server)
  const device = guesser(who.email, browser)
  await device.beHeldBack()
  t.match(refusalOf(await device.guess(who.password)), [429, 'TOO_MANY_REQUESTS'])
  t.equal((await guesser(who.email).guess(who.password)).status, 200, 'which count for nobody else')
})

t.test('own logins of the guesser do not reset the victim’s counter, and all spellings of the address share it', async (t) => {
  const victim = await signUp(server)
  const own = await signUp(server)
  const browser = server.browser()
  const { email } = victim.who
  const spellings = [email, email.toUpperCase(), ` ${email}`, `${email} `, email.replace('example', 'EXAMPLE')]
  for (const [index, spelling] of [...spellings, ...spellings].entries()) {
    await guesser(spelling, browser).fail()
    await wait(2 ** Math.max(0, index - 4))
    if (index % 3 === 0) await logIn(server, own.who, browser)
  }
  await guesser(email, browser).fail()
  for (const spelling of spellings) {
    t.match(refusalOf(await guesser(spelling, browser).guess(victim.who.password)), [429, 'TOO_MANY_REQUESTS'], JSON.stringify(spelling))
  }
})

t.test('held back looks the same for an account and for an unknown address', async (t) => {
  const { who } = await signUp(server)
  const seen = []
  for (const email of [who.email, person().email]) {
    const { guess, beHeldBack } = guesser(email)
    await beHeldBack()
    const { answer, cost } = await costOf(server, async () => await guess())
    t.match(refusalOf(answer), [429, 'TOO_MANY_REQUESTS'])
    seen.push({ answer: visible(answer), cost })
  }
  t.strictSame(seen[0], seen[1])
})

t.test('no key of the slow-down names an address or a source, and each has an end', async (t) => {
  const { email } = person()
  await guesser(email, server.browser({ ip: '198.51.100.99' })).spendFree()
  const keys = await client.keys('*')
  t.notOk(keys.some((key) => key.includes(email) || key.includes('198.51.100')))
  const throttles = keys.filter((key) => key.includes(':throttle:'))
  t.ok(throttles.length > 0)
  for (const key of throttles) if (await client.pttl(key) <= 0) t.fail(`${key} never ends`)
})
