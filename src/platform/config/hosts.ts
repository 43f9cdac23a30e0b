import { isIP } from 'node:net'
import { parseIpAddress, parseIpRange } from '../ip-address.ts'
import { listOf, SettingRefused } from './refused.ts'

const hostName = /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i

/** Whether `host`, a name or an address (IPv6 with or without brackets), can only mean this machine (RFC 6761, section 6.3). */
export function isLoopback (host: string): boolean {
  const address = parseIpAddress(host)
  if (address) return address.range() === 'loopback'
  const name = host.toLowerCase()
  return name === 'localhost' || name.endsWith('.localhost')
}

export function parseHost (value: string): string {
  if (isIP(value) !== 0) return value
  // The system's resolver reads "127.1" and "0x7f.1" as addresses, although they look like host names.
  if (hostName.test(value) && !/(^|\.)(\d+|0x[0-9a-f]*)$/i.test(value)) return value
  throw new SettingRefused(`HOST must be an address or a host name to listen on, but is ${JSON.stringify(value)}. ` +
    'Write it without scheme, port or brackets, such as 127.0.0.1, :: or localhost.')
}

/** The addresses and ranges whose X-Forwarded-* headers are trusted. */
export function parseTrustProxy (value: string | undefined): string[] {
  const ranges = listOf(value)
  const wrong = ranges.filter((range) => parseIpRange(range) === null)
  if (wrong.length === 0) return ranges
  const blanket = wrong.some((range) => /^(true|\*|.*\/0+|::ffff:.*\/\d\d)$/i.test(range))
    ? ' Trusting everybody would let any client choose its own address and slip past every limit.'
    : wrong.some((range) => /^\d+$/.test(range)) ? ' A number of hops does not say who may speak for others.' : ''
  throw new SettingRefused(`TRUST_PROXY must list addresses or CIDR ranges, but has ${JSON.stringify(wrong.join(', '))}.${blanket} ` +
    'Name your proxies, such as 10.0.0.0/8,::1, or remove it when there is none.')
}
