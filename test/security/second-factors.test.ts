import { keys } from '../../src/platform/redis/keys.ts'
import type { RedisClient } from '../../src/platform/redis/connect.ts'
import t from 'tap'
import { newSigningKeys } from '../../src/platform/tokens/signing-keys.ts'
import { ALL_ADDRESSES, ofAccount } from '../support/key-prefixes.ts'
import { logIn, type Person, signUp, startApp, type TestApp } from '../support/app.ts'
import { codeOf, letStepsPass, passwordStep, redisSeconds, signUpWithTotp, stepOf, wrongTotp } from '../support/authenticator.ts'
import type { Answer, Browser } from '../support/browser.ts'
import { mailsSettled, refusalOf, tally } from '../support/observe.ts'
import { ageRecords, startRedis } from '../support/redis.ts'
import { shaped } from '../support/shapes.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const server = await startApp(t)
const { client } = server.redis

const times = async <Result>(count: number, ask: (i: number) => Promise<Result>): Promise<Result[]> =>
  await Promise.all(Array.from({ length: count }, async (_, i) => await ask(i)))
const verify = async (browser: Browser, otp: string, method: string): Promise<Answer> =>
  await browser.post('/auth/verify-otp', { otp, method })
const sessionsOf = async (id: string): Promise<number> => (await client.keys(keys.account(id).session('*'))).length

/** Logins that wait for their second step, opened two at a time: more would wait for password work. */
async function passwordSteps (who: Person, count: number): Promise<Browser[]> {
  const browsers: Browser[] = []
  while (browsers.length < count) {
    browsers.push(...(await times(2, async () => await passwordStep(server, who))).map(({ browser }) => browser))
  }
  return browsers
}

/** Asks with the code of `stepsAway`, again if a step of the clock began meanwhile. */
async function withinOneStep (app: TestApp, ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const before = stepOf(await redisSeconds(app))
    const answer = await ask()
    if (stepOf(await redisSeconds(app)) === before) return answer
  }
}

/** Everything that lies in Redis, as text. */
async function dump (redis: RedisClient): Promise<string> {
  const readers: Record<string, (key: string) => Promise<unknown>> = {
    string: async (key) => await redis.get(key),
    hash: async (key) => await redis.hgetall(key),
    set: async (key) => await redis.smembers(key),
    zset: async (key) => await redis.zrange(key, 0, '-1', 'WITHSCORES'),
    list: async (key) => await redis.lrange(key, 0, -1),
    stream: async (key) => await redis.xrange(key, '-', '+')
  }
  const parts = await Promise.all((await redis.keys('*')).map(async (key) => [key, await readers[await redis.type(key)]?.(key)]))
  return JSON.stringify(parts)
}

t.test('a code of the authenticator works once: not again, not an older one after it, not two steps away', async (t) => {
  const { who, id, secret } = await signUpWithTotp(server)
  const { browser } = await passwordStep(server, who)
  for (const away of [-2, 2, -20, 20]) {
    // A new attempt each time, and no memory of the last one: only the step can be what is wrong.
    const answer = await withinOneStep(
      server,
      async () => await verify((await passwordStep(server, who)).browser, await codeOf(server, secret, away), 'totp')
    )
    t.match(refusalOf(answer), [400, 'OTP_INVALID'], `${away} steps`)
  }
  t.equal(await sessionsOf(id), 1, 'nobody got in')

  const current = await codeOf(server, secret)
  t.equal((await verify(browser, current, 'totp')).status, 200)
  const next = await passwordStep(server, who)
  t.match(refusalOf(await verify(next.browser, current, 'totp')), [400, 'OTP_INVALID'], 'the same code again')
  t.match(refusalOf(await verify(next.browser, await codeOf(server, secret, -1), 'totp')), [400, 'OTP_INVALID'], 'the step before')
  t.equal((await verify(next.browser, await codeOf(server, secret, 1), 'totp')).status, 200, 'the step after is one step away and unused')
  await letStepsPass(server, id)
  t.equal(
    (await verify((await passwordStep(server, who)).browser, await codeOf(server, secret, -1), 'totp')).status,
    200,
    'the step before, unused'
  )
})

t.test('the code that switched the authenticator on does not log in', async (t) => {
  const { who, browser, token, id } = await signUp(server)
  const secret = String((await browser.post('/users/me/totp', undefined, { token })).body['secret'])
  const otp = await codeOf(server, secret)
  t.equal((await browser.post('/users/me/totp/confirm', { otp }, { token })).status, 200)
  t.match(refusalOf(await verify((await passwordStep(server, who)).browser, otp, 'totp')), [400, 'OTP_INVALID'])
  t.equal(await sessionsOf(id), 1)
})

t.test('20 logins at once with one code, of the authenticator or for recovery, open one session', async (t) => {
  for (const method of ['totp', 'recovery_code']) {
    const { who, id, secret, recoveryCodes } = await signUpWithTotp(server)
    const logins = await passwordSteps(who, 20)
    const otp = method === 'totp' ? await codeOf(server, secret) : String(recoveryCodes[0])
    const answers = await Promise.all(logins.map(async (browser) => await verify(browser, otp, method)))
    t.strictSame(tally(answers), { 200: 1, OTP_INVALID: 19 }, method)
    t.equal(await sessionsOf(id), 2, 'the one that signed up and one more')
    t.equal(await client.scard(keys.account(id).recovery), method === 'totp' ? 10 : 9)
  }
})

t.test('of changes at once one is whole: 20 confirmations make one set of recovery codes, the one that is told', async (t) => {
  const { who, browser, token, id } = await signUp(server)
  const secret = String((await browser.post('/users/me/totp', undefined, { token })).body['secret'])
  const otp = await codeOf(server, secret)
  const answers = await times(20, async () => await browser.post('/users/me/totp/confirm', { otp }, { token }))
  t.strictSame(tally(answers), { 200: 1, CHALLENGE_INVALID: 19 })
  const codes = shaped<string[]>(answers.find(({ status }) => status === 200)?.body['recoveryCodes'])
  t.equal(await client.scard(keys.account(id).recovery), 10)
  t.equal((await verify((await passwordStep(server, who)).browser, String(codes[9]), 'recovery_code')).status, 200)

  const [removed, renewed] = await Promise.all([
    times(5, async () => await browser.call('DELETE', '/users/me/totp', undefined, { token })),
    times(5, async () => await browser.post('/users/me/recovery-codes', undefined, { token }))
  ])
  t.strictSame(tally(removed), { 200: 1, NOT_FOUND: 4 })
  t.notOk(renewed.some(({ status }) => ![200, 409].includes(status)))
  t.equal(await client.exists(keys.account(id).totp, keys.account(id).recovery), 0, 'no codes without their authenticator')
})

t.test('right passwords and wrong codes: 20 guesses a day and 100 in a row over mail, authenticator and recovery together', async (t) => {
  const { who, secret, id } = await signUpWithTotp(server)
  let judged = 0
  const spent: Answer[] = []
  for (let day = 1; day <= 5; day++) {
    const attempts = day === 1 ? 30 : 6
    const open = await passwordSteps(who, attempts)
    await Promise.all(open.slice(0, 5).map(async (browser) => await browser.post('/auth/2fa/resend', { method: 'email' })))
    const wrong = { totp: await wrongTotp(server, secret), email: '111111', recovery_code: 'aaaa-bbbb-cccc-dddd' }
    const answers = (await Promise.all(open.map(async (browser, i) => await times(5, async (n) => {
      const method = (['totp', 'email', 'recovery_code'] as const)[(i + n) % 3] ?? 'totp'
      return await verify(browser, wrong[method], method)
    })))).flat()
    const { OTP_INVALID: wrongs = 0, OTP_ATTEMPTS_EXCEEDED: refused = 0 } = tally(answers)
    judged += wrongs
    spent.push(...answers)
    t.strictSame([wrongs, wrongs + refused], [20, 5 * attempts], `day ${day}: 20 of ${5 * attempts} were judged`)

    await mailsSettled(server)
    const before = server.smtp.mails.length
    const late = await passwordStep(server, who)
    t.match(refusalOf(late.answer), [429, 'OTP_ATTEMPTS_EXCEEDED'])
    t.equal(late.answer.headers['retry-after'] === undefined, day === 5, 'seconds to wait, until the lock that no time lifts')
    t.match(
      refusalOf(await verify(open.at(-1) ?? server.browser(), await codeOf(server, secret), 'totp')),
      [429, 'OTP_ATTEMPTS_EXCEEDED'],
      'not even a right one'
    )
    await mailsSettled(server)
    t.notOk(server.smtp.mails.slice(before).some(({ subject }) => /\d{6}/.test(subject)), 'and no code is mailed')
    await ageRecords(client, [`${ofAccount(id)}:`, ALL_ADDRESSES], DAY_MS + MINUTE_MS)
  }
  t.equal(judged, 100)
  t.match(refusalOf((await passwordStep(server, who)).answer), [429, 'OTP_ATTEMPTS_EXCEEDED'], 'after 100 in a row a day changes nothing')
  t.equal(
    server.smtp.mails.filter(({ to, subject }) => to === who.email && subject.includes('too many incorrect codes')).length,
    5,
    'the owner was told every day'
  )
  t.notOk(spent.some(({ text }) => text.includes('Spent')), 'the client was not')
})

t.test('a factor changes only by a recent proof of a live session that has all factors', async (t) => {
  const { who, browser, token, id } = await signUpWithTotp(server)
  const asks = async (by: Browser, bearer?: string): Promise<unknown[]> => await Promise.all([
    by.post('/users/me/totp', undefined, { token: bearer }),
    by.post('/users/me/totp/confirm', { otp: '123456' }, { token: bearer }),
    by.call('DELETE', '/users/me/totp', undefined, { token: bearer }),
    by.post('/users/me/recovery-codes', undefined, { token: bearer })
  ]).then((answers) => answers.map(refusalOf))
  const all = (refusal: unknown): unknown[] => [refusal, refusal, refusal, refusal]
  const before = await client.hgetall(keys.account(id).record)

  t.strictSame(await asks(server.browser()), all([401, 'TOKEN_MISSING']))
  const pending = (await passwordStep(server, who)).answer.body['pendingToken']
  t.strictSame(await asks(server.browser(), String(pending)), all([403, 'SECOND_FACTOR_REQUIRED']))
  await ageRecords(client, [keys.account(id).session('')], 10 * MINUTE_MS + 1_000)
  t.strictSame(await asks(browser, token), all([403, 'REAUTHENTICATION_REQUIRED']))
  await ageRecords(client, [keys.account(id).session('')], -21 * MINUTE_MS)
  t.strictSame(
    await asks(browser, token),
    all([403, 'REAUTHENTICATION_REQUIRED']),
    'nor by one that lies ahead, because a clock was set back'
  )
  await browser.post('/auth/logout', undefined, { token })
  t.strictSame(await asks(browser, token), all([401, 'SESSION_ENDED']))
  t.strictSame(await client.hgetall(keys.account(id).record), before)
  t.equal(await client.scard(keys.account(id).recovery), 10)
})

t.test('secret and recovery codes are told once, and lie neither in Redis, nor in logs, mails or other answers', async (t) => {
  const app = await startApp(t, { env: { LOG_LEVEL: 'trace' } })
  const { who, browser, token, secret, recoveryCodes, id } = await signUpWithTotp(app)
  const waiting = String((await browser.post('/users/me/totp', undefined, { token })).body['secret'])
  const login = await passwordStep(app, who)
  const used = await codeOf(app, secret)
  t.equal((await verify(login.browser, used, 'totp')).status, 200)
  t.equal((await verify((await passwordStep(app, who)).browser, String(recoveryCodes[0]), 'recovery_code')).status, 200)
  const again = await browser.post('/users/me/totp', undefined, { token })
  const answers = [again, await browser.get('/auth/me', { token }), login.answer, await browser.get('/auth/2fa')].map(({ text }) => text)
  await mailsSettled(app)
  const redis = await dump(app.redis.client)
  t.match(redis, id, 'the dump is one')
  const places = {
    redis,
    logs: app.logs.join('\n'),
    mails: app.smtp.mails.map(({ raw, text, html }) => raw + text + html).join('\n'),
    answers: answers.join('\n')
  }
  const bytes = Buffer.from(recoveryCodes.join(''))
  for (const [place, text] of Object.entries(places)) {
    for (const hidden of [
      secret,
      waiting,
      ...recoveryCodes,
      ...recoveryCodes.map((code) => code.replaceAll('-', '').toUpperCase()),
      bytes.toString('base64')
    ]) {
      t.notOk(text.toLowerCase().includes(hidden.toLowerCase()), place)
    }
  }
  t.notOk(places.logs.includes(used), 'nor is a used code logged')
})

t.test('after SECRET was changed the authenticator works on, and its secret is sealed anew at the next use', async (t) => {
  const [OLD, NEW] = ['the old secret that is long enough: 012345', 'the new secret that is long enough: 012345']
  const signingKeys = newSigningKeys('test')
  const [redis, { smtp }] = [await startRedis(t), server]
  const sealedNow = async (): Promise<string | null> => await redis.client.hget(keys.account(id).totp, 'secret')
  const first = await startApp(t, { redis, smtp, signingKeys, secret: OLD })
  const { who, id, secret } = await signUpWithTotp(first)
  const sealed = await sealedNow()
  await first.close()

  const second = await startApp(t, { redis, smtp, signingKeys, secret: NEW, env: { SECRET_PREVIOUS: OLD } })
  t.match(refusalOf(await verify((await passwordStep(second, who)).browser, await wrongTotp(second, secret), 'totp')), [400, 'OTP_INVALID'])
  t.equal(await sealedNow(), sealed, 'a wrong code changes nothing')
  t.equal((await verify((await passwordStep(second, who)).browser, await codeOf(second, secret), 'totp')).status, 200)
  t.not(await sealedNow(), sealed)
  await second.close()

  await letStepsPass(first, id)
  const third = await startApp(t, { redis, smtp, signingKeys, secret: NEW })
  t.equal(
    (await verify((await passwordStep(third, who)).browser, await codeOf(third, secret), 'totp')).status,
    200,
    'without the old SECRET'
  )
  t.equal((await logIn(third, (await signUp(third)).who)).verified.status, 200)
})
