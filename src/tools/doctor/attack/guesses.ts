import { randomInt } from 'node:crypto'
import { fail, type Finding, pass, unchecked } from '../finding.ts'
import { passwordStep, type Stage, type Victim } from './account.ts'

export interface GuessFacts {
  /** Wrong codes that were judged, per attempt. */
  judged: number[]
  /** The code with which the login after the last attempt was refused. */
  end: string
}

const GUESSES_AT_ONCE = 20
/** More than the largest budget allows: 50 wrong codes, ten per attempt, and one more. */
const MOST_ATTEMPTS = 12
const LARGEST_BUDGET = 50
const LARGEST_PER_ATTEMPT = 10

/** An attacker who has the password guesses the code: many at once, attempt after attempt. */
export async function guess (stage: Stage, victim: Victim): Promise<GuessFacts> {
  const judged: number[] = []
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const { visitor, reply, pending } = await passwordStep(stage, victim)
    if (pending === null) return { judged, end: String(reply.body['code'] ?? reply.status) }
    const guesses = Array.from({ length: GUESSES_AT_ONCE }, () => String(randomInt(100_000, 1_000_000)))
    const replies = await Promise.all(guesses.map(async (otp) =>
      await visitor.send('/auth/verify-otp', { otp, method: 'email' }, { token: pending })))
    judged.push(replies.filter(({ status, body }) => status === 200 || body['code'] === 'OTP_INVALID').length)
  }
  return { judged, end: 'never' }
}

/** The budgets of the settings; where they are unknown, the largest that settings may have. */
export interface Budgets { maxAttempts?: number | undefined, dailyFailures?: number | undefined }

export function judgeGuesses ({ judged, end }: GuessFacts, budgets: Budgets = {}): Finding {
  const { maxAttempts = LARGEST_PER_ATTEMPT, dailyFailures = LARGEST_BUDGET } = budgets
  const total = judged.reduce((sum, count) => sum + count, 0)
  const most = Math.max(0, ...judged)
  const remedy = 'Give all servers the same Redis, TWO_FACTOR_MAX_ATTEMPTS and TWO_FACTOR_DAILY_FAILURES.'
  if (most > maxAttempts) return fail('attack.guesses', `One attempt checked ${most} wrong codes; ${maxAttempts} are allowed.`, remedy)
  if (total > dailyFailures) return fail('attack.guesses', `${total} wrong codes were checked; ${dailyFailures} a day are allowed.`, remedy)
  if (end === 'never') return fail('attack.guesses', `Guessing was not stopped after ${total} wrong codes.`, remedy)
  if (end !== 'OTP_ATTEMPTS_EXCEEDED') {
    return unchecked('attack.guesses', `After ${total} wrong codes, all within the budget, the login was refused with ${end}.`,
      'Run the doctor again in an hour.')
  }
  return pass('attack.guesses', `Guessing was stopped after ${total} wrong codes, at most ${most} in one attempt.`)
}
