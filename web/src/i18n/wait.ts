const MINUTE = 60
const HOUR = 60 * MINUTE

/** Says a wait in the largest unit that keeps it honest: rounded up, so nobody who obeys comes back too early. */
export function waitOf (units: Record<'seconds' | 'minutes' | 'hours', (n: number) => string>): (seconds: number) => string {
  return (seconds) => {
    if (seconds <= 2 * MINUTE) return units.seconds(Math.ceil(seconds))
    if (seconds <= 2 * HOUR) return units.minutes(Math.ceil(seconds / MINUTE))
    return units.hours(Math.ceil(seconds / HOUR))
  }
}
