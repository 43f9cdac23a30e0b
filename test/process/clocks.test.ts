import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { newSigningKeys } from '../../src/access-tokens/signing-keys.ts'
import { type Person, person } from '../support/app.ts'
import { newFolder, type ServerProcess, settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { startSmtp, type TestSmtp } from '../support/smtp.ts'

// Two servers are started: on a busy machine that takes its time.
t.setTimeout(300_000)

const SKEW_MS = 90_000

/** The options of a Node process whose wall clock goes wrong by this much. */
function clockOff (t: Test, milliseconds: number): Record<string, string> {
  const path = join(newFolder(t), 'clock.mjs')
  writeFileSync(path, `const right = Date.now; Date.now = () => right() + ${milliseconds}\n`)
  return { NODE_OPTIONS: `--import=file://${path}` }
}

async function signUp (server: ServerProcess, smtp: TestSmtp, who: Person, browser = server.browser()) {
  await browser.post('/auth/register', who)
  const verified = await browser.post('/auth/verify-otp', { otp: await smtp.code(who.email) })
  return { browser, status: verified.status, token: String(verified.body['accessToken']) }
}

t.test('servers whose clocks are three minutes apart: codes, waits and sessions go by the clock of Redis, tokens by their own', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const signingKeys = join(newFolder(t), 'keys.json')
  writeFileSync(signingKeys, newSigningKeys('test'))
  const shared = { ...settings(t, redis, smtp), SIGNING_KEYS: signingKeys, PUBLIC_URL: 'http://localhost:3000' }
  const [fast, slow] = await Promise.all([startServer(t, { ...shared, ...clockOff(t, SKEW_MS) }), startServer(t, { ...shared, ...clockOff(t, -SKEW_MS) })])

  for (const [server, other, isFast] of [[fast, slow, true], [slow, fast, false]] as const) {
    const name = isFast ? 'the fast one' : 'the slow one'
    const who = person()
    const browser = server.browser({ origin: 'http://localhost:3000' })
    const { status, token } = await signUp(server, smtp, who, browser)
    t.equal(status, 200, `${name} signs people up`)
    t.equal((await browser.get('/auth/me', { token })).status, 200)

    const login = await browser.post('/auth/login', { email: who.email, password: who.password })
    const resend = await browser.post('/auth/2fa/resend')
    t.equal(login.body['ttlMinutes'], 5, 'a code lives as long as ever')
    t.ok(resend.status === 429 && Number(resend.body['retryAfterSeconds']) <= 60, 'and the wait is as long as ever')
    t.equal((await browser.post('/auth/verify-otp', { otp: await smtp.code(who.email) })).status, 200)

    const elsewhere = other.browser({ origin: 'http://localhost:3000' })
    for (const [cookie, value] of browser.cookies) elsewhere.cookies.set(cookie, value)
    t.equal((await elsewhere.post('/auth/refresh')).status, 200, `a refresh token of ${name} is turned by the other`)
    const me = await elsewhere.get('/auth/me', { token })
    // More than five seconds from the future is not believed: three minutes from the past are.
    t.match([me.status, me.body['code']], isFast ? [401, 'TOKEN_INVALID'] : [200, undefined], `an access token of ${name}, at the other`)
    t.strictSame(server.unexpected(), [])
  }
  const immortal = await Promise.all((await redis.client.keys('*:s:*')).map(async (key) => await redis.client.pttl(key)))
  t.ok(immortal.length > 0 && immortal.every((left) => left > 0), 'no session lives for ever')
})
