import { ApiProblem } from './problem.ts'

/**
 * Makes a call; where the server asks for a proof of work, solves it and makes the call again. Nobody has to click or see
 * anything. `checking` is told while it computes.
 */
export async function withCaptcha<Result> (call: (captcha: { captcha?: string }) => Promise<Result>, checking: (isChecking: boolean) => void): Promise<Result> {
  try {
    return await call({})
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'CAPTCHA_REQUIRED') throw error
    checking(true)
    try {
      const { solve } = await import('./solve.ts')
      return await call({ captcha: await solve(error.details.captcha) })
    } finally {
      checking(false)
    }
  }
}
