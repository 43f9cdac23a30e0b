/** The attempt of this tab that waits for a code. */
export interface Attempt {
  purpose: 'login' | 'sign-up' | 'reset' | 'email-change' | 'phone'
  /** Good for the second step only. In sessionStorage, so that each tab has its own attempt and a reload keeps the step. */
  pendingToken: string
  email: string
  name?: string
}

const KEY = 'dvokrok.attempt'

export const keepAttempt = (attempt: Attempt): void => { sessionStorage.setItem(KEY, JSON.stringify(attempt)) }
export const forgetAttempt = (): void => { sessionStorage.removeItem(KEY) }

export function keptAttempt (...purposes: Array<Attempt['purpose']>): Attempt | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
    return isAttempt(kept) && purposes.includes(kept.purpose) ? kept : null
  } catch {
    return null
  }
}

const isAttempt = (kept: unknown): kept is Attempt =>
  typeof kept === 'object' && kept !== null && 'purpose' in kept && 'pendingToken' in kept && 'email' in kept
