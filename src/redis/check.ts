import type { RedisClient } from './connect.ts'

export interface RedisCheck {
  /** A reason not to use this Redis at all, else null. */
  refusal: string | null
  warnings: string[]
}

const OLDEST_MAJOR = 7

/** Whether this Redis keeps what it acknowledges. Looked at once, when it is first reached. */
export async function checkRedis (redis: RedisClient): Promise<RedisCheck> {
  const version = /^redis_version:(\S+)/m.exec(await redis.info('server'))?.[1] ?? '0'
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) {
    return { refusal: `Redis ${version} is too old: 7.0 or newer is needed (7.2 or Valkey is recommended).`, warnings: [] }
  }
  let settings: Map<string, string>
  try {
    const read = async (name: string): Promise<string> => (await redis.config('GET', name) as string[])[1] ?? ''
    settings = new Map()
    for (const name of ['maxmemory-policy', 'appendonly', 'appendfsync', 'save']) settings.set(name, await read(name))
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ReplyError')) throw error
    return { refusal: null, warnings: ['Redis forbids CONFIG, so nobody checked it: make sure of maxmemory-policy noeviction and appendonly yes.'] }
  }
  const policy = settings.get('maxmemory-policy')
  if (policy !== 'noeviction') {
    return { refusal: `Redis would evict accounts and sessions when memory is short (maxmemory-policy ${policy}). Set it to noeviction.`, warnings: [] }
  }
  if (settings.get('appendonly') !== 'yes') {
    const kept = settings.get('save') ? 'only what its last snapshot holds' : 'nothing'
    return { refusal: null, warnings: [`Redis has appendonly off: after a crash it knows ${kept}. Set appendonly yes and appendfsync always.`] }
  }
  return {
    refusal: null,
    warnings: settings.get('appendfsync') === 'always' ? [] : ['Redis syncs its log once a second or less: a power failure can lose acknowledged changes. Set appendfsync always.']
  }
}
