import type { ShortMessage } from '../messages.ts'

/** Text messages: the code first, in one sentence of at most 160 characters. */
export const shortMessages: Record<ShortMessage['kind'], (message: ShortMessage) => string> = {
  loginCode: ({ code, ttlMinutes }) => `${code} is your Dvokrok sign-in code, good for ${ttlMinutes} min. Tell nobody.`,
  phoneCode: ({ code, ttlMinutes }) => `${code} confirms your phone number for Dvokrok, good for ${ttlMinutes} min. Tell nobody.`
}
