import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The source that limits count: an IPv4 address (also when written as IPv6), or an IPv6 /64, which is what one subscriber gets. */
export function sourceOf (ip: string): string {
  if (!isIPv6(ip)) return ip
  const [withoutZone = ip] = ip.split('%')
  // In hexadecimal first: ipaddr.js takes ::192.0.2.1, which is no IPv4 address, for ::ffff:192.0.2.1, which is one.
  const address = ipaddr.process(new URL(`http://[${withoutZone}]`).hostname.slice(1, -1))
  if (address instanceof ipaddr.IPv4) return address.toString()
  return `${address.parts.slice(0, 4).map((part) => part.toString(16)).join(':')}::/64`
}
