const REFUSALS = new Set([
  'OOM', 'MISCONF', 'NOREPLICAS', 'LOADING', 'READONLY', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN', 'BUSY', 'NOAUTH', 'WRONGPASS', 'NOPERM',
  'MOVED', 'ASK', 'CROSSSLOT', 'UNBLOCKED'
])
/** What the client says of itself, which gives its errors no codes. */
const AWAY = new RegExp([
  'Command timed out', 'Connection is closed', "Stream isn't writeable", 'max retries per request', "Cluster isn't ready",
  'All nodes failed', 'None of startup nodes', 'Connection lost', 'failed to refresh slots', 'Too many Cluster redirections',
  'Node is disconnected', 'All sentinels are unreachable'
].join('|'), 'i')
const SOCKET = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'NR_CLOSED'
])
const NAMES = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError', 'AbortError'])

/** The master did it, but may be replaced by one that never heard of it. */
export class NotReplicatedError extends Error {
  constructor () {
    super('too few replicas have the change')
    this.name = 'NotReplicatedError'
  }
}

/** Whether this error says that Redis is away or refuses to take writes: the client may try again, nothing was let through. */
export function isRedisAway (error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof NotReplicatedError) return true
  if (error.name === 'ReplyError') return REFUSALS.has(/^\w+/.exec(error.message)?.[0] ?? '')
  const code = 'code' in error ? String(error.code) : ''
  return NAMES.has(error.name) || SOCKET.has(code) || AWAY.test(error.message)
}

/** Whether the slot of what was asked for is on its way to another master and holds only half of the keys: nothing was done. */
export const isOnTheMove = (error: unknown): boolean => error instanceof Error && error.message.includes('TRYAGAIN')

const REASONS: Record<string, string> = {
  OOM: 'full',
  MISCONF: 'cannot_save',
  READONLY: 'replica',
  NOREPLICAS: 'no_replicas',
  LOADING: 'loading',
  CLUSTERDOWN: 'cluster_down',
  MASTERDOWN: 'replica',
  NOAUTH: 'no_access',
  WRONGPASS: 'no_access',
  NOPERM: 'no_access'
}

/** Why Redis takes no writes, in one word for the operator; undefined when it did not say. */
export function reasonAway (error: Error): string | undefined {
  return error instanceof NotReplicatedError ? REASONS['NOREPLICAS'] : REASONS[/^[A-Z]+/.exec(error.message)?.[0] ?? '']
}
