import { now } from '../../platform/clock.ts'
import { fail, type Finding, pass, unchecked, warn } from './finding.ts'
import { type Answer, type Asker, fieldsOf, headerOf } from './http.ts'

export interface HealthFacts { ready: Answer, jwks: Answer, /** By our clock, halfway between request and answer. */ askedAt: number }

/** With a larger difference, a token of one node is not yet valid on another (LEEWAY_MS of access tokens). */
const SKEW_FAIL_MS = 5_000
const SKEW_WARN_MS = 2_000
const SKEW_REMEDY = 'Synchronise the clocks of all machines (chrony, systemd-timesyncd).'

export async function lookAtHealth ({ ask }: Asker): Promise<HealthFacts> {
  const jwks = await ask('/.well-known/jwks.json')
  const ready = await ask('/health/ready')
  return { ready, jwks, askedAt: now() - ready.milliseconds / 2 }
}

export function judgeHealth ({ ready, askedAt }: HealthFacts): Finding[] {
  const { parts } = fieldsOf(ready)
  const states = typeof parts === 'object' && parts !== null ? { ...parts } as Record<string, unknown> : {}
  // The Date header is cut to whole seconds.
  const serverTimeMs = Date.parse(headerOf(ready, 'date')) + 500
  return [
    judgeReady(ready.status, states['redis']),
    judgeMail(states['mail']),
    judgeSkew('clock.server', 'The clock of the server', serverTimeMs - askedAt, 500 + ready.milliseconds / 2)
  ]
}

function judgeReady (status: number, redis: unknown): Finding {
  if (status === 200 && redis === 'up') return pass('health.ready', 'The server is ready.')
  return fail('health.ready', `/health/ready answers ${status}${redis === undefined ? '' : `, Redis is ${String(redis)}`}.`,
    'See redis.reachable and redis.rights in this report, made with the settings here; the server says the same as redis.away in its log.')
}

function judgeMail (mail: unknown): Finding {
  if (mail === 'up') return pass('health.mail', 'The mail server took the last mail.')
  if (mail === undefined) return unchecked('health.mail', 'The server does not tell the state of its mail server.')
  return warn('health.mail', `The mail server is ${String(mail)} for the server, so codes are not delivered.`,
    'See mail.reachable and mail.login in this report; the server says the reason of each mail as mail.delayed in its log.')
}

/** `skewMs`: how far that clock is ahead of ours, give or take `uncertaintyMs`. */
export function judgeSkew (check: 'clock.server' | 'clock.redis', whose: string, skewMs: number, uncertaintyMs = 0): Finding {
  if (Number.isNaN(skewMs)) return unchecked(check, `${whose} is unknown.`)
  const leastMs = Math.max(0, Math.abs(skewMs) - uncertaintyMs)
  const seconds = (leastMs / 1000).toFixed(1)
  const message = `${whose} is at least ${seconds} seconds ${skewMs > 0 ? 'ahead of' : 'behind'} the clock here.`
  if (leastMs > SKEW_FAIL_MS) return fail(check, message, SKEW_REMEDY)
  return leastMs > SKEW_WARN_MS ? warn(check, message, SKEW_REMEDY) : pass(check, `${whose} agrees with the clock here.`)
}
