import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { person } from '../support/app.ts'
import type { Answer } from '../support/browser.ts'
import { answerTo } from '../support/patience.ts'
import { settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { startSmtp } from '../support/smtp.ts'

const LOGINS = 200
const ME_PER_SECOND = 100
const QUIET_SECONDS = 2

t.test('200 logins at once: what is too much hears when to come back, and me and refresh answer throughout', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const server = await startServer(t, { ...settings(t, redis, smtp), BCRYPT_COST: '12' })
  const owner = person()
  const browser = server.browser()
  await answerTo(async () => await browser.post('/auth/register', owner))
  const verified = await browser.post('/auth/verify-otp', { otp: await smtp.code(owner.email) })
  const token = String(verified.body['accessToken'])

  const slow = askSlowly(server.port)
  const quiet = await askMe(AbortSignal.timeout(QUIET_SECONDS * 1000))
  const flooded = new AbortController()
  const during = askMe(flooded.signal)
  // An unknown address costs as much password work as a known one.
  const logins = await Promise.all(Array.from({ length: LOGINS }, async () => {
    const { email, password } = person()
    return await server.browser().post('/auth/login', { email, password })
  }))
  const refreshed = await browser.post('/auth/refresh')
  flooded.abort()
  const loud = await during

  const refused = logins.filter(({ status }) => status === 503)
  const judged = logins.filter(({ status }) => status === 401)
  t.equal(refused.length + judged.length, LOGINS, 'every login is answered')
  t.ok(refused.length > 0, 'not all are taken')
  t.ok(judged.length > 0, 'and some are')
  t.strictSame(refused.filter((answer) => !isPoliteRefusal(answer)), [], 'every 503 says when to come back')
  t.equal(refreshed.status, 200)
  t.strictSame(quiet.statuses.concat(loud.statuses).filter((status) => status !== 200), [], 'me is 200 throughout')
  const [before, after] = [p99(quiet.milliseconds), p99(loud.milliseconds)]
  t.comment([
    `${judged.length} logins judged, ${refused.length} refused; me at ${ME_PER_SECOND}/s: p99 ${before.toFixed(1)} ms quiet`,
    `(${quiet.statuses.length}), ${after.toFixed(1)} ms in the flood (${loud.statuses.length}), ratio ${(after / before).toFixed(2)}`
  ].join(' '))

  for (const answer of await slow) t.match(answer, /^(HTTP\/1\.1 408 |$)/, 'who sends a request too slowly loses the connection')
  t.equal((await browser.get('/auth/me', { token })).status, 200)

  /** Asks at a steady rate, however long the answers take, until told to stop. */
  async function askMe (signal: AbortSignal): Promise<{ statuses: number[], milliseconds: number[] }> {
    const [statuses, milliseconds, asked]: [number[], number[], Array<Promise<void>>] = [[], [], []]
    const ask = async (): Promise<void> => {
      const startedAt = performance.now()
      const { status } = await browser.get('/auth/me', { token })
      milliseconds.push(performance.now() - startedAt)
      statuses.push(status)
    }
    const timer = setInterval(() => { asked.push(ask()) }, 1000 / ME_PER_SECOND)
    await once(signal, 'abort')
    clearInterval(timer)
    await Promise.all(asked)
    return { statuses, milliseconds }
  }
})

const isPoliteRefusal = ({ headers, body }: Answer): boolean =>
  Number(headers['retry-after']) >= 1 &&
  body['code'] === 'SERVICE_UNAVAILABLE' &&
  body['retryAfterSeconds'] === Number(headers['retry-after'])

const p99 = (milliseconds: number[]): number => milliseconds.toSorted((a, b) => a - b)[Math.floor(milliseconds.length * 0.99)] ?? NaN

/** One request that never ends in its headers and one in its body, a byte at a time, until the server has enough. What it answered. */
async function askSlowly (port: number): Promise<string[]> {
  const beginnings = [
    'GET /health/live HTTP/1.1\r\nHost: localh',
    'POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"em'
  ]
  return await Promise.all(beginnings.map(async (beginning) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(beginning)
    const drip = setInterval(() => { socket.write('a') }, 200)
    let answer = ''
    // A reset may overtake the answer.
    socket.on('data', (chunk) => { answer += chunk.toString() }).on('error', () => {})
    await once(socket, 'close')
    clearInterval(drip)
    return answer
  }))
}
