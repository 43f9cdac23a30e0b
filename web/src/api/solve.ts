import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'

/** Solves an ALTCHA challenge and encodes the payload. WebCrypto runs off the main thread, so the page stays responsive. */
export async function solve (captcha: unknown): Promise<string> {
  const challenge = captcha as Challenge
  const solution = await solveChallenge({ challenge, deriveKey })
  return btoa(JSON.stringify({ challenge, solution }))
}
