import { retryAfter, Problem, type ProblemCode, PROBLEMS } from '../../errors.ts'
import { mac, type Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { OutcomeRecord, RunScript } from '../../platform/redis/scripts.ts'

const LIFE_MS = 24 * 60 * 60_000
/** Longer than a request may take. A server that dies with a request gives its turn back after this. */
const TURN_MS = 30_000

/** Requests of one person or address that are remembered; a client that sends more has long had its answers. */
const MOST_ENTRIES = 64

/** Refusals that have cost something: asked again they must not cost it twice. All others would be the same anyway. */
const KEPT: ProblemCode[] = ['OTP_INVALID', 'CREDENTIALS_INVALID']

/** Ids from which an answer can be made once more. Never a token, a code or a password. */
export type Outcome = Record<string, string>

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
   * The turn to do it, or the outcome of the time before.
   * @throws Problem CONFLICT (it is under way), VALIDATION_FAILED (the key was used for another request), or the refusal of the time before
   */
  begin: (request: IdempotentRequest, refuseOther: () => Problem) => Promise<{ claim: IdempotencyClaim } | { outcome: Outcome }>
}

export function createIdempotencyStore (run: RunScript, keyring: Keyring): IdempotencyStore {
  const { once: secret } = keyring.current

  return {
    begin: async ({ owner, binding, key, request }, refuseOther) => {
      const challenge = 'accountId' in owner ? keys.account(owner.accountId).once : keys.address(owner.addressTag).once
      // The client's key is in all of it: who has no key cannot even guess at the request.
      const derive = (what: string): string => mac(secret, `${what}\n${binding}\n${key}`, 16)
      const id = derive('id')
      const answer = await run<['go'] | ['done', string] | ['running', number] | ['different']>('once-begin', [challenge], [id, derive(request), LIFE_MS, TURN_MS, MOST_ENTRIES])
      if (answer[0] === 'different') throw refuseOther()
      if (answer[0] === 'running') throw new Problem('CONFLICT', retryAfter(answer[1]))
      if (answer[0] === 'done') return { outcome: readOutcome(answer[1]) }

      let recorded: Outcome = {}
      const end = async (outcome: string): Promise<void> => { await run('once-end', [challenge], [id, outcome]) }
      return {
        claim: {
          newId: derive,
          record: (outcome) => {
            recorded = outcome
            return { key: challenge, id, outcome: JSON.stringify(outcome) }
          },
          succeed: async () => { await end(JSON.stringify(recorded)) },
          fail: async (error) => { await end(error instanceof Problem && KEPT.includes(error.code) ? writeRefusal(error) : '') }
        }
      }
    }
  }
}

const writeRefusal = ({ code, facts: { attemptsLeft } }: Problem): string =>
  JSON.stringify({ refused: code, ...(attemptsLeft === undefined ? {} : { attemptsLeft: String(attemptsLeft) }) })

function readOutcome (text: string): Outcome {
  const { refused, attemptsLeft, ...outcome } = JSON.parse(text) as Outcome
  const code = Object.keys(PROBLEMS).find((one): one is ProblemCode => one === refused)
  if (code) throw new Problem(code, attemptsLeft === undefined ? {} : { attemptsLeft: Number(attemptsLeft) })
  return outcome
}
