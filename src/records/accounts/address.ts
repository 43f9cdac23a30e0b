/** The one form in which an address is compared, counted, stored and mailed: two spellings can never become two accounts. */
export const canonicalAddress = (address: string): string => address.trim().toLowerCase()

/** `olena@example.org` -> `ol•••@example.org`: enough to recognise, not enough to learn. */
export function maskAddress (address: string): string {
  const at = address.lastIndexOf('@')
  const shown = at > 3 ? 2 : 1
  return `${address.slice(0, shown)}•••${address.slice(at)}`
}
