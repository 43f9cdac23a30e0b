import type { ShortMessage } from '../messages.ts'

/** Text messages: the code first, in one sentence of at most 160 characters. */
export const shortMessages: Record<ShortMessage['kind'], (message: ShortMessage) => string> = {
  loginCode: ({ code, ttlMinutes }) => `${code} — ваш код для входа в Двокрок, действует ${ttlMinutes} мин. Никому его не сообщайте.`,
  phoneCode: ({ code, ttlMinutes }) => `${code} — код подтверждения номера для Двокрок, действует ${ttlMinutes} мин. Никому его не ` +
    'сообщайте.'
}
