import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { parseRedisUrl } from '../../../src/platform/config/redis-target.ts'
import { createRedis } from '../../../src/platform/redis/connect.ts'
import { keys } from '../../../src/platform/redis/keys.ts'
import { nodesOf } from '../../../src/platform/redis/nodes.ts'
import { aclRule, findLackingRights, KEY_COMMANDS, KEY_PATTERNS, OTHER_COMMANDS } from '../../../src/platform/redis/rights.ts'
import { logIn, person, signUp, startApp } from '../../support/app.ts'
import { settings, startServer } from '../../support/process.ts'
import { startCluster } from '../../support/redis-cluster.ts'
import { DURABLE, startNode } from '../../support/redis-node.ts'
import { isCluster } from '../../support/redis.ts'
import { shaped } from '../../support/shapes.ts'
import { startSmtp } from '../../support/smtp.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
/** Of BullMQ, what the outbox runs. */
const OUTBOX_SCRIPTS = [
  'addDelayedJob', 'addStandardJob', 'extendLock', 'extendLocks', 'getCounts', 'moveJobsToWait', 'moveStalledJobsToWait', 'moveToActive',
  'moveToDelayed', 'moveToFinished', 'promote', 'reprocessJob', 'retryJob', 'updateData'
]

t.test('the documented rights are what the scripts call, and no more', async (t) => {
  const called = new Set<string>()
  const collect = (text: string, pattern: RegExp): void => {
    for (const [, name = ''] of text.matchAll(pattern)) called.add(name.toUpperCase())
  }
  for (const file of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.lua'))) {
    collect(readFileSync(join(root, 'src', file), 'utf8'), /redis\.p?call\('(\w+)'/g)
  }
  const scripts = join(root, 'node_modules/bullmq/dist/esm/scripts')
  for (const file of readdirSync(scripts).filter((name) => OUTBOX_SCRIPTS.includes(name.replace(/-\d+\.js$/, '')))) {
    collect(readFileSync(join(scripts, file), 'utf8'), /(?:rcall|redis\.p?call)\(\s*\\?['"](\w+)/g)
  }
  collect(readFileSync(join(root, 'node_modules/@fastify/rate-limit/store/RedisStore.js'), 'utf8'), /redis\.call\('(\w+)'/g)
  // What the server sends itself.
  const own = ['BZPOPMIN', 'EXPIRE', 'GET', 'HGET', 'HMGET', 'PTTL', 'SCARD', 'SET', 'XREAD', 'ZCARD', 'ZCOUNT', 'ZRANGE', 'ZSCORE']
  for (const name of own) called.add(name)
  t.strictSame([...called].filter((name) => !OTHER_COMMANDS.includes(name)).toSorted(), KEY_COMMANDS.toSorted())
})

t.test('every key has a documented pattern, and the rule stands in the docs as it is', async (t) => {
  const made = [
    ...Object.values(keys.account('x')), ...Object.values(keys.address('x')), ...Object.values(keys.source('x')),
    keys.nonce, keys.addressKey, keys.admins, keys.serviceKeys, keys.serviceKeyUses, keys.ready, keys.limits, keys.builds, keys.assets,
    ...Object.values(keys.events), `${keys.mail}:outbox`
  ].map((key) => typeof key === 'function' ? shaped<(part: unknown) => string>(key)('y') : key)
  for (const key of made) t.ok(KEY_PATTERNS.some((pattern) => key.startsWith(pattern.slice(0, -1))), key)
  t.match(readFileSync(join(root, 'docs/operations.md'), 'utf8').replaceAll(' \\\n  ', ' '), aclRule())
})

t.test('with exactly these rights everything works, and Redis has refused nothing', { skip: isCluster }, async (t) => {
  const redis = await startNode(DURABLE, { on: 'socket' })
  t.teardown(redis.dispose)
  await redis.client.call('ACL', 'SETUSER', 'dvokrok', 'on', '>pw', ...aclRule().split(' '))
  const url = redis.url.replace('unix:', 'unix://dvokrok:pw@')
  const server = await startApp(t, { redis: { ...redis, url }, env: { CAPTCHA_AFTER: '5' } })
  const who = person()
  const { browser, token } = await signUp(server, who)
  t.equal((await browser.get('/health/ready')).status, 200)
  const { browser: second } = await logIn(server, who)
  for (const path of ['/users/me/sessions', '/users/me/activity', '/users/me/devices', '/users/me/export']) {
    t.equal((await second.get(path, { token: second.token })).status, 200, path)
  }
  t.equal((await second.post('/auth/refresh')).status, 200)
  await server.browser().post('/auth/password/forgot', { email: who.email })
  await server.smtp.code(who.email)
  server.smtp.behaviour.mode = 'later'
  await server.browser().post('/auth/login', { email: who.email, password: who.password })
  await server.smtp.refusal()
  server.smtp.behaviour.mode = 'ok'
  await server.smtp.code(who.email)
  t.equal((await browser.post('/auth/logout', undefined, { token })).status, 204)
  await server.close()
  t.strictSame(await redis.client.call('ACL', 'LOG'), [])
})

t.test('each server of a Cluster is asked, for what a Cluster needs too', { skip: isCluster }, async (t) => {
  const cluster = await startCluster()
  t.teardown(cluster.dispose)
  const users = async (...rule: string[]): Promise<void> => {
    await Promise.all(cluster.nodes.map(async ({ client }) => await client.call('ACL', 'SETUSER', 'dvokrok', ...rule)))
  }
  await users('on', '>pw', ...aclRule().split(' '))
  const redis = createRedis(parseRedisUrl(cluster.url.replace('redis://', 'redis://dvokrok:pw@')), 'requests')
  t.teardown(() => { redis.disconnect() })
  await redis.connect()
  const lacking = async (): Promise<string[]> =>
    (await Promise.all(nodesOf(redis).map(async (node) => await findLackingRights(node, true)))).flat()
  t.strictSame(await lacking(), [])
  await cluster.nodes[1]?.client.call('ACL', 'SETUSER', 'dvokrok', '-cluster|shards', '-zadd')
  t.strictSame((await lacking()).toSorted(), ['CLUSTER|SHARDS', 'ZADD'], 'of each server by itself')
})

t.test('a missing right is named at the start, readiness is not up, and comes up when it is granted', { skip: isCluster }, async (t) => {
  const redis = await startNode(DURABLE, { on: 'port' })
  t.teardown(redis.dispose)
  await redis.client.call('ACL', 'SETUSER', 'narrow', 'on', '>pw', ...aclRule().split(' '), '-time', '-info', '-hset')
  const withUser = redis.url.replace('redis://', 'redis://narrow:pw@')
  const server = await startServer(t, { ...settings(t, redis, await startSmtp(t)), REDIS_URL: withUser })
  t.match(await server.logged('redis.away'), { reason: /does not let the user of REDIS_URL use INFO, TIME, HSET\. Grant it/ })
  t.match(await server.browser().get('/health/ready').then(({ status, body }) => [status, body]), [
    503, { parts: { redis: 'refused', reason: 'no_access' } }
  ])
  await redis.client.call('ACL', 'SETUSER', 'narrow', '+time', '+info', '+hset')
  redis.pause()
  await server.logged('redis.unchecked')
  redis.resume()
  await server.ready()
  await server.kill9()

  await redis.client.call('ACL', 'SETUSER', 'narrow', 'resetkeys', ...KEY_PATTERNS.slice(1).map((pattern) => `~${pattern}`))
  const other = await startServer(t, { ...settings(t, redis, await startSmtp(t)), REDIS_URL: withUser })
  t.match(await other.logged('redis.away'), { reason: /use ~\{u:\*\. Grant it/ })
})
