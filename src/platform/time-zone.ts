const NAME = /^[A-Za-z][\w+/-]{0,63}$/

/** `value` when it is a time zone of IANA that this Node knows; else undefined, because a browser may know newer ones. */
export function knownTimeZone (value: unknown): string | undefined {
  if (typeof value !== 'string' || !NAME.test(value)) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
