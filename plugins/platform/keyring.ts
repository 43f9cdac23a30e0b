import fp from 'fastify-plugin'
import { createKeyring, type Keyring } from '../../src/platform/keyring.ts'

declare module 'fastify' {
  interface FastifyInstance { keyring: Keyring }
}

/** The symmetric keys, all derived from SECRET and SECRET_PREVIOUS. */
export default fp(async (fastify) => {
  fastify.decorate('keyring', createKeyring(fastify.app.secret, fastify.config.previousSecrets))
}, { name: 'keyring' })
