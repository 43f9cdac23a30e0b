import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { ALL_ADDRESSES } from '../support/key-prefixes.ts'
import { type Person, person } from '../support/app.ts'
import type { Browser } from '../support/browser.ts'
import { freePort, settings, startServer } from '../support/process.ts'
import { ageRecords, startRedis } from '../support/redis.ts'
import { startSmtp } from '../support/smtp.ts'

const MINUTE_MS = 60_000

t.test('SMTP gone: the API answers as usual, and a mail goes out later if its code still lives', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const smtpPort = await freePort()
  const server = await startServer(t, settings(t, redis, { url: `smtp://127.0.0.1:${smtpPort}` }))
  const mailServer = forwarder(t, smtpPort, Number(new URL(smtp.url).port))
  const register = async (): Promise<{ who: Person, browser: Browser }> => {
    const [who, browser] = [person(), server.browser()]
    t.match(await browser.post('/auth/register', who), { status: 201, body: { emailSent: true } })
    return { who, browser }
  }
  const confirms = async ({ who, browser }: { who: Person, browser: Browser }): Promise<void> => {
    t.equal((await browser.post('/auth/verify-otp', { otp: await smtp.code(who.email) })).status, 200)
  }

  await t.test('its port refuses', async (t) => {
    const late = await register()
    await server.logged('mail.delayed')
    await ageRecords(redis.client, [ALL_ADDRESSES], 11 * MINUTE_MS)
    const inTime = await register()
    const ready = await server.browser().get('/health/ready')
    t.match([ready.status, ready.body], [200, { parts: { redis: 'up', mail: 'away' } }], 'that makes nobody unready')
    await mailServer.open()
    await confirms(inTime)
    await server.logged('mail.dropped')
    t.strictSame(smtp.mails.map(({ to }) => to), [inTime.who.email], 'a code that died meanwhile is not mailed')
    t.match((await late.browser.get('/auth/2fa')).body, { codeExpiresInSeconds: 0 })
    t.match((await server.browser().get('/health/ready')).body, { parts: { mail: 'up' } })
  })

  await t.test('it takes connections and says nothing', async () => {
    smtp.behaviour.mode = 'tarpit'
    const stuck = smtp.refusal()
    const people = await Promise.all([register(), register()])
    await stuck
    people.push(await register())
    smtp.behaviour.mode = 'ok'
    mailServer.breakConnections()
    for (const one of people) await confirms(one)
  })

  await t.test('it says no for good', async (t) => {
    smtp.behaviour.mode = 'refuse'
    const unwanted = await register()
    await server.logged('mail.given_up')
    smtp.behaviour.mode = 'ok'
    const { attempts } = smtp.behaviour
    await confirms(await register())
    t.equal(smtp.behaviour.attempts, attempts, 'it is not asked again')
    t.strictSame(smtp.mails.filter(({ to }) => to === unwanted.who.email), [])
  })
  t.strictSame(server.unexpected(), [])
})

/** A mail server's port: closed until `open`. */
function forwarder (t: Test, port: number, target: number) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    const onward = connect(target, '127.0.0.1')
    for (const one of [socket, onward]) {
      sockets.add(one)
      one.on('error', () => {}).on('close', () => { sockets.delete(one) })
    }
    socket.pipe(onward).pipe(socket)
  })
  const breakConnections = (): void => { for (const socket of sockets) socket.destroy() }
  t.teardown(() => {
    server.close()
    breakConnections()
  })
  const open = async (): Promise<void> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  return { open, breakConnections }
}
