import type { Redis } from 'ioredis'

/** What our scripts, those of the outbox and of the rate limit, and the server itself call on keys. A test compares it with all of them. */
export const KEY_COMMANDS = [
  'BZPOPMIN', 'DECR', 'DEL', 'EXISTS', 'EXPIRE', 'GET', 'HDEL', 'HEXISTS', 'HGET', 'HGETALL', 'HINCRBY', 'HLEN', 'HMGET', 'HMSET', 'HSET',
  'INCR', 'LINDEX', 'LLEN', 'LPOP', 'LPOS', 'LPUSH', 'LRANGE', 'LREM', 'LTRIM', 'PERSIST',
  'PEXPIRE', 'PEXPIREAT', 'PTTL', 'RPOP', 'RPOPLPUSH',
  'RPUSH', 'SADD', 'SCARD', 'SET', 'SISMEMBER', 'SMEMBERS', 'SREM', 'XADD', 'XDEL', 'XLEN', 'XRANGE', 'XREAD', 'XREVRANGE', 'XTRIM', 'ZADD',
  'ZCARD', 'ZCOUNT', 'ZLEXCOUNT', 'ZPOPMIN', 'ZRANGE', 'ZRANGEBYLEX', 'ZRANGEBYSCORE', 'ZREM', 'ZREMRANGEBYRANK', 'ZREMRANGEBYSCORE',
  'ZREVRANGE', 'ZREVRANGEBYLEX', 'ZREVRANGEBYSCORE', 'ZSCORE'
]
/** The rest. SCAN and DBSIZE are for the doctor, the export and the list of accounts; CONFIG GET looks at how Redis keeps its data. */
export const OTHER_COMMANDS = [
  'CLIENT|SETNAME', 'CONFIG|GET', 'DBSIZE', 'EVAL', 'EVALSHA', 'INFO', 'PING', 'SCAN', 'SCRIPT|LOAD', 'SELECT', 'TIME', 'WAIT'
]
export const CLUSTER_COMMANDS = ['CLUSTER|SLOTS', 'CLUSTER|SHARDS', 'CLUSTER|INFO', 'READONLY', 'ASKING']
/** Redis works without them, and says less. */
const OPTIONAL = new Set(['CLIENT|SETNAME', 'CONFIG|GET', 'PING', 'SELECT'])

/** Of every key that keys.ts makes. */
export const KEY_PATTERNS = ['{u:*', '{a:*', '{s:*', '{c:*', '{dvokrok}*', '{ready:*', '{mail}*', '{events}*', '{assets}*', 'limit:*']

/** For `ACL SETUSER`. */
export const aclRule = (): string => [
  'resetchannels', 'resetkeys', ...KEY_PATTERNS.map((pattern) => `~${pattern}`), '-@all',
  ...[...KEY_COMMANDS, ...OTHER_COMMANDS, ...CLUSTER_COMMANDS].map((name) => `+${name.toLowerCase()}`)
].join(' ')

/** Asks for itself, touches nothing. A library of Redis 7.0; what does not have it answers an empty list. */
const ASK = `#!lua flags=no-writes
if not redis.acl_check_cmd then return {} end
local lacking, usable = {}, {}
local function ask(...) local ok, may = pcall(redis.acl_check_cmd, ...) return not ok or may end
for command in string.gmatch(ARGV[1], '%S+') do
  local name, sub = string.match(command, '([^|]+)|?(.*)')
  if not ask(name, sub ~= '' and sub or '0', '0') then table.insert(lacking, command) end
end
for command in string.gmatch(ARGV[2], '%S+') do
  local some = false
  for pattern in string.gmatch(ARGV[3], '%S+') do some = some or ask(command, pattern, pattern) end
  table.insert(some and usable or lacking, command)
end
for pattern in string.gmatch(ARGV[3], '%S+') do
  for _, command in ipairs(usable) do
    if not ask(command, pattern, pattern) then table.insert(lacking, '~' .. pattern) break end
  end
end
return lacking`

/** What Redis does not let our user do: names of commands, and patterns of keys after a `~`. Empty where it does not tell. */
export async function findLackingRights (node: Redis, isCluster: boolean): Promise<string[]> {
  const others = [...OTHER_COMMANDS, ...isCluster ? CLUSTER_COMMANDS : []].filter((name) => !OPTIONAL.has(name))
  try {
    const lacking = await node.eval(ASK, 0, others.join(' '), KEY_COMMANDS.join(' '), KEY_PATTERNS.join(' '))
    return Array.isArray(lacking) ? lacking.map(String) : []
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ReplyError')) throw error
    return error.message.startsWith('NOPERM') ? ['EVAL'] : []
  }
}

export const lackingSentence = (lacking: string[]): string =>
  `Redis does not let the user of REDIS_URL use ${lacking.join(', ')}. Grant it (ACL SETUSER); docs/operations.md has the whole rule.`
