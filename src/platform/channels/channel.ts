import type { Locale } from '../locales/index.ts'
import type { MailMessage, ShortMessage } from '../locales/messages.ts'

/** What is to reach whom: an address gets a mail, a number (E.164) a short message. */
export type Delivery =
  | { channel: 'email', to: string, locale: Locale, timeZone?: string | undefined, message: MailMessage }
  | { channel: 'sms', to: string, locale: Locale, message: ShortMessage }

/**
 * A way to reach a person. A new one is one file like webhook.ts, a name in `Channel` (src/records/challenges/challenge.ts) and a line in
 * src/mail-worker.ts; the outbox tries it again while what it carries lives.
 */
export interface DeliveryChannel<Name extends Delivery['channel']> {
  /**
   * Hands one message over. `id` is the same at every try, so that the other side can drop what it has; a channel whose other side does
   * not awaits `beforeData` before it gives it anything to deliver.
   * @throws DeliveryRefusedError when trying again is useless; anything else is tried again. No message of an error holds a
   * destination or a code: it is logged.
   */
  deliver: (delivery: Extract<Delivery, { channel: Name }>, id: string, beforeData?: () => Promise<void>) => Promise<void>
}

/** The other side said no for good. */
export class DeliveryRefusedError extends Error {
  override readonly name: string = 'DeliveryRefusedError'
}
