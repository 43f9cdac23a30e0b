/**
 * Chooses the form of a sentence that agrees with a number, and puts the number in place of `#`.
 * English has two forms (`second` is for all but one); Ukrainian and Russian have three (1, 2, 5).
 */
export type Plural = (n: number, one: string, second: string, many?: string) => string

/** The plural rules of one language, from CLDR (Intl.PluralRules). */
export function pluralOf (language: string): Plural {
  const rules = new Intl.PluralRules(language)
  return (n, one, second, many = second) => {
    const rule = rules.select(n)
    const form = rule === 'one' ? one : rule === 'few' ? second : many
    return form.replaceAll('#', String(n))
  }
}

const MINUTE = 60
const HOUR = 60 * MINUTE

/** Says a wait in the largest unit that keeps it honest: rounded up, so nobody who obeys comes back too early. */
export function waitOf (
  units: { seconds: (n: number) => string, minutes: (n: number) => string, hours: (n: number) => string }
): (seconds: number) => string {
  return (seconds) => {
    if (seconds <= 2 * MINUTE) return units.seconds(Math.ceil(seconds))
    if (seconds <= 2 * HOUR) return units.minutes(Math.ceil(seconds / MINUTE))
    return units.hours(Math.ceil(seconds / HOUR))
  }
}
