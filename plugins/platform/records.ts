import fp from 'fastify-plugin'
import { whereIs } from '../../src/platform/config/redis-target.ts'
import { createRedis } from '../../src/platform/redis/connect.ts'
import { isRedisAway } from '../../src/platform/redis/errors.ts'
import { recoverIndex } from '../../src/records/accounts-index/recover-index.ts'
import { createRecords, type Records } from '../../src/records.ts'

declare module 'fastify' {
  interface FastifyInstance { records: Records }
}

/** Everything that is kept, each kind by its store. */
export default fp(async (fastify) => {
  const { redis, database, keyring, config, app, log } = fastify
  const tellNew = (): void => {
    if (app.isFirstStart) return
    log.warn({ event: 'redis.empty' }, `Redis at ${whereIs(app.redisTarget)} holds no data of ours, but there was a secret before this ` +
      'start: a new installation begins in it. If there should be accounts, stop the server: REDIS_URL names another Redis, or the data ' +
      'were lost (a dump.rdb is ignored by a Redis with appendonly yes). dvokrok restore puts a backup back.')
  }
  const records = createRecords({ redis, database, keyring, config, tellNew, openReader: () => createRedis(app.redisTarget, 'worker') })
  fastify.decorate('records', records)
  const { accounts, accountsIndex, events } = records
  // What changes from now on would be missing in it.
  if (!config.accountsIndex) await accountsIndex.setComplete(false).catch(() => {})
  else {
    const recover = async (): Promise<void> => await recoverIndex({ accounts, events, index: accountsIndex, roles: config.roles })
    fastify.addHook('onReady', async () => {
      // Nobody waits for it; where Redis is away it is done when that is back.
      recover().catch(() => { redis.once('ready', () => { recover().catch(() => {}) }) })
    })
  }
  // With Redis away the first request that needs the key loads it; a Redis of another SECRET stops the start.
  await records.addressTags.load().catch((error) => { if (!isRedisAway(error)) throw error })
}, { name: 'records', dependencies: ['redis', 'keyring'] })
