import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../platform/config/config.ts'
import { parseRedisUrl } from '../../platform/config/redis-target.ts'
import { runningRedisUrl } from '../../embedded/redis-orphan.ts'
import { createKeyring } from '../../platform/keyring.ts'
import { probeSmtp } from '../../platform/mail/probe.ts'
import { createRedis } from '../../platform/redis/connect.ts'
import { CONNECT_DEADLINE_MS, inTime } from '../../platform/redis/deadline.ts'
import { judgeCookies, LOGOUT } from './cookies.ts'
import { judgeDns, lookAtDns } from './dns.ts'
import { type Check, CHECKS, fail, type Finding, reasonOf, unchecked } from './finding.ts'
import { judgeHealth, lookAtHealth } from './health.ts'
import type { Asker } from './http.ts'
import { judgeKeys, judgePublished, lookAtKeys } from './keys.ts'
import { judgeSmtp } from './mail.ts'
import { judgeDoors, judgeForwarded, judgeTrusted, lookAtDoors, lookAtForwarded } from './proxy.ts'
import { judgeRecords, judgeRedis } from './redis.ts'
import { countRecords, lookAtRedis } from './redis-store.ts'
import { judgePlain, judgeRedirect, judgeTls, lookAtRedirect, lookAtTls } from './tls.ts'
import { judgeWeb, lookAtWeb } from './web.ts'

type Progress = (seen: number, total: number) => void

/** The one finding about a deployment where nobody answers; null where somebody does. */
export async function findSilence ({ target, ask }: Asker): Promise<Finding | null> {
  try {
    await ask('/health/live')
    return null
  } catch (error) {
    return fail('health.ready', `Nobody answers at ${target}: ${reasonOf(error)}.`, 'Start the server, and look whether the proxy and the firewall let you through.')
  }
}

/** What can be seen from outside. `config`: the settings of this deployment, where they are at hand. */
export async function examineOutside (asker: Asker, config: Config | null): Promise<Finding[]> {
  const { target, ask } = asker
  const isHttps = target.startsWith('https:')
  const { port, hostname } = new URL(target)
  const groups: Array<Promise<Finding[]>> = [
    group(['tls.protocol', 'tls.certificate', 'tls.expiry'], async () => isHttps ? judgeTls(await lookAtTls(target)) : judgePlain(target)),
    group(['tls.redirect'], async () => isHttps ? [judgeRedirect(target, port === '' ? await lookAtRedirect(`http://${hostname}/`) : null)] : []),
    group(ofAreas('headers', 'cache'), async () => judgeWeb(await lookAtWeb(asker))),
    group(ofAreas('cookies'), async () => judgeCookies(isHttps || config?.secure === true, await ask(...LOGOUT))),
    group(['proxy.forwarded'], async () => [judgeForwarded(await lookAtForwarded(asker, config?.trustProxy ?? []))]),
    group(['doors.closed'], async () => [judgeDoors(target, await lookAtDoors(asker))]),
    group(['health.ready', 'health.mail', 'clock.server', 'keys.published', 'keys.matching', 'keys.age', 'keys.file', 'secret.age'], async () => {
      const facts = await lookAtHealth(asker)
      return [...judgeHealth(facts), judgePublished(facts.jwks), ...(config ? judgeKeys(lookAtKeys(config), facts.jwks) : [])]
    })
  ]
  return (await Promise.all(groups)).flat()
}

/** What the settings name: the proxy, Redis, mail. */
export async function examineNeighbours (config: Config, options: { selector?: string | undefined, resolver?: string | undefined }, onProgress: Progress): Promise<Finding[]> {
  const [, domain = ''] = /@([^@>]+)>?$/.exec(config.mailFrom) ?? []
  const { smtpUrl } = config
  const groups = await Promise.all([
    group([...ofAreas('redis'), 'clock.redis', 'secret.records'], async () => await examineRedis(config, onProgress)),
    group(['mail.reachable', 'mail.encrypted', 'mail.login'], async () => {
      if (smtpUrl === null) throw new Error('SMTP_URL is not set, mails stay in the local mailbox')
      return judgeSmtp(await probeSmtp(smtpUrl))
    }),
    group(['mail.spf', 'mail.dkim', 'mail.dmarc'], async () => {
      if (!domain.includes('.')) throw new Error(`MAIL_FROM is of ${domain || 'no domain'}, which the net does not know`)
      return judgeDns(await lookAtDns(domain, options))
    })
  ])
  return [judgeTrusted(config.publicUrl, config.trustProxy), ...groups.flat()]
}

async function examineRedis (config: Config, onProgress: Progress): Promise<Finding[]> {
  const runningUrl = config.redis ? undefined : runningRedisUrl(config.dataDir)
  const target = config.redis ?? (runningUrl === undefined ? null : parseRedisUrl(runningUrl))
  if (!target) throw new Error('The Redis of DATA_DIR does not run')
  const secret = config.secret ?? readFileSync(join(config.dataDir, 'secret'), 'utf8').trim()
  const redis = createRedis(target, 'requests')
  redis.on('error', () => {})
  try {
    await inTime(redis.connect(), CONNECT_DEADLINE_MS)
    const { current, all } = createKeyring(secret, config.previousSecrets)
    const facts = await lookAtRedis(redis)
    const counts = await countRecords(redis, onProgress)
    return [...judgeRedis(facts, config.production), judgeRecords(counts, current.id, all.slice(1).map(({ id }) => id))]
  } finally {
    redis.disconnect()
  }
}

/** What was not looked at, and why. */
export const uncheckedRest = (findings: Finding[], areas: string[], why: string): Finding[] => {
  const done = new Set(findings.map(({ check }) => check))
  return ofAreas(...areas).filter((check) => !done.has(check)).map((check) => unchecked(check, why))
}

const ofAreas = (...areas: string[]): Check[] => CHECKS.filter((check) => areas.includes(check.split('.', 1)[0] ?? ''))

/** A group that fails as a whole could not be checked, and no other suffers for it. */
async function group (checks: Check[], run: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await run()
  } catch (error) {
    return checks.map((check) => unchecked(check, `${reasonOf(error)}.`))
  }
}
