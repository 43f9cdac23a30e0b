import type { Brand } from '../brand/brand.ts'
import type { DeliveryChannel } from '../channels/channel.ts'
import { renderMail } from './render.ts'
import { mailLook } from './templates/palette.ts'
import type { MailTransport } from './transport.ts'

type Options = { publicUrl: string, brand: Brand }

/** The channel that is always there. */
export function createEmailChannel (transport: Pick<MailTransport, 'sendMail'>, { publicUrl, brand }: Options): DeliveryChannel<'email'> {
  const look = mailLook(brand)
  return {
    deliver: async ({ to, locale, message }, id, beforeData) => {
      await transport.sendMail(to, renderMail(message, { locale, publicUrl, look }), { messageId: id, locale, beforeData })
    }
  }
}
