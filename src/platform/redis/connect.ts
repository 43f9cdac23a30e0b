import { Cluster, Redis, type RedisOptions } from 'ioredis'
import { isEncrypted } from '../config/redis-target.ts'
import type { RedisTarget } from '../config/config.ts'
import { COMMAND_DEADLINE_MS, CONNECT_DEADLINE_MS, inTime } from './deadline.ts'
import { ExactRedis, PasswordedSentinels } from './exact-redis.ts'
import { createCause, whyAway } from './why-away.ts'

export type RedisClient = Redis | Cluster

const RECONNECT_MS = 200
/** A master that hangs answers nobody: only the others tell that it has been replaced. */
const LOOK_AROUND_MS = 1_000
const TRY_AGAIN_MS = 40
const MEASURE_EVERY = 16
/** So few that nothing is tried again after the deadline, when its client has been told that it was not done. */
const MOST_REDIRECTIONS = 16

/**
 * For requests: fails at once when Redis is away. ioredis' defaults would queue commands for as long as Redis is down and send
 * them twice after a lost answer, so that a right code is judged again and called wrong.
 */
const failFast = {
  lazyConnect: true,
  // Redis 7.0 does not know it, and a narrow user need not have it.
  disableClientInfo: true,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  commandTimeout: COMMAND_DEADLINE_MS,
  connectTimeout: COMMAND_DEADLINE_MS,
  retryStrategy: () => RECONNECT_MS
} satisfies RedisOptions

/** For the mail worker: blocking reads need patience and a connection of their own. */
const patient = {
  lazyConnect: true,
  disableClientInfo: true,
  maxRetriesPerRequest: null,
  retryStrategy: () => RECONNECT_MS
} satisfies RedisOptions

/** A client for `target`; it connects when told to. `tellSeconds` hears how long every 16th command took, answered or not. */
export function createRedis (target: RedisTarget, use: 'requests' | 'worker', tellSeconds?: (seconds: number) => void): RedisClient {
  const client = open(target, use)
  if (client instanceof Redis) watchCommands(client, tellSeconds)
  else client.on('+node', (node: Redis) => { watchCommands(node, tellSeconds) })
  return client
}

function open (target: RedisTarget, use: 'requests' | 'worker'): RedisClient {
  const tls = isEncrypted(target) ? { tls: 'ca' in target && target.ca ? { ca: target.ca } : {} } : {}
  const options = { ...(use === 'requests' ? failFast : patient), ...tls }
  if (target.kind === 'single') return new ExactRedis(target.url, options)
  if (target.kind === 'unix') return new ExactRedis({ ...options, path: target.path, ...pick(target) })
  if (target.kind === 'sentinel') {
    return revived(new ExactRedis({
      ...options,
      ...pick(target),
      Connector: PasswordedSentinels,
      sentinels: target.sentinels,
      name: target.name,
      sentinelUsername: target.sentinel.username,
      sentinelPassword: target.sentinel.password,
      connectTimeout: COMMAND_DEADLINE_MS,
      disconnectTimeout: RECONNECT_MS,
      sentinelCommandTimeout: COMMAND_DEADLINE_MS,
      sentinelRetryStrategy: () => RECONNECT_MS,
      sentinelReconnectStrategy: () => RECONNECT_MS,
      // Without it a client stays with a master that hangs.
      failoverDetector: true,
      ...(tls.tls ? { sentinelTLS: tls.tls, enableTLSForSentinelMode: true } : {})
    }))
  }
  return tellingCauses(watched(new Cluster(target.nodes, {
    lazyConnect: true,
    // ioredis would put its address in place of a name, which a certificate is for, and give up when one of the names has none.
    dnsLookup: (host, callback) => { callback(null, host) },
    enableOfflineQueue: use === 'worker',
    // A check that fails would leave connect() without an answer for good; what a Cluster that is down refuses says so itself.
    enableReadyCheck: false,
    redisOptions: { ...options, ...pick(target) },
    // Resending after a closed connection would judge a code twice.
    retryDelayOnFailover: 0,
    retryDelayOnClusterDown: 0,
    // Half of the slot's keys are elsewhere: nothing was done.
    retryDelayOnTryAgain: TRY_AGAIN_MS,
    maxRedirections: MOST_REDIRECTIONS,
    slotsRefreshTimeout: COMMAND_DEADLINE_MS,
    clusterRetryStrategy: () => RECONNECT_MS
  })))
}

/** Connects now, for a command. @throws Error with a sentence that says why it could not */
export async function connectNow (redis: RedisClient, target: RedisTarget): Promise<void> {
  const cause = createCause()
  for (const event of ['error', 'node error']) redis.on(event, cause.add)
  await inTime(redis.connect(), CONNECT_DEADLINE_MS).catch((error: unknown) => { throw new Error(whyAway(cause.last() ?? error, target)) })
}

/** The detector's news of a failover, when it comes in the middle of connecting again, ends the client for good. */
function revived (redis: Redis): Redis {
  const disconnect = redis.disconnect.bind(redis)
  let isWanted = true
  redis.disconnect = (reconnect) => {
    if (!reconnect) isWanted = false
    disconnect(reconnect)
  }
  redis.on('end', () => {
    if (isWanted) setTimeout(() => { if (isWanted) redis.connect().catch(() => {}) }, RECONNECT_MS)
  })
  return redis
}

/** The client's own `slotsRefreshInterval` goes on for ever when it is closed in the middle of a look. */
function watched (cluster: Cluster): Cluster {
  const timer = setInterval(() => { if (cluster.status === 'ready') cluster.refreshSlotsCache() }, LOOK_AROUND_MS).unref()
  cluster.once('end', () => { clearInterval(timer) })
  return cluster
}

/** ioredis asks for the slots over separate connections and drops their errors: here they become 'node error' too. */
function tellingCauses (cluster: Cluster): Cluster {
  return cluster.on('+node', (node: Redis) => {
    const duplicate = node.duplicate.bind(node)
    node.duplicate = (override) => duplicate(override).on('error', (error: Error) => { cluster.emit('node error', error) })
  })
}

function pick ({ db, username, password }: { db?: number | undefined, username?: string | undefined, password?: string | undefined }) {
  return {
    ...(db === undefined ? {} : { db }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password })
  }
}

/**
 * What is sent in one turn of the event loop leaves in one write: a system call for each command costs more than the command. To measure
 * each would cost more than it is worth.
 */
function watchCommands (client: Redis, tellSeconds: (seconds: number) => void = () => {}): void {
  const send = client.sendCommand.bind(client)
  let sent = 0
  client.sendCommand = (command, ...rest) => {
    const { stream } = client
    if (stream?.writableCorked === 0) {
      stream.cork()
      setImmediate(() => { stream.uncork() })
    }
    if (++sent % MEASURE_EVERY === 0) {
      const startedMs = performance.now()
      const end = (): void => { tellSeconds((performance.now() - startedMs) / 1000) }
      command.promise.then(end, end)
    }
    return send(command, ...rest)
  }
}
