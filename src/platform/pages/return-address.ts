const LONGEST = 2000
// A host as it stands in a listed origin: no user, no look-alike letters that a browser would fold, no escapes.
const ABSOLUTE = /^https?:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?(?=[/?#]|$)/i
// Browsers drop some of these, and take the backslash for a slash.
const NEVER_IN_ADDRESSES = /[\p{Cc}\p{Z}\p{Cf}\\]/u

/**
 * `value`, as it came in an address, when it leads to one of these origins; else null. The only judge of where our pages send people: it
 * runs here, and they are told its answer.
 */
export function returnAddress (value: unknown, origins: readonly string[]): string | null {
  if (typeof value !== 'string' || value.length > LONGEST || !ABSOLUTE.test(value) || NEVER_IN_ADDRESSES.test(value)) return null
  if (!URL.canParse(value)) return null
  const url = new URL(value)
  return origins.includes(url.origin) && url.username === '' && url.password === '' ? url.href : null
}
