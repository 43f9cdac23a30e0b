import fp from 'fastify-plugin'
import { createProofMaker, type MakeProof } from '../src/records/second-factors/proof.ts'
import type { SessionActor } from '../src/records/activity/actor.ts'
import { createTotpStore, type TotpStore } from '../src/records/second-factors/totp-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    totp: TotpStore
    makeProof: MakeProof
    /** The signed-in session as the one that asks for a change of its factors. */
    askingSession: (request: FastifyRequest) => SessionActor
  }
}

/** What a second step can be, beside a mailed code. */
export default fp(async (fastify) => {
  const totp = createTotpStore(fastify.redis, fastify.runScript, fastify.keyring, fastify.config.maxAttempts)
  fastify.decorate('totp', totp)
  fastify.decorate('makeProof', createProofMaker(fastify.keyring, totp))
  fastify.decorate('askingSession', (request) => {
    const { user, sid } = fastify.accessOf(request)
    return { accountId: user.id, sid, client: fastify.clientOf(request) }
  })
}, { name: 'second-factors', dependencies: ['redis', 'keyring', 'access', 'client'] })
