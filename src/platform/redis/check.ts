import type { Redis } from 'ioredis'

export interface RedisCheck {
  /** A reason not to use this Redis at all, else null. */
  refusal: string | null
  warnings: string[]
}

const OLDEST_MAJOR = 7
const READ = [
  'maxmemory-policy', 'appendonly', 'appendfsync', 'save', 'min-replicas-to-write', 'cluster-enabled', 'cluster-require-full-coverage'
]

/** Whether this server keeps what it acknowledges. Looked at when it is reached. `waitReplicas`: so many must have a change. */
export async function checkRedis (redis: Redis, waitReplicas: number): Promise<RedisCheck> {
  const version = /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1] ?? '0'
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) {
    return { refusal: `Redis ${version} is too old: 7.0 or newer is needed (7.2 or Valkey is recommended).`, warnings: [] }
  }
  let settings: Map<string, string>
  try {
    const answers = await Promise.all(READ.map(async (name) => await redis.config('GET', name)))
    settings = new Map(answers.filter(([name]) => name !== undefined).map(([name = '', value = '']) => [name, value]))
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ReplyError')) throw error
    const warning = 'Redis forbids CONFIG, so nobody checked it: make sure of maxmemory-policy noeviction and appendonly yes.'
    return { refusal: null, warnings: [warning] }
  }
  const policy = settings.get('maxmemory-policy') ?? /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1]
  if (policy !== undefined && policy !== 'noeviction') {
    const refusal = `Redis would evict accounts and sessions when memory is short (maxmemory-policy ${policy}). Set it to noeviction.`
    return { refusal, warnings: [] }
  }
  if (settings.size === 0) {
    const warning = 'Redis does not tell its settings (CONFIG GET), so nobody checked them: make sure that it never evicts a key, and ' +
      'that it writes to disk before it answers.'
    return { refusal: null, warnings: [warning] }
  }
  return { refusal: null, warnings: [...ofDisk(settings), ...ofFailover(settings, waitReplicas, await replicasOf(redis))] }
}

function ofDisk (settings: Map<string, string>): string[] {
  if (!settings.has('appendonly')) return []
  if (settings.get('appendonly') !== 'yes') {
    const kept = settings.get('save') ? 'only what its last snapshot holds' : 'nothing'
    return [`Redis has appendonly off: after a crash it knows ${kept}. Set appendonly yes and appendfsync always.`]
  }
  if (settings.get('appendfsync') === 'always') return []
  return ['Redis syncs its log once a second or less: a power failure can lose acknowledged changes. Set appendfsync always.']
}

const replicasOf = async (redis: Redis): Promise<number> =>
  Number(/^connected_slaves:(\d+)/m.exec(await redis.info('replication'))?.[1] ?? 0)

function ofFailover (settings: Map<string, string>, waitReplicas: number, replicas: number): string[] {
  const warnings: string[] = []
  if (waitReplicas > 0 && replicas > waitReplicas) {
    warnings.push(`A master has ${replicas} replicas and ${waitReplicas} must have a change: another one can take over without it, ` +
      'and bring back what was ended. Set REDIS_WAIT_REPLICAS to the number of replicas.')
  }
  if (waitReplicas > 0 && settings.get('min-replicas-to-write') === '0') {
    warnings.push('A master that is cut off from its replicas goes on taking changes, which are lost when it is replaced. ' +
      'Set min-replicas-to-write 1 and min-replicas-max-lag 10.')
  }
  if (settings.get('cluster-enabled') === 'yes' && settings.get('cluster-require-full-coverage') === 'yes') {
    warnings.push('One missing shard would stop the whole Cluster. Set cluster-require-full-coverage no, and only its accounts wait.')
  }
  return warnings
}
