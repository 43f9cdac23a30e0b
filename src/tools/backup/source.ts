import { constants, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Redis } from 'ioredis'
import { findRedisServer } from '../../embedded/find-redis.ts'
import { choosePrivateUrl, endRedis, redisConfiguration, spawnRedis, waitUntilReady } from '../../embedded/redis-child.ts'
import { removeAddress } from '../../embedded/redis-orphan.ts'
import { parseRedisUrl } from '../../platform/config/redis-target.ts'
import { connectNow, createRedis } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'

const MANIFEST = '.manifest'
/** Of a Redis with more than its usual sixteen. */
const DATABASES = 256

export interface Source { redis: Redis, close: () => Promise<void> }

/**
 * What a backup holds, as a Redis that has read it: a snapshot, a folder with an append-only log (of which a copy is read), or the address
 * of a Redis that somebody else started on it.
 */
export async function openSource (name: string, say: (line: string) => void): Promise<Source> {
  if (/^(rediss?|unix):/.test(name)) return await connected(name)
  const temporary = mkdtempSync(join(tmpdir(), 'dvokrok-restore-'))
  const url = await choosePrivateUrl()
  const forget = (): void => {
    removeAddress(url)
    rmSync(temporary, { recursive: true, force: true })
  }
  try {
    const isLog = putInto(temporary, resolve(name))
    const configuration = join(temporary, 'redis.conf')
    const rest = ['appendfsync no', `databases ${DATABASES}`, `appendonly ${isLog === null ? 'no' : 'yes'}`]
    if (isLog !== null) rest.push(`appendfilename ${JSON.stringify(isLog)}`, 'appenddirname log')
    writeFileSync(configuration, `${redisConfiguration(url, temporary)}${rest.join('\n')}\n`, { mode: 0o600 })
    const child = spawnRedis(await findRedisServer(say), configuration, url)
    const endChild = (): void => { child.kill('SIGKILL') }
    process.once('exit', endChild)
    const end = async (): Promise<void> => {
      await endRedis(child)
      process.off('exit', endChild)
      forget()
    }
    try {
      await waitUntilReady(child, url)
      const { redis, close } = await connected(url)
      return {
        redis,
        close: async () => {
          await close()
          await end()
        }
      }
    } catch (error) {
      await end()
      throw new Error(`${name} cannot be read by the redis-server of this machine. Where the backup is of a newer one: install that, or ` +
        `start it elsewhere on a copy of the backup and name its address instead. ${error instanceof Error ? error.message : ''}`)
    }
  } catch (error) {
    forget()
    throw error
  }
}

/** Answers the name of the append-only log; null for a snapshot. */
function putInto (folder: string, path: string): string | null {
  if (!statSync(path).isDirectory()) {
    symlinkSync(path, join(folder, 'dump.rdb'))
    return null
  }
  const places = [path, join(path, 'appendonlydir'), join(path, 'redis', 'appendonlydir')].filter((place) => existsSync(place))
  for (const place of places) {
    const manifest = readdirSync(place).find((file) => file.endsWith(MANIFEST))
    if (manifest === undefined) continue
    cpSync(place, join(folder, 'log'), { recursive: true, mode: constants.COPYFILE_FICLONE })
    return manifest.slice(0, -MANIFEST.length)
  }
  throw new Error(`${path} holds no append-only log of Redis 7 (a file that ends in ${MANIFEST}). Name its folder, or a snapshot.`)
}

async function connected (url: string): Promise<Source> {
  const target = parseRedisUrl(url)
  const redis = createRedis(target, 'worker')
  redis.on('error', () => {})
  const close = async (): Promise<void> => { redis.disconnect() }
  try {
    if ('nodes' in redis) throw new Error('Name the servers of a Cluster one by one.')
    await connectNow(redis, target)
    await selectOurs(redis)
    return { redis, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A snapshot has all databases of its Redis. */
async function selectOurs (redis: Redis): Promise<void> {
  const numbers = [...(await redis.info('keyspace')).matchAll(/^db(\d+):/gm)].map(([, number]) => Number(number))
  for (const number of numbers) {
    await redis.select(number)
    if (await redis.exists(keys.addressKey) === 1) return
  }
  await redis.select(numbers[0] ?? 0)
}
