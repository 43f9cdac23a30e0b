import fp from 'fastify-plugin'
import { createProofMaker, type MakeProof } from '../src/second-factors/proof.ts'
import { createTotpStore, type TotpStore } from '../src/second-factors/totp-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    totp: TotpStore
    makeProof: MakeProof
  }
}

/** What a second step can be, beside a mailed code. */
export default fp(async (fastify) => {
  const totp = createTotpStore(fastify.redis)
  fastify.decorate('totp', totp)
  fastify.decorate('makeProof', createProofMaker(fastify.keyring, totp))
}, { name: 'second-factors', dependencies: ['redis', 'keyring'] })
