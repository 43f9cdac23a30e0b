import t from 'tap'
import { settings, signUpThere, startServer } from '../support/process.ts'
import { answerTo, askDuring, audit, prepareAsks, signIn, timeTo } from '../support/promises.ts'
import { startSentinel } from '../support/redis-sentinel.ts'
import { startSmtp } from '../support/smtp.ts'
import { startTraffic } from '../support/traffic.ts'

t.setTimeout(300_000)

const sentinel = await startSentinel(t, { downAfterMs: 3_000 })
const smtp = await startSmtp(t)
const server = await startServer(t, settings(t, sentinel, smtp))
await server.ready()

t.test('the main job runs behind Sentinel', async (t) => {
  const { browser, token } = await signIn(server, smtp, await signUpThere(server, smtp))
  t.equal((await answerTo(async () => await browser.post('/auth/refresh'))).status, 200)
  t.equal((await answerTo(async () => await browser.post('/auth/logout', undefined, { token }))).status, 204)
  t.equal((await answerTo(async () => await browser.get('/auth/me', { token }))).status, 401)
  t.strictSame(server.events('redis.warning'), [], 'the settings that the documents ask for leave nothing to warn of')
  t.strictSame(server.unexpected(), [])
})

t.test('while no replica listens nothing is promised, and readiness says so', async (t) => {
  const { browser, token } = await signUpThere(server, smtp)
  const master = await sentinel.master()
  const replicas = sentinel.nodes.filter((node) => node !== master)
  for (const { pause } of replicas) pause()
  const answer = await browser.post('/auth/logout', undefined, { token })
  const ready = await server.browser().get('/health/ready')
  for (const { resume } of replicas) resume()
  t.match([answer.status, answer.body['code']], [503, 'SERVICE_UNAVAILABLE'])
  t.match([ready.status, ready.body], [503, { parts: { redis: 'away' } }])
  await timeTo(204, async () => await browser.post('/auth/logout', undefined, { token }))
  t.equal((await answerTo(async () => await browser.get('/auth/me', { token }))).status, 401)
})

t.test('kill -9 of the master under load: a replica takes over, and nothing that was acknowledged comes back', async (t) => {
  await sentinel.whole()
  const witness = await signUpThere(server, smtp)
  const asks = await prepareAsks(server, smtp, 5)
  const victim = await sentinel.master()
  const traffic = startTraffic(server, smtp, 3)
  await traffic.successes(10)
  const promises = await askDuring(asks, async () => {
    await victim.kill9()
    t.comment(`changes are taken again after ${await timeTo(200, async () => await witness.browser.post('/auth/refresh'))} ms`)
  })
  t.not(await sentinel.master(), victim, 'another server is the master now')
  // It still believes itself the master, and has to learn better.
  await victim.restart()
  await sentinel.whole()
  await traffic.successes(10)
  await traffic.stop()
  await audit(t, promises)
  t.ok(promises.length >= asks.length / 2)
  await traffic.audit(t)
  t.strictSame(server.unexpected(), [])
})
