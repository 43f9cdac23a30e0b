import t from 'tap'
import { ageRecords, startOneRedis } from './redis.ts'

t.test('time passes for times, sorted times and times to live of the chosen keys, and for nothing else', async (t) => {
  const { client } = await startOneRedis(t)
  const at = 1_700_000_000_000
  await client.hset('{a:1}:x', { createdAt: at, neverAt: 0, attempts: 3, token: `${at}`, stateAt: 'soon' })
  await client.zadd('{a:1}:z', at, 'recent', 5, 'not a time', at * 4096, 'of BullMQ')
  await client.set('{a:1}:short', '1', 'PX', 60_000)
  await client.set('{a:1}:long', '1', 'PX', 600_000)
  await client.hset('{b:1}:x', { createdAt: at })

  t.equal(await ageRecords(client, ['{a:'], 60_000), 4)
  t.strictSame(await client.hgetall('{a:1}:x'), {
    createdAt: `${at - 60_000}`,
    neverAt: '0',
    attempts: '3',
    token: `${at}`,
    stateAt: 'soon'
  })
  t.strictSame(await client.zrange('{a:1}:z', '0', '-1', 'WITHSCORES'), [
    'not a time',
    '5',
    'recent',
    `${at - 60_000}`,
    'of BullMQ',
    `${at * 4096}`
  ])
  t.equal(await client.exists('{a:1}:short'), 0)
  const left = await client.pttl('{a:1}:long')
  t.ok(left > 500_000 && left <= 540_000)
  t.equal(await client.hget('{b:1}:x', 'createdAt'), `${at}`)

  await ageRecords(client, '*', 1)
  t.equal(await client.hget('{b:1}:x', 'createdAt'), `${at - 1}`)
  t.equal(await ageRecords(client, [], 1), 0)
})

t.test('every key ages once, also among thousands', async (t) => {
  const { client } = await startOneRedis(t)
  const at = 1_700_000_000_000
  const pipeline = client.pipeline()
  for (let i = 0; i < 5_000; i++) pipeline.hset(`k:${i}`, 'seenAt', at)
  await pipeline.exec()
  t.equal(await ageRecords(client, ['k:'], 7), 5_000)
  const seen = await Promise.all(Array.from({ length: 5_000 }, async (_, i) => await client.hget(`k:${i}`, 'seenAt')))
  t.strictSame([...new Set(seen)], [`${at - 7}`])
})

t.test('data outlive a kill -9 at the same address, a paused one answers after it is resumed', async (t) => {
  const redis = await startOneRedis(t, ['--maxmemory', '64mb'])
  const { pid, client } = redis
  t.strictSame(await client.config('GET', 'maxmemory'), ['maxmemory', `${64 * 1024 * 1024}`])
  await client.set('k', 'v')
  await redis.kill9()
  await redis.restart()
  t.not(redis.pid, pid)
  t.equal(await client.get('k'), 'v')

  redis.pause()
  const answers: string[] = []
  const asked = client.get('k').then((value) => { answers.push(`${value}`) })
  await new Promise((resolve) => { setImmediate(resolve) })
  t.strictSame(answers, [])
  redis.resume()
  await asked
  t.strictSame(answers, ['v'])
})

t.test('options that redis-server refuses fail at once', async (t) => {
  await t.rejects(startOneRedis(t, ['--no-such-option', '1']), { message: /ended with code 1/ })
})
