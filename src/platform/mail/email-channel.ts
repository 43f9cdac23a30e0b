import type { Brand } from '../brand/brand.ts'
import type { DeliveryChannel } from '../channels/channel.ts'
import { knownTimeZone } from '../time-zone.ts'
import { renderMail } from './render.ts'
import { mailLook } from './templates/palette.ts'
import type { MailTransport } from './transport.ts'

type Options = { publicUrl: string, brand: Brand }

/** The channel that is always there. */
export function createEmailChannel (transport: Pick<MailTransport, 'sendMail'>, { publicUrl, brand }: Options): DeliveryChannel<'email'> {
  const look = mailLook(brand)
  return {
    deliver: async ({ to, locale, timeZone, message }, id, beforeData) => {
      const mail = renderMail(message, { locale, publicUrl, look, timeZone: knownTimeZone(timeZone) })
      await transport.sendMail(to, mail, { messageId: id, locale, beforeData })
    }
  }
}
