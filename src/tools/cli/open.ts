import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, loadConfig, type RedisTarget } from '../../platform/config/config.ts'
import { parseRedisUrl } from '../../platform/config/redis-target.ts'
import { runningRedisUrl } from '../../embedded/redis-orphan.ts'
import { provideDefaults } from '../../embedded/defaults.ts'
import { createKeyring, type Keyring } from '../../platform/keyring.ts'
import { type AddressTags, createAddressTags } from '../../records/accounts/address-tags.ts'
import { connectNow, createRedis, type RedisClient } from '../../platform/redis/connect.ts'
import { createReplicas, type Durably } from '../../platform/redis/replicas.ts'
import { createEventsRelay } from '../../records/events/outbox-store.ts'
import { createScripts, type RunScript } from '../../platform/redis/script.ts'

export interface Opened {
  target: RedisTarget
  redis: RedisClient
  keyring: Keyring
  run: RunScript
  durably: Durably
  tags: AddressTags
  close: () => Promise<void>
}

/** SECRET, or what was generated in DATA_DIR. @throws Error with the sentence `otherwise` when there is none */
export function secretOf ({ secret, dataDir }: Config, otherwise: string): string {
  if (secret !== null) return secret
  try {
    return readFileSync(join(dataDir, 'secret'), 'utf8').trim()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw new Error(otherwise)
    throw error
  }
}

/** Opens the data of this configuration for a command. An embedded Redis is used if it runs, else started until `close`. */
export async function openForCommand (config = loadConfig()): Promise<Opened> {
  const runningUrl = config.redis ? undefined : runningRedisUrl(config.dataDir)
  if (config.redis || runningUrl) {
    const target = config.redis ?? parseRedisUrl(runningUrl ?? '')
    const secret = secretOf(config, `There is no secret. Set SECRET, or DATA_DIR to the folder of the server (not ${config.dataDir}).`)
    return await connect(target, createKeyring(secret, config.previousSecrets), config.redisWaitReplicas, async () => {})
  }
  return await openAlone(config)
}

/** The same for a command that must be alone: @throws Error when a server has this DATA_DIR */
export async function openAlone (config: Config): Promise<Opened> {
  const { options, close } = await provideDefaults(config, (line) => { process.stderr.write(`${line}\n`) })
  return await connect(options.redisTarget, createKeyring(options.secret, config.previousSecrets), 0, close)
}

async function connect (target: RedisTarget, keyring: Keyring, waitReplicas: number, closeRest: () => Promise<void>): Promise<Opened> {
  const redis = createRedis(target, 'requests')
  redis.on('error', () => {})
  const { durably, close: closeReplicas } = createReplicas(redis, waitReplicas)
  const relay = createEventsRelay(redis, createScripts(redis, durably))
  const close = async (): Promise<void> => {
    await relay.close()
    closeReplicas()
    redis.disconnect()
    await closeRest()
  }
  await connectNow(redis, target).catch(async (error: unknown) => {
    await close()
    throw error
  })
  const run = createScripts(redis, durably, relay)
  return {
    target,
    redis,
    keyring,
    run,
    durably,
    tags: createAddressTags(run, keyring),
    close
  }
}
