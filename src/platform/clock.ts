/** The wall clock in milliseconds since 1970. The only place that reads it, so that everything that waits or expires can be found. */
export const now = (): number => Date.now()
