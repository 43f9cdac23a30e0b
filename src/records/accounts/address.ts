import { displayMailAddress, parseMailAddress } from '../../platform/mail-address.ts'

/** The one form of an address. One that was stored before a rule became stricter is found all the same. */
export const canonicalAddress = (address: string): string => parseMailAddress(address) ?? address.trim().toLowerCase()

/** `olena@example.org` -> `ol•••@example.org`: enough to recognise, not enough to learn. */
export function maskAddress (stored: string): string {
  const address = displayMailAddress(stored)
  const at = address.lastIndexOf('@')
  const shown = at > 3 ? 2 : 1
  return `${address.slice(0, shown)}•••${address.slice(at)}`
}
