import { randomInt } from 'node:crypto'
import { isLoopback } from '../../platform/config/hosts.ts'
import { rangeMatcher } from '../../platform/ip-address.ts'
import { fail, type Finding, pass, unchecked } from './finding.ts'
import { type Answer, type Asker, headerOf } from './http.ts'

export interface ForwardedFacts {
  /** What is left of the limit per source after each of two requests with an invented address; null when the answer does not tell. */
  left: [number | null, number | null]
  /** Whether the server trusts this machine as a proxy. */
  isTrusted: boolean
}

/** An address of the benchmark range (RFC 2544), which nobody uses. */
export const inventedAddress = (): string => `198.${randomInt(18, 20)}.${randomInt(256)}.${randomInt(256)}`

export async function lookAtForwarded ({ ask }: Asker, trustProxy: string[]): Promise<ForwardedFacts> {
  // An empty login counts against the limit, and is refused before anything is looked up.
  const probe = async (): Promise<Answer> =>
    await ask('/auth/login', { method: 'POST', body: {}, headers: { 'x-forwarded-for': inventedAddress() } })
  const [one, other] = [await probe(), await probe()]
  return { left: [leftOf(one), leftOf(other)], isTrusted: rangeMatcher(trustProxy)(one.localAddress) }
}

export function judgeForwarded ({ left: [one, other], isTrusted }: ForwardedFacts): Finding {
  if (one === null || other === null) {
    return unchecked('proxy.forwarded', 'The answers do not tell how much of a limit is left.',
      'Make the proxy pass X-RateLimit headers through, or use --attack.')
  }
  if (one === 0) return unchecked('proxy.forwarded', 'The limit of this source is used up.', 'Run the doctor again in a minute.')
  // A new source has the same left each time; the same source has less with every request.
  if (other < one) return pass('proxy.forwarded', 'An invented X-Forwarded-For does not change which source the limits count.')
  if (isTrusted) return trustedHere('proxy.forwarded')
  return fail('proxy.forwarded', 'A client that invents an X-Forwarded-For counts as a new source and evades every limit.',
    FORWARDED_REMEDY)
}

export const FORWARDED_REMEDY = 'Make the proxy overwrite X-Forwarded-For, and list nothing but the proxy in TRUST_PROXY.'

export const trustedHere = (check: 'proxy.forwarded' | 'attack.forwarded'): Finding =>
  unchecked(check, 'This machine is in TRUST_PROXY, so its X-Forwarded-For is believed.', 'Run the doctor on another machine.')

export function judgeTrusted (publicUrl: string, trustProxy: string[]): Finding {
  const { protocol, hostname } = new URL(publicUrl)
  if (trustProxy.length > 0) return pass('proxy.trusted', `TRUST_PROXY is ${trustProxy.join(', ')}.`)
  if (protocol === 'http:' && isLoopback(hostname)) return pass('proxy.trusted', 'There is no proxy, and none is trusted.')
  return fail('proxy.trusted', 'TRUST_PROXY is empty: everybody behind the proxy shares the limits of one source.',
    'Set TRUST_PROXY to the address of the proxy.')
}

/** What other machines must not be able to open. */
export async function lookAtDoors ({ ask }: Asker): Promise<Array<[path: string, status: number]>> {
  const paths = ['/mailbox', '/mailbox/messages', '/metrics']
  return await Promise.all(paths.map(async (path): Promise<[string, number]> => [path, (await ask(path)).status]))
}

export function judgeDoors (target: string, doors: Array<[path: string, status: number]>): Finding {
  if (isLoopback(new URL(target).hostname)) {
    return unchecked('doors.closed', 'The mailbox and the metrics may be open to this machine.', 'Run the doctor on another machine.')
  }
  const open = doors.filter(([, status]) => status === 200).map(([path]) => path)
  if (open.length === 0) return pass('doors.closed', 'The mailbox and the metrics are closed to other machines.')
  return fail('doors.closed', `Anybody can read ${open.join(' and ')}.`,
    'Make the proxy refuse these paths; without SMTP_URL the server has a mailbox, so set it.')
}

export function leftOf (answer: Pick<Answer, 'headers'>): number | null {
  const text = headerOf(answer, 'x-ratelimit-remaining')
  return /^\d+$/.test(text) ? Number(text) : null
}
