import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { newFolder } from './process.ts'
import { startOneRedis } from './redis.ts'
import { type RedisNode, until } from './redis-node.ts'

/** Debian: apt-get install libfaketime. */
const library = findLibrary()

/** Undefined when a clock can be set here, else why not. */
export const noJumpsBecause = library ? undefined : 'libfaketime is not installed'

/** A Redis whose clock can be set to so many minutes ahead of the right one, or behind it. */
export async function startJumpingRedis (t: Test): Promise<{ redis: RedisNode, setAhead: (minutes: number) => Promise<void> }> {
  const file = join(newFolder(t), 'ahead')
  const write = (minutes: number): void => {
    // Redis reads it at any moment.
    writeFileSync(`${file}.new`, `${minutes < 0 ? '-' : '+'}${Math.abs(minutes) * 60}\n`)
    renameSync(`${file}.new`, file)
  }
  write(0)
  const environment = { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: file, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' }
  Object.assign(process.env, environment)
  const redis = await startOneRedis(t)
  for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name)

  const minutesAhead = async (): Promise<number> => Math.round((Number((await redis.client.time())[0]) * 1000 - Date.now()) / 60_000)
  return {
    redis,
    setAhead: async (minutes) => {
      write(minutes)
      await until(async () => await minutesAhead() === minutes)
    }
  }
}

/** With the allocator of libc before it: libfaketime and the one of Redis wait for each other. */
function findLibrary (): string | undefined {
  if (process.platform !== 'linux') return undefined
  const faketime = readdirSync('/usr/lib')
    .map((folder) => `/usr/lib/${folder}/faketime/libfaketimeMT.so.1`)
    .find((path) => existsSync(path))
  const libc = /\/\S+\/libc\.so\.6/.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0]
  return faketime && libc && `${faketime} ${libc}`
}
