import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'

/** The solution of an ALTCHA challenge, as the server takes it. WebCrypto computes on a thread of its own: the page stays quick. */
export async function solve (captcha: unknown): Promise<string> {
  const challenge = captcha as Challenge
  const solution = await solveChallenge({ challenge, deriveKey })
  return btoa(JSON.stringify({ challenge, solution }))
}
