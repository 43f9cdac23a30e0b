const LOCAL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'

/**
 * One ASCII mailbox (RFC 5321 dot-string and host name), spaces around it allowed because phones add them. Anything a mail library
 * might read as a second recipient, and letters that only look like ASCII, do not match. Other scripts: as punycode.
 */
export const ADDRESS_PATTERN = `^ *${LOCAL}@(?:${LABEL}\\.)+${LABEL} *$`

/** The one form in which an address is compared, counted, stored and mailed: two spellings can never become two accounts. */
export const canonicalAddress = (address: string): string => address.trim().toLowerCase()

/** `olena@example.org` -> `ol•••@example.org`: enough to recognise, not enough to learn. */
export function maskAddress (address: string): string {
  const at = address.lastIndexOf('@')
  const shown = at > 3 ? 2 : 1
  return `${address.slice(0, shown)}•••${address.slice(at)}`
}
