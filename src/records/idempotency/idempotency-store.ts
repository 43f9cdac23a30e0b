import { Type } from '@sinclair/typebox'
import { retryAfter, Problem, type ProblemCode, PROBLEMS } from '../../errors.ts'
import { readJson } from '../../platform/json.ts'
import { mac, type Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import { defineScript, integer, optional, type OutcomeRecord, type RunScript, text } from '../../platform/redis/script.ts'

const LIFE_MS = 24 * 60 * 60_000
/** Longer than a request may take. A server that dies with a request gives its claim back after this. */
const CLAIM_MS = 30_000

/** Requests of one person or address that are remembered; a client that sends more has long had its answers. */
const MOST_ENTRIES = 64

/** Refusals that have cost something: asked again they must not cost it twice. All others would be the same anyway. */
const KEPT: ProblemCode[] = ['OTP_INVALID', 'CREDENTIALS_INVALID']

const beginIdempotency = defineScript(new URL('./idempotency-begin.lua', import.meta.url), {
  keys: ['idempotency', 'account?'],
  args: { id: text, print: text, lifeMs: integer, claimMs: integer, mostEntries: integer },
  answers: { go: {}, done: { outcomeText: text }, running: { waitMs: integer }, different: {} },
  tells: 'it only looks whether the account is there'
})

const endIdempotency = defineScript(new URL('./idempotency-end.lua', import.meta.url), {
  keys: ['idempotency'],
  args: { id: text, outcome: optional(text) },
  answers: { ok: {} }
})

/** Ids from which an answer can be made once more. Never a token, a code or a password. */
export type Outcome = Record<string, string>

const KeptOutcome = Type.Record(Type.String(), Type.String())

/** A request that may come again, told by its `Idempotency-Key`. */
export interface IdempotentRequest {
  /** Whose state it changes: so its record lies in the same slot. */
  owner: { accountId: string } | { addressTag: string }
  /** What the key is bound to: the attempt or the session; the address where there is neither yet. */
  binding: string
  key: string
  /** Method, route and body: the same key with another request is a mistake of the client. */
  request: string
}

/** The right to do what a request asks for. */
export interface IdempotencyClaim {
  /** An id that this request gets again should its server die before it is done. */
  newId: (what: string) => string
  /** For the script that makes the change: it keeps the outcome in the same step. */
  record: (outcome: Outcome) => OutcomeRecord
  /** The change is made: keeps the last recorded outcome, should no script have done it. */
  succeed: () => Promise<void>
  /** The request was refused. */
  fail: (error: unknown) => Promise<void>
}

export interface IdempotencyStore {
  /**
   * The claim to do it, or the outcome of the time before.
   * @throws Problem CONFLICT (it is under way), VALIDATION_FAILED (the key was used for another request), or the refusal of the time before
   */
  begin: (request: IdempotentRequest, tellDifferent: () => Problem) => Promise<{ claim: IdempotencyClaim } | { outcome: Outcome }>
}

export function createIdempotencyStore (run: RunScript, keyring: Keyring): IdempotencyStore {
  const { once: secret } = keyring.current

  return {
    begin: async ({ owner, binding, key, request }, tellDifferent) => {
      const account = 'accountId' in owner ? keys.account(owner.accountId).record : undefined
      const { idempotency } = 'accountId' in owner ? keys.account(owner.accountId) : keys.address(owner.addressTag)
      // The client's key is in all of it: who has no key cannot even guess at the request.
      const derive = (what: string): string => mac(secret, `${what}\n${binding}\n${key}`, 16)
      const id = derive('id')
      const answer = await run(beginIdempotency, { idempotency, account },
        { id, print: derive(request), lifeMs: LIFE_MS, claimMs: CLAIM_MS, mostEntries: MOST_ENTRIES })
      if (answer.outcome === 'different') throw tellDifferent()
      if (answer.outcome === 'running') throw new Problem('CONFLICT', retryAfter(answer.waitMs))
      if (answer.outcome === 'done') return { outcome: readOutcome(answer.outcomeText) }

      let recorded: Outcome = {}
      const end = async (outcome: string | undefined): Promise<void> => { await run(endIdempotency, { idempotency }, { id, outcome }) }
      return {
        claim: {
          newId: derive,
          record: (outcome) => {
            recorded = outcome
            return { key: idempotency, id, outcome: JSON.stringify(outcome) }
          },
          succeed: async () => { await end(JSON.stringify(recorded)) },
          fail: async (error) => { await end(error instanceof Problem && KEPT.includes(error.code) ? writeRefusal(error) : undefined) }
        }
      }
    }
  }
}

const writeRefusal = ({ code, facts: { attemptsLeft } }: Problem): string =>
  JSON.stringify({ refused: code, ...(attemptsLeft === undefined ? {} : { attemptsLeft: String(attemptsLeft) }) })

function readOutcome (text: string): Outcome {
  const { refused, attemptsLeft, ...outcome } = readJson(KeptOutcome, text)
  const code = Object.keys(PROBLEMS).find((one): one is ProblemCode => one === refused)
  if (code) throw new Problem(code, attemptsLeft === undefined ? {} : { attemptsLeft: Number(attemptsLeft) })
  return outcome
}
