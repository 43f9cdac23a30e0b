import { type Challenge, createChallenge, randomInt, type Solution, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { now } from '../../platform/clock.ts'
import type { Keyring } from '../../platform/keyring.ts'

export type { Challenge }

/** PBKDF2 rounds per try, and tries for the lowest difficulty: about half a second on a laptop, more as the pressure grows. */
const ROUNDS_PER_TRY = 1000
const FEWEST_TRIES = 1000
const HARDEST = 8
const LIFE_SECONDS = 600

export interface Captcha {
  /** A proof of work (ALTCHA 2) for the caller to solve. `pressure`: how many times the limit was passed already; more is harder. */
  challenge: (pressure: number) => Promise<Challenge>
  /** The nonce of a solved challenge of ours that has not expired, else null. `payload`: base64 of JSON { challenge, solution }. */
  verify: (payload: string) => Promise<string | null>
}

export function createCaptcha (keyring: Keyring): Captcha {
  const { captcha } = keyring.current
  const secrets = { hmacSignatureSecret: captcha.toString('hex'), hmacKeySignatureSecret: captcha.toString('base64url') }

  return {
    challenge: async (pressure) => {
      const fewest = FEWEST_TRIES * Math.min(HARDEST, Math.max(1, Math.floor(pressure)))
      return await createChallenge({
        algorithm: 'PBKDF2/SHA-256',
        cost: ROUNDS_PER_TRY,
        counter: randomInt(fewest, 2 * fewest),
        deriveKey,
        expiresAt: Math.floor(now() / 1000) + LIFE_SECONDS,
        ...secrets
      })
    },

    verify: async (payload) => {
      const parsed = parse(payload)
      if (!parsed) return null
      try {
        const { verified } = await verifySolution({ ...parsed, deriveKey, ...secrets })
        return verified ? parsed.challenge.parameters.nonce : null
      } catch {
        // Whatever shape a stranger sends, it is no solution.
        return null
      }
    }
  }
}

function parse (payload: string): { challenge: Challenge, solution: Solution } | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(payload, 'base64').toString())
    if (typeof value !== 'object' || value === null || !('challenge' in value) || !('solution' in value)) return null
    return value as { challenge: Challenge, solution: Solution }
  } catch {
    return null
  }
}
