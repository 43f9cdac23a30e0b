import { createHash } from 'node:crypto'

/** Longer than the service ever needs; a sign-up must not wait for a neighbour that is away. */
const DEADLINE_MS = 1500
const PREFIX_LENGTH = 5

/**
 * Asks a range service of Have I Been Pwned whether a password is known from a leak. Only the first five letters of its SHA-1 leave
 * the server, and the answer is padded, so that neither the service nor a listener learns which password it was. Without an answer
 * the password passes: this check is on top of the offline list.
 */
export function createLeakCheck (rangeUrl: string, onAway: (reason: string) => void): (password: string) => Promise<boolean> {
  return async (password) => {
    const hash = createHash('sha1').update(password.normalize('NFC')).digest('hex').toUpperCase()
    try {
      const response = await fetch(`${rangeUrl}${hash.slice(0, PREFIX_LENGTH)}`, {
        headers: { 'add-padding': 'true', 'user-agent': 'dvokrok' },
        redirect: 'error',
        signal: AbortSignal.timeout(DEADLINE_MS)
      })
      if (!response.ok) throw new Error(`status ${response.status}`)
      // Padding has the count 0.
      return (await response.text()).split(/\r?\n/).some((line) => line.startsWith(`${hash.slice(PREFIX_LENGTH)}:`) && !line.endsWith(':0'))
    } catch (error) {
      onAway(error instanceof Error ? error.message : String(error))
      return false
    }
  }
}
