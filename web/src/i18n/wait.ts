const MINUTE = 60
const HOUR = 60 * MINUTE

/** Formats a wait in a suitable unit, rounded up so that nobody retries too early. */
export function waitOf (units: Record<'seconds' | 'minutes' | 'hours', (n: number) => string>): (seconds: number) => string {
  return (seconds) => {
    if (seconds <= 2 * MINUTE) return units.seconds(Math.ceil(seconds))
    if (seconds <= 2 * HOUR) return units.minutes(Math.ceil(seconds / MINUTE))
    return units.hours(Math.ceil(seconds / HOUR))
  }
}
