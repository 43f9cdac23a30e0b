import { randomInt } from 'node:crypto'
import { fail, type Finding, pass, unchecked } from '../finding.ts'
import { passwordStep, type Stage, type Victim } from './account.ts'

export interface GuessFacts {
  /** Wrong codes that were judged, per attempt. */
  judged: number[]
  /** What the login after the last attempt answered. */
  end: string
}

const GUESSES_AT_ONCE = 20
/** More than any allowed budget could need: 50 wrong codes, ten at a time, and one more. */
const MOST_ATTEMPTS = 12
const LARGEST_BUDGET = 50
const LARGEST_PER_ATTEMPT = 10

/** Who has the password guesses the code: many at once, attempt after attempt. */
export async function guess (stage: Stage, victim: Victim): Promise<GuessFacts> {
  const judged: number[] = []
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const { visitor, reply, pending } = await passwordStep(stage, victim)
    if (pending === null) return { judged, end: String(reply.body['code'] ?? reply.status) }
    const guesses = Array.from({ length: GUESSES_AT_ONCE }, () => String(randomInt(100_000, 1_000_000)))
    const replies = await Promise.all(guesses.map(async (otp) => await visitor.send('/auth/verify-otp', { otp, method: 'email' }, { token: pending })))
    judged.push(replies.filter(({ status, body }) => status === 200 || body['code'] === 'OTP_INVALID').length)
  }
  return { judged, end: 'never' }
}

/** The bounds of the settings, or what they allow at most where nobody knows them. */
export function judgeGuesses ({ judged, end }: GuessFacts, { maxAttempts = LARGEST_PER_ATTEMPT, dailyFailures = LARGEST_BUDGET }: { maxAttempts?: number | undefined, dailyFailures?: number | undefined } = {}): Finding {
  const total = judged.reduce((sum, count) => sum + count, 0)
  const most = Math.max(0, ...judged)
  const remedy = 'Give all servers the same Redis and the same settings TWO_FACTOR_MAX_ATTEMPTS and TWO_FACTOR_DAILY_FAILURES.'
  if (most > maxAttempts) return fail('attack.guesses', `One attempt judged ${most} wrong codes, ${maxAttempts} are allowed.`, remedy)
  if (total > dailyFailures) return fail('attack.guesses', `${total} wrong codes were judged, ${dailyFailures} a day are allowed.`, remedy)
  if (end === 'never') return fail('attack.guesses', `After ${total} wrong codes there was no end to guessing.`, remedy)
  if (end !== 'OTP_ATTEMPTS_EXCEEDED') return unchecked('attack.guesses', `After ${total} wrong codes, all within the budget, the login answered ${end}.`, 'Run it again in an hour.')
  return pass('attack.guesses', `Guessing ended after ${total} wrong codes, ${most} at most in one attempt.`)
}
