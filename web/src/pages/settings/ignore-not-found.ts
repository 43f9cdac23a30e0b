import { ApiProblem } from '@dvokrok/client'

/** Treats NOT_FOUND as success: what was to be ended is already gone. */
export async function ignoreNotFound (ending: Promise<unknown>): Promise<void> {
  try {
    await ending
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'NOT_FOUND') throw error
  }
}
