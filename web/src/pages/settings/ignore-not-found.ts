import { ApiProblem } from '../../api/problem.ts'

/** What was to be ended may have ended by itself: that is as good. */
export async function ignoreNotFound (ending: Promise<unknown>): Promise<void> {
  try {
    await ending
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'NOT_FOUND') throw error
  }
}
