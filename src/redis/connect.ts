import { Cluster, Redis, type RedisOptions } from 'ioredis'
import type { RedisTarget } from '../config.ts'

export type RedisClient = Redis | Cluster

/** One deadline for a command, in milliseconds, over all that may happen to it. */
export const COMMAND_DEADLINE_MS = 800
const RECONNECT_MS = 200

/**
 * For requests: fails at once when Redis is away. ioredis' defaults would queue commands for as long as Redis is down and send
 * them twice after a lost answer, so that a right code is judged again and called wrong.
 */
const failFast: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_DEADLINE_MS,
  connectTimeout: COMMAND_DEADLINE_MS,
  retryStrategy: () => RECONNECT_MS
}

/** For the mail worker: blocking reads need patience and a connection of their own. */
const patient: RedisOptions = {
  lazyConnect: true,
  maxRetriesPerRequest: null,
  retryStrategy: () => RECONNECT_MS
}

/** A client for `target`; it connects when told to. */
export function createRedis (target: RedisTarget, use: 'requests' | 'worker'): RedisClient {
  const client = open(target, use)
  if (client instanceof Redis) gatherWrites(client)
  return client
}

function open (target: RedisTarget, use: 'requests' | 'worker'): RedisClient {
  const options = use === 'requests' ? failFast : patient
  if (target.kind === 'single') return new Redis(target.url, options)
  if (target.kind === 'unix') return new Redis({ ...options, path: target.path, ...pick(target) })
  if (target.kind === 'sentinel') {
    return new Redis({
      ...options,
      ...pick(target),
      sentinels: target.sentinels,
      name: target.name,
      ...(target.tls ? { tls: {}, enableTLSForSentinelMode: true } : {})
    })
  }
  return new Cluster(target.nodes, {
    lazyConnect: true,
    enableOfflineQueue: use === 'worker',
    redisOptions: { ...options, ...pick(target), ...(target.tls ? { tls: {} } : {}) },
    // Resending after a closed connection would judge a code twice.
    retryDelayOnFailover: 0,
    clusterRetryStrategy: () => RECONNECT_MS
  })
}

function pick ({ db, username, password }: { db?: number | undefined, username?: string | undefined, password?: string | undefined }): RedisOptions {
  return {
    ...(db === undefined ? {} : { db }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password })
  }
}

/** What is sent in one turn of the event loop leaves in one write: a system call for each command costs more than the command. */
function gatherWrites (client: Redis): void {
  const send = client.sendCommand.bind(client)
  client.sendCommand = (...args) => {
    const { stream } = client
    if (stream?.writableCorked === 0) {
      stream.cork()
      setImmediate(() => { stream.uncork() })
    }
    return send(...args)
  }
}
