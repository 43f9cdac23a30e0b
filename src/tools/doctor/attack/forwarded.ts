import { rangeMatcher } from '../../../platform/ip-address.ts'
import { fail, type Finding, pass, unchecked } from '../finding.ts'
import { headerOf, type Asker } from '../http.ts'
import { FORWARDED_REMEDY, inventedAddress, trustedHere } from '../proxy.ts'

export interface FloodFacts { limit: number, sent: number, isStopped: boolean, isTrusted: boolean }

const UNKNOWN_LIMIT = 100
const MOST_SENT = 500

/** Requests codes without a token, each time with another invented address, until the limit per source stops it. */
export async function flood ({ ask }: Asker, trustProxy: string[], signal: AbortSignal): Promise<FloodFacts> {
  const facts = { limit: UNKNOWN_LIMIT, sent: 0, isStopped: false, isTrusted: false }
  while (facts.sent < Math.min(MOST_SENT, 2 * facts.limit + 2) && !facts.isStopped) {
    signal.throwIfAborted()
    const answer = await ask('/auth/2fa/resend', { method: 'POST', body: {}, headers: { 'x-forwarded-for': inventedAddress() } })
    facts.sent++
    facts.limit = Number(headerOf(answer, 'x-ratelimit-limit') || UNKNOWN_LIMIT)
    facts.isStopped = answer.status === 429
    facts.isTrusted = rangeMatcher(trustProxy)(answer.localAddress)
  }
  return facts
}

export function judgeFlood ({ limit, sent, isStopped, isTrusted }: FloodFacts): Finding {
  if (isStopped) return pass('attack.forwarded', `With a new X-Forwarded-For each time, request ${sent} was stopped.`)
  if (isTrusted) return trustedHere('attack.forwarded')
  if (sent <= limit) return unchecked('attack.forwarded', `The limit of ${limit} is higher than the ${sent} requests that were tried.`)
  return fail('attack.forwarded', `With a new X-Forwarded-For each time, ${sent} requests went through, but only ${limit} are allowed.`,
    FORWARDED_REMEDY)
}
