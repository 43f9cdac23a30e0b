import { fail, type Finding, pass, unchecked } from '../finding.ts'
import { headerOf, type Asker } from '../http.ts'
import { inventedAddress, isIn } from '../proxy.ts'

export interface FloodFacts { limit: number, sent: number, isStopped: boolean, isTrusted: boolean }

const LIMIT_UNTOLD = 100
const MOST_SENT = 500

/** Asks for codes without a token, each time with another invented address, until the limit per source stops it. */
export async function flood ({ ask }: Asker, trustProxy: string[], signal: AbortSignal): Promise<FloodFacts> {
  const facts = { limit: LIMIT_UNTOLD, sent: 0, isStopped: false, isTrusted: false }
  while (facts.sent < Math.min(MOST_SENT, 2 * facts.limit + 2) && !facts.isStopped) {
    signal.throwIfAborted()
    const answer = await ask('/auth/2fa/resend', { method: 'POST', body: {}, headers: { 'x-forwarded-for': inventedAddress() } })
    facts.sent++
    facts.limit = Number(headerOf(answer, 'x-ratelimit-limit') || LIMIT_UNTOLD)
    facts.isStopped = answer.status === 429
    facts.isTrusted = isIn(trustProxy, answer.localAddress)
  }
  return facts
}

export function judgeFlood ({ limit, sent, isStopped, isTrusted }: FloodFacts): Finding {
  if (isStopped) return pass('attack.forwarded', `With a new X-Forwarded-For each time, request ${sent} was stopped.`)
  if (isTrusted) return unchecked('attack.forwarded', 'This machine is itself in TRUST_PROXY, so its X-Forwarded-For is believed.', 'Run the doctor on another machine.')
  if (sent <= limit) return unchecked('attack.forwarded', `The limit of ${limit} is larger than the ${sent} requests that were tried.`)
  return fail('attack.forwarded', `With a new X-Forwarded-For each time, ${sent} requests went through, where ${limit} are allowed.`,
    'Make the proxy overwrite X-Forwarded-For, and let TRUST_PROXY name nothing but the proxy.')
}
