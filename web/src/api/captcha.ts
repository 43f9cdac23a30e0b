import { ApiProblem } from './problem.ts'

type Call<Result> = (captcha: { captcha?: string }) => Promise<Result>

/**
 * Makes a call. If the server asks for a proof of work, solves it without any user interaction and makes the call again.
 * `checking` is called with `true` while the browser computes, and with `false` afterwards.
 */
export async function withCaptcha<Result> (call: Call<Result>, checking: (isChecking: boolean) => void): Promise<Result> {
  try {
    return await call({})
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'CAPTCHA_REQUIRED') throw error
    // On plain http beyond this machine browsers have no WebCrypto.
    if (crypto.subtle === undefined) throw new ApiProblem('HTTPS_NEEDED')
    checking(true)
    try {
      const { solve } = await import('./solve.ts')
      return await call({ captcha: await solve(error.details.captcha) })
    } finally {
      checking(false)
    }
  }
}
