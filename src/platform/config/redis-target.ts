import { isAbsolute } from 'node:path'
import { isLoopback } from './hosts.ts'
import { listOf, SettingRefused } from './refused.ts'

interface Endpoint { host: string, port: number }
interface Credentials { username?: string | undefined, password?: string | undefined }
/** PEM, from REDIS_CA_FILE: who may vouch for the servers, instead of those that Node knows. */
interface Trust { ca?: string | undefined }

export type RedisTarget =
  | { kind: 'single', url: string } & Trust
  | { kind: 'unix', path: string, db?: number | undefined } & Credentials
  | { kind: 'cluster', nodes: Endpoint[], tls: boolean } & Credentials & Trust
  | { kind: 'sentinel', sentinels: Endpoint[], name: string, tls: boolean, db: number, sentinel: Credentials } & Credentials & Trust

const REDIS_PORT = 6379
const SENTINEL_PORT = 26379

/**
 * Where the data lives. `redis://` and `rediss://` (TLS) name one server, several with commas a Cluster; a Cluster with one seed
 * names it twice. `unix:/path?db=1` is a socket, `redis+sentinel://host:port,host:port/name/db` asks Sentinels for the master.
 * Sentinels get the same user and password, or those of `?sentinel=user:password`.
 * Parsed here because ioredis reads `redis+sentinel://` as a path and turns query parameters into options of the client.
 * A refusal never repeats the value, it may hold a password.
 */
export function parseRedisUrl (value: string): RedisTarget {
  if (value.startsWith('unix:')) return parseUnix(value)
  if (/^rediss?\+sentinel:/.test(value)) return parseSentinel(value)
  if (!/^rediss?:\/\//.test(value)) {
    throw refusal('must begin with redis://, rediss://, unix:/ or redis+sentinel://')
  }
  return value.includes(',') ? parseCluster(value) : parseSingle(value)
}

/** The first host that is reached over a network without TLS; null when there is none. */
export function hostInClear (target: RedisTarget | null): string | null {
  if (!target || target.kind === 'unix') return null
  if (target.kind === 'single') {
    const { protocol, hostname } = new URL(target.url)
    return protocol === 'redis:' && !isLoopback(hostname) ? hostname : null
  }
  const endpoints = target.kind === 'cluster' ? target.nodes : target.sentinels
  return target.tls ? null : endpoints.find(({ host }) => !isLoopback(host))?.host ?? null
}

function parseSingle (value: string): RedisTarget {
  const { path } = parseNode(value.replace(/^rediss?:\/\//, ''), REDIS_PORT)
  if (!/^(\/[0-9]*)?$/.test(path)) throw refusal('may only name a database number after the host, such as redis://host:6379/0')
  return { kind: 'single', url: value }
}

function parseUnix (value: string): RedisTarget {
  const [, user, path, query] = /^unix:(?:\/\/(?:([^@/]*)@)?)?([^?#]*)(?:\?([^#]*))?$/.exec(value) ?? []
  if (!path || !isAbsolute(path)) throw refusal('must name a socket by its absolute path, such as unix:/run/redis/redis.sock')
  if (query !== undefined && !/^db=[0-9]+$/.test(query)) throw refusal('knows only ?db=NUMBER after the path of a socket')
  return { kind: 'unix', path: decode(path), ...(query ? { db: Number(query.slice(3)) } : {}), ...credentialsOf(user) }
}

function parseCluster (value: string): RedisTarget {
  const parts = listOf(value)
  const schemes = new Set(parts.map((part) => /^([a-z+]+):\/\//.exec(part)?.[1]).filter((scheme) => scheme !== undefined))
  if (schemes.size > 1) throw refusal('mixes encrypted and open nodes; use the same scheme for all of a Cluster')
  const parsed = parts.map((part) => parseNode(part.replace(/^rediss?:\/\//, ''), REDIS_PORT))
  if (parts.length < 2) throw refusal('ends with a comma; name all nodes of a Cluster, or one node twice')
  if (parsed.some(({ path }) => !/^(\/0?)?$/.test(path))) throw refusal('names a database, and a Cluster has only number 0')
  const users = new Set(parsed.map(({ user }) => user).filter((user) => user !== undefined))
  if (users.size > 1) throw refusal('names different users; all nodes of a Cluster share one')
  return { kind: 'cluster', nodes: distinct(parsed), tls: schemes.has('rediss'), ...credentialsOf([...users][0]) }
}

function parseSentinel (value: string): RedisTarget {
  const [, scheme, user, hosts, name, db, query] =
    /^(rediss?)\+sentinel:\/\/(?:([^@]*)@)?([^/?#]+)\/([^/?#]+)(?:\/([0-9]+))?(?:\?([^#]*))?$/.exec(value) ?? []
  if (!hosts || !name) throw refusal('must be redis+sentinel://host:26379,host:26379/name, where name is that of the master')
  if (query !== undefined && !query.startsWith('sentinel=')) {
    throw refusal('knows only ?sentinel=user:password after the name of the master')
  }
  const own = credentialsOf(user)
  const sentinel = query === undefined ? own : credentialsOf(query.slice('sentinel='.length))
  const sentinels = distinct(listOf(hosts).map((text) => parseNode(text, SENTINEL_PORT)))
  return { kind: 'sentinel', sentinels, name: decode(name), tls: scheme === 'rediss', db: Number(db ?? 0), sentinel, ...own }
}

function parseNode (text: string, defaultPort: number): Endpoint & { user: string | undefined, path: string } {
  const url = URL.canParse(`redis://${text}`) ? new URL(`redis://${text}`) : undefined
  if (!url?.hostname || url.port === '0') {
    throw refusal(
      'must name host and port, such as redis://host:6379; percent-encode special characters of a password (/ is %2F, , is %2C)'
    )
  }
  if (url.search || url.hash) throw refusal('must not carry parameters after ? or #; percent-encode them in a password (%3F, %23)')
  const user = url.username || url.password ? `${url.username}:${url.password}` : undefined
  credentialsOf(user)
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port || defaultPort), user, path: url.pathname }
}

function credentialsOf (user: string | undefined): Credentials {
  const [, name, password] = /^([^:]*)(?::(.*))?$/.exec(user ?? '') ?? []
  return { ...(name ? { username: decode(name) } : {}), ...(password ? { password: decode(password) } : {}) }
}

function distinct (nodes: Endpoint[]): Endpoint[] {
  return [...new Map(nodes.map(({ host, port }) => [`${host} ${port}`, { host, port }])).values()]
}

function decode (text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw refusal('has a % that begins no percent-encoding; a % itself is %25')
  }
}

const refusal = (what: string): SettingRefused => new SettingRefused(`REDIS_URL ${what}.`)

/** Where it is, for people: hosts and ports, no user and no password. */
export function whereIs (target: RedisTarget): string {
  if (target.kind === 'unix') return target.path
  if (target.kind === 'single') {
    const { hostname, port } = new URL(target.url)
    return `${hostname}:${port || REDIS_PORT}`
  }
  const endpoints = target.kind === 'cluster' ? target.nodes : target.sentinels
  return endpoints.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(', ')
}

/** Whether what is sent there is encrypted. */
export const isEncrypted = (target: RedisTarget): boolean =>
  target.kind === 'single' ? target.url.startsWith('rediss:') : target.kind !== 'unix' && target.tls
