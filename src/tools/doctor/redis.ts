import { aclRule, lackingSentence } from '../../platform/redis/rights.ts'
import { fail, failIfAny, type Finding, pass, unchecked, warn } from './finding.ts'
import { judgeSkew } from './health.ts'
import type { NodeFacts, RecordCounts } from './redis-store.ts'

const OLDEST = [7, 0]
const RECOMMENDED = [7, 2]
const VERSION_REMEDY = 'Install Redis 7.2 or newer, or Valkey.'
const PERSISTENCE_REMEDY = 'Set appendonly yes and appendfsync always.'

/** The worst node counts. */
export function judgeRedis (nodes: NodeFacts[], isProduction: boolean): Finding[] {
  const skew = nodes.map(({ skewMs }) => skewMs).toSorted((one, other) => Math.abs(other) - Math.abs(one))[0]
  return [
    judgeVersion(nodes), judgeEviction(nodes), judgePersistence(nodes), judgeReplicas(nodes, isProduction),
    judgeSkew('clock.redis', 'The clock of Redis', skew ?? Number.NaN)
  ]
}

function judgeVersion (nodes: NodeFacts[]): Finding {
  const names = [...new Set(nodes.map(({ version, isValkey }) => `${isValkey ? 'Valkey' : 'Redis'} ${version}`))].join(', ')
  if (nodes.some((node) => isBefore(node, OLDEST))) return fail('redis.version', `${names} is too old.`, VERSION_REMEDY)
  if (nodes.some((node) => isBefore(node, RECOMMENDED))) {
    return warn('redis.version', `${names} works but is no longer maintained.`, VERSION_REMEDY)
  }
  return pass('redis.version', `${names}.`)
}

function isBefore ({ version }: NodeFacts, [major = 0, minor = 0]: number[]): boolean {
  const [nodeMajor = 0, nodeMinor = 0] = version.split('.').map(Number)
  return nodeMajor < major || (nodeMajor === major && nodeMinor < minor)
}

function judgeEviction (nodes: NodeFacts[]): Finding {
  const wrong = [...new Set(nodes.map(({ policy }) => policy).filter((policy) => policy !== 'noeviction'))]
  if (wrong.includes(null)) {
    return unchecked('redis.eviction', 'Redis does not tell its maxmemory-policy.', 'Make sure that it is noeviction.')
  }
  return failIfAny('redis.eviction',
    wrong.map((policy) => `maxmemory-policy is ${policy}, so accounts are deleted when memory runs out`),
    'Redis deletes nothing when memory runs out.', 'Set maxmemory-policy noeviction.')
}

function judgePersistence (nodes: NodeFacts[]): Finding {
  if (nodes.some(({ appendonly }) => appendonly !== 'yes')) {
    return fail('redis.persistence', 'appendonly is off: a crash loses changes that were confirmed.', PERSISTENCE_REMEDY)
  }
  if (nodes.some(({ isLastWriteOk }) => !isLastWriteOk)) {
    return fail('redis.persistence', 'Redis could not write its log.', 'Check its disk: it may be full.')
  }
  const lax = nodes.find(({ appendfsync }) => appendfsync !== null && appendfsync !== 'always')
  if (lax) {
    return warn('redis.persistence',
      `appendfsync is ${lax.appendfsync}: a power failure can lose the last second or more.`, PERSISTENCE_REMEDY)
  }
  if (nodes.some(({ appendfsync }) => appendfsync === null)) {
    return unchecked('redis.persistence', 'Redis forbids CONFIG, so appendfsync is unknown.', 'Make sure that it is always.')
  }
  return pass('redis.persistence', 'Redis writes to disk before it answers.')
}

function judgeReplicas (nodes: NodeFacts[], isProduction: boolean): Finding {
  const fewest = Math.min(...nodes.map(({ replicas }) => replicas))
  if (fewest === 0) {
    if (!isProduction) return pass('redis.replicas', 'There is no replica, and this is not production.')
    return warn('redis.replicas', 'There is no replica: if this disk is lost, only the backup is left.',
      'Add a replica on another machine, or make sure that backups are made and that you have restored one.')
  }
  if (nodes.some(({ minReplicas }) => minReplicas === null)) {
    return unchecked('redis.replicas', 'Redis forbids CONFIG, so min-replicas-to-write is unknown.', 'Make sure that it is 1 or more.')
  }
  if (nodes.some(({ minReplicas }) => minReplicas === 0)) {
    return warn('redis.replicas', 'A master takes writes while its replicas are away: a failover can lose them.',
      'Set min-replicas-to-write 1 and min-replicas-max-lag 10.')
  }
  return pass('redis.replicas', `Each master has at least ${fewest}, and takes no writes without replicas.`)
}

/** `currentId` is the key id of SECRET, `previousIds` are those of SECRET_PREVIOUS. */
export function judgeRecords (counts: RecordCounts, currentId: string, previousIds: string[]): Finding {
  const isKnown = (id: string): boolean => id === currentId || previousIds.includes(id)
  const isOld = (id: string): boolean => previousIds.includes(id) && id !== currentId
  const isLost = (id: string): boolean => !isKnown(id)

  if (counts.addressKey !== null && isLost(counts.addressKey)) {
    return fail('secret.records', 'The data were written under another SECRET.', 'Set SECRET to that one, or add it to SECRET_PREVIOUS.')
  }
  if (countOf(counts, isLost) > 0) {
    return fail('secret.records',
      `${describe(counts, isLost)} were made under a secret that is no longer given, so their owners cannot sign in.`,
      'Add that secret to SECRET_PREVIOUS, if you still have it.')
  }
  if (countOf(counts, isOld) > 0) {
    return warn('secret.records', `${describe(counts, isOld)} still need an old secret.`,
      'Keep SECRET_PREVIOUS until their owners have signed in; without it they must reset their password by mail.')
  }
  if (previousIds.length > 0) {
    return pass('secret.records', 'Nothing needs an old secret: SECRET_PREVIOUS can go, REFRESH_TOKEN_TTL_DAYS after the change.')
  }
  return pass('secret.records', `All ${describe(counts, isKnown)} are made under SECRET.`)
}

export const judgeAccounts = (counts: RecordCounts): Finding => sum(counts.passwords, () => true) > 0
  ? pass('redis.accounts', 'Redis holds accounts.')
  : warn('redis.accounts', `Redis holds no account${counts.addressKey === null ? ', and nothing else of Dvokrok' : ''}.`,
    'Right for a new installation. Otherwise REDIS_URL names another Redis, or the data were lost: dvokrok restore puts a backup back.')

type IdFilter = (id: string) => boolean

const sum = (counts: Map<string, number>, isMeant: IdFilter): number =>
  [...counts].reduce((total, [id, count]) => isMeant(id) ? total + count : total, 0)

const countOf = ({ passwords, authenticators }: RecordCounts, isMeant: IdFilter): number =>
  sum(passwords, isMeant) + sum(authenticators, isMeant)

const describe = ({ passwords, authenticators }: RecordCounts, isMeant: IdFilter): string =>
  `${sum(passwords, isMeant)} passwords and ${sum(authenticators, isMeant)} authenticators`

/** `why`: the sentence that says why it cannot be reached; null when it was. */
export const judgeReachable = (where: string, why: string | null): Finding => why === null
  ? pass('redis.reachable', `Redis at ${where} answers.`)
  : fail('redis.reachable', why, 'Do what the sentence says; docs/operations.md has the settings of Redis.')

export const judgeRights = (lacking: string[]): Finding => lacking.length === 0
  ? pass('redis.rights', 'Redis lets us use every command and key that is needed.')
  : fail('redis.rights', lackingSentence(lacking), `ACL SETUSER the user ${aclRule()}`)
