import { now } from '../../platform/clock.ts'
import { fail, type Finding, pass, unchecked, warn } from './finding.ts'
import { type Answer, type Asker, fieldsOf, headerOf } from './http.ts'

export interface HealthFacts { ready: Answer, jwks: Answer, /** Ours, when the answer was under way. */ askedAt: number }

/** As far as clocks may differ before a token of one node is not yet good on another (LEEWAY_MS of access tokens). */
const SKEW_FAIL_MS = 5_000
const SKEW_WARN_MS = 2_000
const SYNCHRONISE = 'Synchronise the clocks of all machines (chrony, systemd-timesyncd).'

export async function lookAtHealth ({ ask }: Asker): Promise<HealthFacts> {
  const jwks = await ask('/.well-known/jwks.json')
  const ready = await ask('/health/ready')
  return { ready, jwks, askedAt: now() - ready.milliseconds / 2 }
}

export function judgeHealth ({ ready, askedAt }: HealthFacts): Finding[] {
  const { parts } = fieldsOf(ready)
  const states = typeof parts === 'object' && parts !== null ? { ...parts } as Record<string, unknown> : {}
  const mail = states['mail']
  return [
    ready.status === 200 && states['redis'] === 'up'
      ? pass('health.ready', 'The server is ready.')
      : fail('health.ready', `/health/ready answers ${ready.status}${states['redis'] === undefined ? '' : `, Redis is ${String(states['redis'])}`}.`, 'Look at the log of the server: it says what is away, or why it is refused.'),
    mail === 'up'
      ? pass('health.mail', 'The server could hand over its last mail.')
      : mail === undefined
        ? unchecked('health.mail', 'The server does not tell how mail is.')
        : warn('health.mail', `For the server, mail is ${String(mail)}: codes do not leave.`, 'See mail.delayed and mail.given_up in the log.'),
    judgeSkew('clock.server', 'The clock of the server', Date.parse(headerOf(ready, 'date')) + 500 - askedAt, 500 + ready.milliseconds / 2)
  ]
}

/** `skewMs`: how far that clock is ahead of ours, give or take `uncertaintyMs`. */
export function judgeSkew (check: 'clock.server' | 'clock.redis', whose: string, skewMs: number, uncertaintyMs = 0): Finding {
  if (Number.isNaN(skewMs)) return unchecked(check, `${whose} was not told.`)
  const leastMs = Math.max(0, Math.abs(skewMs) - uncertaintyMs)
  const seconds = (leastMs / 1000).toFixed(1)
  const message = `${whose} is ${seconds} seconds or more ${skewMs > 0 ? 'ahead of' : 'behind'} the clock here.`
  if (leastMs > SKEW_FAIL_MS) return fail(check, message, SYNCHRONISE)
  return leastMs > SKEW_WARN_MS ? warn(check, message, SYNCHRONISE) : pass(check, `${whose} agrees with the clock here.`)
}
