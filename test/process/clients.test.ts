import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { person } from '../support/app.ts'
import { answerTo } from '../support/patience.ts'
import { settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { startSmtp } from '../support/smtp.ts'
import { isLong } from '../support/under-traffic.ts'

const IDLE = isLong ? 5_000 : 300
/** A minute without progress, noticed late. */
const GIVEN_UP_AFTER_MS = 150_000
const READERS = 10
/** Far more than a socket takes up that nobody reads: 15 MB each. */
const REQUESTS_OF_A_READER = 100

t.setTimeout(isLong ? 3_600_000 : 300_000)

t.test('clients that say nothing or read nothing take nothing from others, and lose their connection', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const server = await startServer(t, settings(t, redis, smtp))
  const owner = person()
  const browser = server.browser()
  await answerTo(async () => await browser.post('/auth/register', owner))
  const token = String((await browser.post('/auth/verify-otp', { otp: await smtp.code(owner.email) })).body['accessToken'])
  const megabytes = (): number => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024

  const open = async (): Promise<{ socket: Socket, closed: Promise<unknown> }> => {
    const socket = connect(server.port, '127.0.0.1').on('error', () => {})
    // Not once(): it would reject with the reset that may end the connection.
    const closed = new Promise((resolve) => { socket.once('close', resolve) })
    await once(socket, 'connect')
    return { socket, closed }
  }
  const before = process.platform === 'linux' ? megabytes() : 0
  const idle: Array<Promise<unknown>> = []
  for (let number = 0; number < IDLE; number++) {
    const { socket, closed } = await open()
    socket.resume()
    idle.push(closed)
  }
  const readers = await Promise.all(Array.from({ length: READERS }, open))
  for (const [number, { socket }] of readers.entries()) {
    socket.pause()
    socket.write(`GET /docs/${number % 2 ? 'json' : 'yaml'} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(REQUESTS_OF_A_READER))
  }

  for (let turn = 0; turn < 50; turn++) {
    if ((await browser.get('/auth/me', { token })).status !== 200) t.fail('me is refused')
  }
  t.equal((await browser.post('/auth/refresh')).status, 200, 'others are served')
  await Promise.all(idle)
  t.pass(`${IDLE} idle connections were closed`)
  if (process.platform === 'linux') {
    const grown = megabytes() - before
    const asked = READERS * REQUESTS_OF_A_READER
    t.comment(`${READERS} slow readers asked for ${asked} answers, ${IDLE} connections were idle: memory grew by ${grown.toFixed(0)} MB`)
    t.ok(grown < READERS * 10, 'what nobody reads is not piled up')
  }
  if (isLong) {
    // Real time is the subject, and nothing tells of it: who does not read does not notice the end either. What then comes is what the
    // system had taken up.
    await sleep(GIVEN_UP_AFTER_MS)
    const received = await Promise.all(readers.map(async ({ socket, closed }) => {
      let bytes = 0
      socket.on('data', (chunk: Buffer) => { bytes += chunk.length }).resume()
      await closed
      return bytes
    }))
    t.ok(Math.max(...received) < 12_000_000, `slow readers lost their connection after ${Math.max(...received)} bytes`)
  }
  for (const { socket } of readers) socket.destroy()
  t.equal((await browser.get('/auth/me', { token })).status, 200)
  t.strictSame(server.unexpected(), [])
})
