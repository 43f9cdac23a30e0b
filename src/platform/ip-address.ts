import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6

export const UNSPECIFIED: IpAddress = ipaddr.IPv4.parse('0.0.0.0')

const SUBSCRIBER_BITS = 64

/**
 * The address in what a proxy, a socket or a setting says: also with a port, brackets, quotes or a zone, which it drops, or IPv4 written as
 * IPv6. Null when it is none. Everything from outside goes through here before it is a key or stands in a log.
 */
export function parseIpAddress (text: string): IpAddress | null {
  const bare = text.trim().replace(/^"(.*)"$/, '$1').replace(/^\[([^\]]*)\](:\d{1,5})?$/, '$1').replace(/%.*$/, '')
  // Only what is no address as a whole can have a port: 2001:db8::1:4000 is one.
  const address = isIP(bare) === 0 ? bare.replace(/:\d{1,5}$/, '') : bare
  return isIP(address) === 0 ? null : ipaddr.process(address)
}

/** The source that limits count: an IPv4 address, or an IPv6 /64, which is what one subscriber gets. */
export function sourceOf (address: IpAddress): string {
  if (address instanceof ipaddr.IPv4) return address.toString()
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${SUBSCRIBER_BITS}`).toString()}/${SUBSCRIBER_BITS}`
}

/** A range as settings list it. Null when it is none, or one of everybody. Without bits it is one address. */
export function parseIpRange (text: string): [network: IpAddress, bits: number] | null {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text.replace(/^\[(.*)\]/, '$1')) ?? []
  const family = isIP(address)
  if (family === 0) return null
  const network = ipaddr.process(address)
  const most = network instanceof ipaddr.IPv4 ? 32 : 128
  const bits = prefix === undefined ? most : Number(prefix) - (family === 6 && most === 32 ? 96 : 0)
  return bits >= 1 && bits <= most ? [network, bits] : null
}

/** Whether an address is in one of `ranges`. */
export function rangeMatcher (ranges: string[]): (address: string) => boolean {
  const parsed = ranges.map(parseIpRange).filter((range) => range !== null)
  return (text) => {
    const address = parseIpAddress(text)
    return address !== null && parsed.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits))
  }
}
