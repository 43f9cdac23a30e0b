import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import type { Config } from '../../platform/config/config.ts'
import { parseRedisUrl, whereIs } from '../../platform/config/redis-target.ts'
import { runningRedisUrl } from '../../embedded/redis-orphan.ts'
import { createKeyring } from '../../platform/keyring.ts'
import { lookAtReceiver } from '../../records/events/receivers-store.ts'
import { listServiceKeys } from '../../records/service-keys/service-keys-store.ts'
import { countOfHour } from '../../platform/mail/hourly-limit.ts'
import { now } from '../../platform/clock.ts'
import { probeSmtp } from '../../platform/mail/probe.ts'
import { connectNow, createRedis } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import { nodesOf } from '../../platform/redis/nodes.ts'
import { findLackingRights } from '../../platform/redis/rights.ts'
import { judgeCookies, LOGOUT } from './cookies.ts'
import { type DnsOptions, judgeDns, lookAtDns } from './dns.ts'
import { type Check, CHECKS, fail, type Finding, reasonOf, unchecked } from './finding.ts'
import { judgeHealth, lookAtHealth } from './health.ts'
import type { Asker } from './http.ts'
import { judgeKeys, judgePublished, judgeServiceKeys, judgeSettings, judgeWebhooks, lookAtKeys } from './keys.ts'
import { judgeLayout, lookAtLayout } from './layout.ts'
import { judgeMailLimit, judgeSmtp } from './mail.ts'
import { judgePasskeys, lookAtPasskeys } from './passkeys.ts'
import { judgeDoors, judgeForwarded, judgeTrusted, lookAtDoors, lookAtForwarded } from './proxy.ts'
import { judgeAccounts, judgeReachable, judgeRecords, judgeRedis, judgeRights } from './redis.ts'
import { countRecords, lookAtRedis } from './redis-store.ts'
import { judgePlain, judgeRedirect, judgeTls, lookAtRedirect, lookAtTls } from './tls.ts'
import { judgeWeb, lookAtWeb } from './web.ts'

type Progress = (seen: number, total: number) => void

/** The only finding about a deployment that does not answer; null when it does. */
export async function findUnreachable ({ target, ask }: Asker): Promise<Finding | null> {
  try {
    await ask('/health/live')
    return null
  } catch (error) {
    return fail('health.ready', `Nothing answers at ${target}: ${reasonOf(error)}.`,
      'Start the server, and check that the proxy and the firewall let you through.')
  }
}

/** Examines what any client can see. `config`: the settings of this deployment, where this machine has them. */
export async function examineOutside (asker: Asker, config: Config | null): Promise<Finding[]> {
  const { target, ask } = asker
  const isHttps = target.startsWith('https:')
  const { port, hostname } = new URL(target)
  const groups: Array<Promise<Finding[]>> = [
    group(['tls.protocol', 'tls.certificate', 'tls.expiry'],
      async () => isHttps ? judgeTls(await lookAtTls(target)) : judgePlain(target, config?.publicUrl)),
    group(['tls.redirect'], async () => {
      if (!isHttps) return []
      return [judgeRedirect(target, port === '' ? await lookAtRedirect(`http://${hostname}/`) : null)]
    }),
    group(ofAreas('headers', 'cache'), async () => judgeWeb(await lookAtWeb(asker))),
    group(ofAreas('cookies'), async () => judgeCookies(isHttps || config?.secure === true, await ask(...LOGOUT))),
    group(['proxy.forwarded'], async () => [judgeForwarded(await lookAtForwarded(asker, config?.trustProxy ?? []))]),
    group(['layout.origins'], async () => config ? [judgeLayout(await lookAtLayout(asker, config))] : []),
    group(['passkeys.domain'], async () => [judgePasskeys(target, await lookAtPasskeys(asker), config?.passkeys)]),
    group(['doors.closed'], async () => [judgeDoors(target, await lookAtDoors(asker))]),
    group([...ofAreas('health', 'keys'), 'clock.server', 'secret.age'], async () => {
      const facts = await lookAtHealth(asker)
      return [...judgeHealth(facts), judgePublished(facts.jwks), ...(config ? judgeKeys(lookAtKeys(config), facts.jwks) : [])]
    })
  ]
  return (await Promise.all(groups)).flat()
}

/** Examines what the settings name: the proxy, Redis and mail. */
export async function examineNeighbours (config: Config, options: DnsOptions, onProgress: Progress): Promise<Finding[]> {
  const [, domain = ''] = /@([^@>]+)>?$/.exec(config.mailFrom) ?? []
  const { smtpUrl } = config
  const groups = await Promise.all([
    group([...ofAreas('redis'), 'clock.redis', 'secret.records', 'mail.limit'], async () => await examineRedis(config, onProgress)),
    group(['mail.reachable', 'mail.encrypted', 'mail.login'], async () => {
      if (smtpUrl === null) throw new Error('SMTP_URL is not set, so mails stay in the local mailbox')
      return judgeSmtp(await probeSmtp(smtpUrl, { publicUrl: config.publicUrl, ca: config.smtpCa }))
    }),
    group(['mail.spf', 'mail.dkim', 'mail.dmarc'], async () => {
      if (!domain.includes('.')) throw new Error(`MAIL_FROM has ${domain || 'no domain'}, which is no public domain`)
      return judgeDns(await lookAtDns(domain, options))
    })
  ])
  return [judgeSettings(config.warnings), judgeTrusted(config.publicUrl, config.trustProxy), ...groups.flat()]
}

async function examineRedis (config: Config, onProgress: Progress): Promise<Finding[]> {
  const runningUrl = config.redis ? undefined : runningRedisUrl(config.dataDir)
  const target = config.redis ?? (runningUrl === undefined ? null : parseRedisUrl(runningUrl))
  if (!target) throw new Error('The Redis of DATA_DIR is not running')
  const secret = config.secret ?? readFileSync(join(config.dataDir, 'secret'), 'utf8').trim()
  const redis = createRedis(target, 'requests')
  redis.on('error', () => {})
  try {
    const unreachable = await connectNow(redis, target).then(() => null, reasonOf)
    if (unreachable !== null) {
      const rest = uncheckedRest([unchecked('redis.reachable', '')], ['redis'], 'Redis was not reached.')
      return [judgeReachable(whereIs(target), unreachable), ...rest]
    }
    const reached = judgeReachable(whereIs(target), null)
    const ask = async (node: Redis): Promise<string[]> => await findLackingRights(node, target.kind === 'cluster')
    const lacking = [...new Set((await Promise.all(nodesOf(redis).map(ask))).flat())]
    const rights = judgeRights(lacking)
    if (lacking.length > 0) return [reached, rights]
    const { current, all } = createKeyring(secret, config.previousSecrets)
    const facts = await lookAtRedis(redis)
    const limit = judgeMailLimit(await countOfHour(redis, keys.mail), config.limits.mailsHour)
    const counts = await countRecords(redis, onProgress)
    const records = judgeRecords(counts, current.id, all.slice(1).map(({ id }) => id))
    const services = judgeServiceKeys(await listServiceKeys(redis))
    const webhooks = judgeWebhooks(await Promise.all((config.eventsWebhook?.urls ?? []).map(async (url) =>
      ({ host: new URL(url).host, state: await lookAtReceiver(redis, url, now()) }))))
    return [reached, rights, ...judgeRedis(facts, config.production), judgeAccounts(counts), services, webhooks, records, limit]
  } finally {
    redis.disconnect()
  }
}

/** The checks of these areas that were not made, with the reason. */
export const uncheckedRest = (findings: Finding[], areas: string[], reason: string): Finding[] => {
  const done = new Set(findings.map(({ check }) => check))
  return ofAreas(...areas).filter((check) => !done.has(check)).map((check) => unchecked(check, reason))
}

const ofAreas = (...areas: string[]): Check[] => CHECKS.filter((check) => areas.includes(check.split('.', 1)[0] ?? ''))

/** When `run` fails, its checks could not be made; other groups go on. */
async function group (checks: Check[], run: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await run()
  } catch (error) {
    return checks.map((check) => unchecked(check, `${reasonOf(error)}.`))
  }
}
