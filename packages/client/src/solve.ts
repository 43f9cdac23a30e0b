import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'

/** Solves an ALTCHA challenge and encodes the payload. WebCrypto runs off the main thread, so the page stays responsive. */
export async function solve (challenge: unknown): Promise<string> {
  if (!isChallenge(challenge)) throw new TypeError('the server sent no ALTCHA challenge')
  const solution = await solveChallenge({ challenge, deriveKey })
  return btoa(JSON.stringify({ challenge, solution }))
}

const isChallenge = (value: unknown): value is Challenge => typeof value === 'object' && value !== null && 'parameters' in value
