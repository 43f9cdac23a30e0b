import { isIPv6 } from 'node:net'

/** The source that limits count: an IPv4 address (also when it is written as IPv6), or an IPv6 /64, as one subscriber holds it. */
export function sourceOf (ip: string): string {
  if (!isIPv6(ip)) return ip
  // The URL parser brings every spelling of an address to one.
  const address = new URL(`http://[${ip.split('%')[0]}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(address)
  if (mapped) return mapped.slice(1).map((group) => Number.parseInt(group, 16)).flatMap((pair) => [pair >> 8, pair & 255]).join('.')
  const [head = '', tail] = address.split('::')
  const front = head ? head.split(':') : []
  const back = tail ? tail.split(':') : []
  const groups = tail === undefined ? front : [...front, ...Array(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  return groups.slice(0, 4).join(':') + '::/64'
}
