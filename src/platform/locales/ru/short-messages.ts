import type { ShortMessage } from '../messages.ts'

/** Text messages: the code first, in one sentence of at most 160 characters. */
export const shortMessages: Record<ShortMessage['kind'], (message: ShortMessage, brand: string) => string> = {
  loginCode: ({ code, ttlMinutes }, brand) =>
    `${code} — ваш код для входа в ${brand}, действует ${ttlMinutes} мин. Никому его не сообщайте.`,
  phoneCode: ({ code, ttlMinutes }, brand) =>
    `${code} — код подтверждения номера для ${brand}, действует ${ttlMinutes} мин. Никому его не сообщайте.`
}
