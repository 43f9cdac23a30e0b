import { fail, failIfAny, type Finding, pass, unchecked, warn } from './finding.ts'
import { judgeSkew } from './health.ts'
import type { NodeFacts, RecordCounts } from './redis-store.ts'

const OLDEST = [7, 0]
const RECOMMENDED = [7, 2]

export function judgeRedis (nodes: NodeFacts[], isProduction: boolean): Finding[] {
  const skew = nodes.map(({ skewMs }) => skewMs).toSorted((one, other) => Math.abs(other) - Math.abs(one))[0]
  return [judgeVersion(nodes), judgeEviction(nodes), judgePersistence(nodes), judgeReplicas(nodes, isProduction), judgeSkew('clock.redis', 'The clock of Redis', skew ?? Number.NaN)]
}

function judgeVersion (nodes: NodeFacts[]): Finding {
  const names = [...new Set(nodes.map(({ version, isValkey }) => `${isValkey ? 'Valkey' : 'Redis'} ${version}`))].join(', ')
  const isBefore = ({ version }: NodeFacts, [major = 0, minor = 0]: number[]): boolean => {
    const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number)
    return ownMajor < major || (ownMajor === major && ownMinor < minor)
  }
  if (nodes.some((node) => isBefore(node, OLDEST))) return fail('redis.version', `${names} is too old.`, 'Install Redis 7.2 or newer, or Valkey.')
  if (nodes.some((node) => isBefore(node, RECOMMENDED))) return warn('redis.version', `${names} works and is no longer cared for.`, 'Install Redis 7.2 or newer, or Valkey.')
  return pass('redis.version', names)
}

function judgeEviction (nodes: NodeFacts[]): Finding {
  const wrong = [...new Set(nodes.map(({ policy }) => policy).filter((policy) => policy !== 'noeviction'))]
  if (wrong.includes(null)) return unchecked('redis.eviction', 'Redis does not tell maxmemory-policy.', 'Make sure that it is noeviction.')
  return failIfAny('redis.eviction', wrong.map((policy) => `maxmemory-policy is ${policy}, so accounts are dropped when memory is short`), 'Redis drops nothing when memory is short.', 'Set maxmemory-policy noeviction.')
}

function judgePersistence (nodes: NodeFacts[]): Finding {
  const remedy = 'Set appendonly yes and appendfsync always.'
  if (nodes.some(({ appendonly }) => appendonly !== 'yes')) return fail('redis.persistence', 'appendonly is off: a crash loses what was answered with success.', remedy)
  if (nodes.some(({ isLastWriteOk }) => !isLastWriteOk)) return fail('redis.persistence', 'Redis could not write its log.', 'Look at its disk: is it full?')
  const [lax] = nodes.filter(({ appendfsync }) => appendfsync !== null && appendfsync !== 'always')
  if (lax) return warn('redis.persistence', `appendfsync is ${lax.appendfsync}: a power failure can lose the last second or more.`, remedy)
  if (nodes.some(({ appendfsync }) => appendfsync === null)) return unchecked('redis.persistence', 'Redis forbids CONFIG, so nobody knows appendfsync.', 'Make sure that it is always.')
  return pass('redis.persistence', 'Redis writes to disk before it answers.')
}

function judgeReplicas (nodes: NodeFacts[], isProduction: boolean): Finding {
  const fewest = Math.min(...nodes.map(({ replicas }) => replicas))
  if (fewest === 0) {
    if (!isProduction) return pass('redis.replicas', 'There is no replica, and this is no production.')
    return warn('redis.replicas', 'There is no replica: when this disk is lost, only the backup is left.', 'Add a replica on another machine, or make sure that the backup runs and was restored once.')
  }
  if (nodes.some(({ minReplicas }) => minReplicas === null)) return unchecked('redis.replicas', 'Redis forbids CONFIG, so nobody knows min-replicas-to-write.', 'Make sure that it is 1 or more.')
  if (nodes.some(({ minReplicas }) => minReplicas === 0)) {
    return warn('redis.replicas', 'A master takes writes while its replicas are away: a failover can lose them.', 'Set min-replicas-to-write 1 and min-replicas-max-lag 10.')
  }
  return pass('redis.replicas', `Each master has ${fewest} or more, and takes no writes without them.`)
}

/** `currentId`: of SECRET; `previousIds`: of SECRET_PREVIOUS. */
export function judgeRecords ({ passwords, authenticators, addressKey }: RecordCounts, currentId: string, previousIds: string[]): Finding {
  const sum = (counts: Map<string, number>, isMeant: (id: string) => boolean): number => [...counts].reduce((total, [id, count]) => isMeant(id) ? total + count : total, 0)
  const tell = (isMeant: (id: string) => boolean): string => `${sum(passwords, isMeant)} passwords and ${sum(authenticators, isMeant)} authenticators`
  const isKnown = (id: string): boolean => id === currentId || previousIds.includes(id)
  const isOld = (id: string): boolean => previousIds.includes(id) && id !== currentId
  const isLost = (id: string): boolean => !isKnown(id)

  if (addressKey !== null && !isKnown(addressKey)) return fail('secret.records', 'The data were written under another SECRET.', 'Set SECRET to that one, or add it to SECRET_PREVIOUS.')
  if (sum(passwords, isLost) + sum(authenticators, isLost) > 0) {
    return fail('secret.records', `${tell(isLost)} were made under a secret that is no longer given: nobody gets in with them.`, 'Add that secret to SECRET_PREVIOUS, if you still have it.')
  }
  if (sum(passwords, isOld) + sum(authenticators, isOld) > 0) {
    return warn('secret.records', `${tell(isOld)} are left on an old secret.`, 'Keep SECRET_PREVIOUS until their owners have signed in, or these have to reset by mail.')
  }
  if (previousIds.length > 0) return pass('secret.records', 'Nothing is left on an old secret: SECRET_PREVIOUS can go, REFRESH_TOKEN_TTL_DAYS after the change.')
  return pass('secret.records', `All ${tell(isKnown)} are made under SECRET.`)
}
