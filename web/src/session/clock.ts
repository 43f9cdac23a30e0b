export const now = (): number => Date.now()

/** `75` -> `1:15`. */
export function formatClock (seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}
