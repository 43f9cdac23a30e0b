import { renderMail } from '../mail/render.ts'
import type { MailTransport } from '../mail/transport.ts'
import type { DeliveryChannel } from './channel.ts'

/** The channel that is always there. */
export const createEmailChannel = (transport: Pick<MailTransport, 'sendMail'>, publicUrl: string): DeliveryChannel<'email'> => ({
  deliver: async ({ to, locale, message }, id) => {
    await transport.sendMail(to, renderMail(message, { locale, publicUrl }), { messageId: id, locale })
  }
})
