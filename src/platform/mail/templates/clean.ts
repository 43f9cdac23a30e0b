import { parseIpAddress } from '../../ip-address.ts'

const NAME_LENGTH = 60
const DEVICE_LENGTH = 80

const TAGS = /<[^>]*>?/g
// A word with a scheme, an @, `www.` or something that a mail program would turn into a link: `evil.example`.
const LINKS = /\S*(?::\/\/|@|\bwww\.|[\p{L}\p{N}-]\.\p{L}{2,})\S*/giu
const SPACES = /\s+/g

/** What is left of a stranger's words once nothing in them can be clicked, marked up or taken for a code. */
function plainWords (text: string, allowed: RegExp, digits: RegExp, length: number): string {
  const words = text
    .normalize('NFKC')
    .replace(SPACES, ' ')
    .replace(TAGS, ' ')
    .replace(LINKS, ' ')
    .replace(allowed, '')
    .replace(digits, '')
    // Once more: what was taken out may have held a link apart.
    .replace(LINKS, ' ')
    .replace(SPACES, ' ')
    .trim()
  return Array.from(words).slice(0, length).join('').trim()
}

/** The name to greet with, at most 60 characters; empty when nothing decent is left of it. */
export function greetingName (name: string): string {
  const words = plainWords(name, /[^\p{L}\p{M}\p{N} '’ʼ.,&-]/gu, /\p{N}{4,}/gu, NAME_LENGTH)
  return /\p{L}/u.test(words) ? words : ''
}

/** A device such as `Firefox on Linux`, at most 80 characters; empty when it is not known. */
export const deviceName = (device: string): string =>
  plainWords(device, /[^\p{L}\p{M}\p{N} '’.,()/+_-]/gu, /\p{N}{6,}/gu, DEVICE_LENGTH)

/** An IP address, or nothing if it is none. */
export const ipAddress = (ip: string): string => parseIpAddress(ip)?.toString() ?? ''
