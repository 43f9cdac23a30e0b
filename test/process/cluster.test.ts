import t from 'tap'
import { parseRedisUrl } from '../../src/config/redis-target.ts'
import { createRedis } from '../../src/redis/connect.ts'
import { scanKeys } from '../../src/redis/scan.ts'
import type { Answer } from '../support/browser.ts'
import { settings, signUpThere, startServer } from '../support/process.ts'
import { answerTo, askDuring, audit, prepareAsks, signIn, timeTo } from '../support/promises.ts'
import { startCluster } from '../support/redis-cluster.ts'
import { startSmtp } from '../support/smtp.ts'
import { startTraffic } from '../support/traffic.ts'

t.setTimeout(300_000)

const cluster = await startCluster(['--cluster-node-timeout', '4000'])
t.teardown(cluster.dispose)
const smtp = await startSmtp(t)
const server = await startServer(t, settings(t, cluster, smtp))
await server.ready()

const account = (id: string): string => `{u:${id}}:account`
const isOurs = ({ status, body }: Answer): boolean => status < 300 || (status === 503 && body['code'] === 'SERVICE_UNAVAILABLE')

t.test('the main job runs on a Cluster, and its masters are checked', async (t) => {
  const member = await signUpThere(server, smtp)
  const { browser, token } = await signIn(server, smtp, member)
  for (const ask of [
    async () => await browser.post('/auth/refresh'),
    async () => await browser.get('/auth/me', { token }),
    async () => await browser.get('/users/me/activity', { token }),
    async () => await server.browser().get('/health/ready')
  ]) t.equal((await answerTo(ask)).status, 200)
  t.equal((await answerTo(async () => await browser.post('/auth/logout', undefined, { token }))).status, 204)
  t.equal((await answerTo(async () => await browser.get('/auth/me', { token }))).status, 401)
  t.strictSame(server.events('redis.warning'), [], 'the settings that the documents ask for leave nothing to warn of')
  t.strictSame(server.unexpected(), [])
})

t.test('a list over all masters meets every key, page by page', async (t) => {
  const client = createRedis(parseRedisUrl(cluster.url), 'requests')
  t.teardown(() => { client.disconnect() })
  await client.connect()
  const names = Array.from({ length: 1_500 }, (_, number) => `{listed:${number}}`)
  await Promise.all(names.map(async (name) => await cluster.client.set(name, 1, 'PX', 60_000)))
  const met: string[] = []
  let pages = 0
  for (let cursor: string | null = ''; cursor !== null; pages++) {
    cursor = await scanKeys(client, cursor, '{listed:*}', (keys) => {
      met.push(...keys)
      return false
    })
  }
  t.strictSame([...new Set(met)].toSorted(), names.toSorted())
  t.ok(pages >= 3, 'a page ends at the latest with its master')
})

t.test('while a slot moves nothing is done by halves: a change waits, or is refused whole', async (t) => {
  const member = await signUpThere(server, smtp)
  const { who, browser, id, token } = member
  const other = await signIn(server, smtp, member)
  const move = await cluster.beginMove(account(id))
  // The account and the session that asks lie elsewhere already, the other session does not: a script that ran there would not find it.
  const { sid } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sid: string }
  for (const key of [account(id), `{u:${id}}:s:${sid}`]) await move.carry(key)

  const change = { currentPassword: who.password, newPassword: `${who.password} anew` }
  const put = async (): Promise<Answer> => await browser.call('PUT', '/users/password', change, { token })
  const seenByOther = async (): Promise<Answer> => await other.browser.get('/auth/me', { token: other.token })
  t.equal((await answerTo(async () => await browser.get('/auth/me', { token }))).status, 200, 'reads go on')
  const early = await put()
  t.match([early.status, early.body['code']], [503, 'SERVICE_UNAVAILABLE'])
  t.equal((await answerTo(seenByOther)).status, 200, 'nothing has been changed')
  await move.finish()
  t.equal((await answerTo(put)).status, 200)
  t.match((await answerTo(seenByOther)).body['code'], 'SESSION_ENDED')
  t.strictSame(server.unexpected(), [])
})

t.test('slots move under load: no client hears of it', async (t) => {
  const members = await Promise.all([1, 2, 3].map(async () => await signUpThere(server, smtp)))
  const over = new AbortController()
  const answers: Answer[] = []
  const load = members.map(async ({ browser, who }) => {
    for (let turn = 0; !over.signal.aborted; turn++) {
      answers.push(await browser.post('/auth/refresh'), await browser.get('/auth/me', { token: browser.token }))
      if (turn % 10 === 0) answers.push(await server.browser().post('/auth/register', { ...who, email: `new.${turn}.${who.email}` }))
    }
  })
  for (let round = 0; round < 8; round++) {
    for (const key of [...members.map(({ id }) => account(id)), '{mail}']) await (await cluster.beginMove(key)).finish()
  }
  over.abort()
  await Promise.all(load)
  t.strictSame(answers.filter((answer) => !isOurs(answer)).map(({ text }) => text), [])
  t.comment(`${answers.length} answers, ${answers.filter(({ status }) => status === 503).length} of them 503`)
  for (const { browser } of members) t.equal((await answerTo(async () => await browser.post('/auth/refresh'))).status, 200)
  t.strictSame(server.unexpected(), [])
})

t.test('without its replica a master promises nothing', async (t) => {
  const { browser, id, token } = await signUpThere(server, smtp)
  const master = await cluster.masterOf(account(id))
  const replica = await cluster.replicaOf(master)
  replica.pause()
  const answer = await browser.post('/auth/logout', undefined, { token })
  replica.resume()
  t.match([answer.status, answer.body['code']], [503, 'SERVICE_UNAVAILABLE'])
  t.ok(server.events('unavailable').some(({ reason }) => /replicas|timed out/.test(String(reason))))
  await timeTo(204, async () => await browser.post('/auth/logout', undefined, { token }))
  t.equal((await answerTo(async () => await browser.get('/auth/me', { token }))).status, 401)
})

t.test('with one shard down only its accounts are refused', async (t) => {
  const mail = await cluster.masterOf('{mail}')
  const members: Array<Awaited<ReturnType<typeof signUpThere>>> = []
  for (let number = 0; number < 8; number++) members.push(await signUpThere(server, smtp))
  const homes = await Promise.all(members.map(async ({ id }) => await cluster.masterOf(account(id))))
  const down = homes.find((home) => home !== mail)
  if (!down) throw new Error('eight accounts on one of three masters')
  const replica = await cluster.replicaOf(down)
  await Promise.all([replica, down].map(async ({ kill9 }) => { await kill9() }))
  for (const [index, { browser, token }] of members.entries()) {
    const isAway = homes[index] === down
    for (const ask of [async () => await browser.get('/auth/me', { token }), async () => await browser.post('/auth/refresh')]) {
      if (isAway) t.equal((await ask()).status, 503, 'of the shard that is down')
      else t.equal((await answerTo(ask)).status, 200, 'of another')
    }
  }
  t.match((await server.browser().get('/health/ready')).body, { status: 'ok', parts: { redis: 'partly' } })
  await Promise.all([down, replica].map(async ({ restart }) => { await restart() }))
  await cluster.whole()
  for (const { browser } of members) t.ok(await timeTo(200, async () => await browser.post('/auth/refresh')) < 60_000)
  t.strictSame(server.unexpected(), [])
})

t.test('kill -9 of a master under load: its replica takes over, and nothing that was acknowledged comes back', async (t) => {
  const witness = await signUpThere(server, smtp)
  const asks = await prepareAsks(server, smtp, 5)
  const victim = await cluster.masterOf(account(witness.id))
  const traffic = startTraffic(server, smtp, 3)
  await traffic.successes(10)
  const gaps: number[] = []
  const promises = await askDuring(asks, async () => {
    await victim.kill9()
    gaps.push(await timeTo(200, async () => await witness.browser.get('/auth/me', { token: witness.token })))
    await victim.restart()
    gaps.push(await timeTo(200, async () => await witness.browser.post('/auth/refresh')))
  })
  t.comment(`reads back after ${gaps[0]} ms, changes ${gaps[1]} ms after the dead node was started again`)
  t.not(await cluster.masterOf(account(witness.id)), victim, 'another server is the master now')
  await cluster.whole()
  await traffic.successes(10)
  await traffic.stop()
  await audit(t, promises)
  t.ok(promises.length >= asks.length / 2)
  await traffic.audit(t)
  t.strictSame(server.unexpected(), [])
})
