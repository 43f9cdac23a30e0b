import type { ShortMessage } from '../messages.ts'

/** Text messages: the code first, in one sentence of at most 160 characters. */
export const shortMessages: Record<ShortMessage['kind'], (message: ShortMessage, brand: string) => string> = {
  loginCode: ({ code, ttlMinutes }, brand) => `${code} is your ${brand} sign-in code, good for ${ttlMinutes} min. Tell nobody.`,
  phoneCode: ({ code, ttlMinutes }, brand) => `${code} confirms your phone number for ${brand}, good for ${ttlMinutes} min. Tell nobody.`
}
