import t, { type Test } from 'tap'
import { parseRedisUrl } from '../../src/platform/config/redis-target.ts'
import { createRedis, type RedisClient } from '../../src/platform/redis/connect.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { scanKeys } from '../../src/platform/redis/scan.ts'
import type { Answer } from '../support/browser.ts'
import { settings, signInThere, signUpThere, startServer } from '../support/process.ts'
import { answerTo, timeTo, untilReadiness } from '../support/patience.ts'
import { startCluster } from '../support/redis-cluster.ts'
import { fact } from '../support/redis-node.ts'
import { json, present } from '../support/shapes.ts'
import { startSmtp } from '../support/smtp.ts'
import { trafficSettings } from '../support/traffic.ts'
import { isLong, killUnheard, lastAudit, type Parts, underTraffic } from '../support/under-traffic.ts'

t.setTimeout(isLong ? 3_600_000 : 300_000)

const cluster = await startCluster(['--cluster-node-timeout', '4000'])
t.teardown(cluster.dispose)
const smtp = await startSmtp(t)
const server = await startServer(t, { ...settings(t, cluster, smtp), ...trafficSettings })
await server.ready()

const account = (id: string): string => keys.account(id).record
const isOurs = ({ status, body }: Answer): boolean => status < 300 || (status === 503 && body['code'] === 'SERVICE_UNAVAILABLE')

t.test('the main job runs on a Cluster, and its masters are checked', async (t) => {
  const member = await signUpThere(server, smtp)
  const { browser, token } = await signInThere(server, smtp, member)
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

t.test('a node that could not be looked at is looked at again', async (t) => {
  const { client } = present(cluster.nodes.at(-1))
  await client.config('SET', 'appendfsync', 'everysec')
  await client.acl('SETUSER', 'default', '-info')
  const other = await startServer(t, settings(t, cluster, smtp))
  t.strictSame(other.events('redis.warning'), [])
  await client.acl('SETUSER', 'default', '+info')
  t.match(await other.logged('redis.warning'), { msg: /appendfsync/ })
  await client.config('SET', 'appendfsync', 'always')
})

async function openClient (t: Test): Promise<RedisClient> {
  const client = createRedis(parseRedisUrl(cluster.url), 'requests')
  t.teardown(() => { client.disconnect() })
  await client.connect()
  return client
}

t.test('what is asked in one turn of the event loop reaches a master in one piece', async (t) => {
  const client = await openClient(t)
  await client.get('{one}')
  const master = await cluster.masterOf('{one}')
  const readsSoFar = async (): Promise<number> => Number(fact(await master.client.info('stats'), 'total_reads_processed'))
  const before = await readsSoFar()
  await Promise.all(Array.from({ length: 200 }, async () => await client.get('{one}')))
  const reads = await readsSoFar() - before
  t.ok(reads < 50, `${reads} reads for 200 commands, with those of others`)
})

t.test('a list over all masters meets every key, page by page', async (t) => {
  const client = await openClient(t)
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
  const other = await signInThere(server, smtp, member)
  const move = await cluster.beginMove(account(id))
  // The account and the session that asks lie elsewhere already, the other session does not: a script that ran there would not find it.
  const { sid } = json<{ sid: string }>(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  for (const key of [account(id), keys.account(id).session(sid)]) await move.carry(key)

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

t.test('a master whose mark is on the move takes another one, and changes go on', async (t) => {
  const { browser, id } = await signUpThere(server, smtp)
  const home = await cluster.masterOf(account(id))
  let number = 0
  while (await cluster.masterOf(keys.ready(number)) !== home) number++
  const move = await cluster.beginMove(keys.ready(number))
  await move.carry(keys.ready(number))
  t.equal((await answerTo(async () => await browser.post('/auth/refresh'))).status, 200, 'while it moves')
  await move.finish()
  t.equal((await answerTo(async () => await browser.post('/auth/refresh'))).status, 200, 'and when it has moved')
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
  try {
    while (answers.length < (isLong ? 2_000 : 60)) {
      for (const key of [...members.map(({ id }) => account(id)), '{mail}']) await (await cluster.beginMove(key)).finish()
    }
  } finally {
    over.abort()
    await Promise.all(load)
  }
  t.strictSame(answers.filter((answer) => !isOurs(answer)).map(({ text }) => text), [])
  t.comment(`${answers.length} answers, ${answers.filter(({ status }) => status === 503).length} of them 503`)
  for (const { browser } of members) t.equal((await answerTo(async () => await browser.post('/auth/refresh'))).status, 200)
  t.strictSame(server.unexpected(), [])
})

t.test('without its replica a master promises nothing, and readiness says why', async (t) => {
  const { browser, id, token } = await signUpThere(server, smtp)
  const replica = await cluster.replicaOf(await cluster.masterOf(account(id)))
  replica.pause()
  const answer = await browser.post('/auth/logout', undefined, { token })
  // The other masters take changes.
  await untilReadiness(server, { status: 200, redis: 'partly', reason: 'no_replicas' })
  replica.resume()
  t.match([answer.status, answer.body['code']], [503, 'SERVICE_UNAVAILABLE'])
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
  await untilReadiness(server, { status: 200, redis: 'partly' })
  await Promise.all([down, replica].map(async ({ restart }) => { await restart() }))
  await cluster.whole()
  for (const { browser } of members) await timeTo(200, async () => await browser.post('/auth/refresh'))
  t.strictSame(server.unexpected(), [])
})

t.test(
  'kill -9 of a master in the middle of everything: its replica takes over, and nothing that was acknowledged comes back',
  async (t) => {
    const parts: Parts = { server, redis: cluster.client, smtp, waiting: [] }
    const mail = '{mail}'
    const outbox = await cluster.masterOf(mail)
    let witness = await signUpThere(server, smtp)
    while ((await cluster.masterOf(account(witness.id))) === outbox) witness = await signUpThere(server, smtp)
    let run = 0
    await underTraffic(t, parts, 'kill -9 of a master of a Cluster', isLong ? 20 : 1, async (history) => {
      // In the long form every other time it is the one that has the outbox.
      const home = run++ % 2 === 0 ? account(witness.id) : mail
      const victim = await cluster.masterOf(home)
      await history.successes(30)
      await killUnheard(history, victim, [await cluster.replicaOf(victim)])
      const startedAt = performance.now()
      await cluster.masterOf(home)
      const reads = await timeTo(200, async () => await witness.browser.get('/auth/me', { token: witness.browser.token }))
      const tookOver = performance.now() - startedAt
      // The new master has no replica yet, and promises nothing.
      await untilReadiness(server, { status: 200, redis: 'partly', reason: 'no_replicas' })
      await victim.restart()
      await cluster.whole()
      await timeTo(200, async () => await witness.browser.post('/auth/refresh'))
      history.recoveriesMs.push(performance.now() - startedAt)
      t.comment(`taken over after ${Math.round(tookOver)} ms, reads ${reads} ms later`)
    })
    await underTraffic(t, parts, 'planned failover of a master of a Cluster', isLong ? 20 : 1, async (history) => {
      const home = run++ % 2 === 0 ? account(witness.id) : mail
      await history.recovery(async () => {
        await cluster.failover(home)
        await cluster.whole()
      })
    })
    await lastAudit(t, parts)
  }
)
