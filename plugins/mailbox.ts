import fp from 'fastify-plugin'
import type { Mailbox } from '../src/embedded/mailbox.ts'
import { renderMailboxPage } from '../src/embedded/mailbox-page.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The local mailbox with its page; null where the operator gave an SMTP server. */
    mailbox: (Mailbox & { render: typeof renderMailboxPage }) | null
  }
}

/** Every mail of a development server, to be read in the browser. */
export default fp(async (fastify) => {
  const { mailbox } = fastify.app
  fastify.decorate('mailbox', mailbox && { ...mailbox, render: renderMailboxPage })
}, { name: 'mailbox' })
