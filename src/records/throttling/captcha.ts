import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { type Challenge, createChallenge, randomInt, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { now } from '../../platform/clock.ts'
import { readJson } from '../../platform/json.ts'
import { type Keyring, mac } from '../../platform/keyring.ts'

export type { Challenge }

/** PBKDF2 rounds per try, and tries for the lowest difficulty: about half a second on a laptop, more as the pressure grows. */
const ROUNDS_PER_TRY = 1000
const FEWEST_TRIES = 1000
const HARDEST = 8
const LIFE_SECONDS = 600

const Asked = Type.Object({
  parameters: Type.Object({
    algorithm: Type.String(),
    nonce: Type.String(),
    salt: Type.String(),
    cost: Type.Number(),
    keyLength: Type.Number(),
    keyPrefix: Type.String(),
    data: Type.Optional(Type.Object({ scope: Type.String(), difficulty: Type.Number() }))
  }),
  signature: Type.Optional(Type.String())
})
const Solved = Type.Object({ challenge: Asked, solution: Type.Object({ counter: Type.Number(), derivedKey: Type.String() }) })

/** Whether this is a challenge as we make them, by its shape alone. */
export const isChallenge = (value: unknown): value is Challenge => Value.Check(Asked, value)

/** What a proof of work is good for. `pressure`: how many times the limit was passed already; more is harder. */
export interface ProofScope { addressTag: string, source: string, pressure: number }

export interface Captcha {
  /** A proof of work (ALTCHA 2) for the caller to solve. */
  challenge: (scope: ProofScope) => Promise<Challenge>
  /**
   * The nonce of a solved challenge of ours for this address and source that has not expired and was at least half as hard as one would be
   * now, else null. `payload`: base64 of JSON { challenge, solution }.
   */
  verify: (payload: string, scope: ProofScope) => Promise<string | null>
}

export function createCaptcha (keyring: Keyring): Captcha {
  const { captcha } = keyring.current
  // Signed with the challenge; a MAC, so that it tells nobody whose address it is.
  const scopeOf = ({ addressTag, source }: ProofScope): string => mac(captcha, `${addressTag} ${source}`, 16)
  const secrets = { hmacSignatureSecret: captcha.toString('hex'), hmacKeySignatureSecret: captcha.toString('base64url') }

  return {
    challenge: async (scope) => {
      const difficulty = difficultyOf(scope)
      const fewest = FEWEST_TRIES * difficulty
      return await createChallenge({
        algorithm: 'PBKDF2/SHA-256',
        cost: ROUNDS_PER_TRY,
        counter: randomInt(fewest, 2 * fewest),
        data: { scope: scopeOf(scope), difficulty },
        deriveKey,
        expiresAt: Math.floor(now() / 1000) + LIFE_SECONDS,
        ...secrets
      })
    },

    verify: async (payload, scope) => {
      try {
        const { challenge, solution } = readJson(Solved, Buffer.from(payload, 'base64').toString())
        const { data, nonce } = challenge.parameters
        // The pressure may have grown while an honest browser computed, but not so far.
        const isFitting = data?.scope === scopeOf(scope) && 2 * data.difficulty >= difficultyOf(scope)
        if (!isFitting) return null
        const { verified } = await verifySolution({ challenge, solution, deriveKey, ...secrets })
        return verified ? nonce : null
      } catch {
        // Whatever shape a stranger sends, it is no solution.
        return null
      }
    }
  }
}

const difficultyOf = ({ pressure }: ProofScope): number => Math.min(HARDEST, Math.max(1, Math.floor(pressure)))
