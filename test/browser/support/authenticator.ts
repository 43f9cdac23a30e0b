import { generateSync } from 'otplib'

const STEP_SECONDS = 30

/** What the app shows for this secret now. Taken for a step longer, so it is right also when the next step begins meanwhile. */
export const appCode = (secret: string): string => codeAt(secret, 0)

/** What it shows next: taken already, and later than any code that was used before. */
export const nextAppCode = (secret: string): string => codeAt(secret, STEP_SECONDS)

const codeAt = (secret: string, aheadSeconds: number): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + aheadSeconds })
