import { renderMail } from './render.ts'
import type { MailTransport } from './transport.ts'
import type { DeliveryChannel } from '../channels/channel.ts'

/** The channel that is always there. */
export const createEmailChannel = (transport: Pick<MailTransport, 'sendMail'>, publicUrl: string): DeliveryChannel<'email'> => ({
  deliver: async ({ to, locale, message }, id, beforeData) => {
    await transport.sendMail(to, renderMail(message, { locale, publicUrl }), { messageId: id, locale, beforeData })
  }
})
