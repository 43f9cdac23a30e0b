import type { ShortMessage } from '../messages.ts'

/** Text messages: the code first, in one sentence of at most 160 characters. */
export const shortMessages: Record<ShortMessage['kind'], (message: ShortMessage, brand: string) => string> = {
  loginCode: ({ code, ttlMinutes }, brand) => `${code} — ваш код для входу в ${brand}, діє ${ttlMinutes} хв. Нікому його не кажіть.`,
  phoneCode: ({ code, ttlMinutes }, brand) =>
    `${code} — код підтвердження номера для ${brand}, діє ${ttlMinutes} хв. Нікому його не кажіть.`
}
