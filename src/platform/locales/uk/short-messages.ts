import type { ShortMessage } from '../messages.ts'

/** Text messages: the code first, in one sentence of at most 160 characters. */
export const shortMessages: Record<ShortMessage['kind'], (message: ShortMessage) => string> = {
  loginCode: ({ code, ttlMinutes }) => `${code} — ваш код для входу в Двокрок, діє ${ttlMinutes} хв. Нікому його не кажіть.`,
  phoneCode: ({ code, ttlMinutes }) => `${code} — код підтвердження номера для Двокрок, діє ${ttlMinutes} хв. Нікому його не кажіть.`
}
