import fp from 'fastify-plugin'
import { mac } from '../src/platform/keyring.ts'
import { createSessionsStore, type SessionsStore } from '../src/records/sessions/sessions-store.ts'

declare module 'fastify' {
  interface FastifyInstance { sessions: SessionsStore }
}

/** Sessions: the truth behind every token. */
export default fp(async (fastify) => {
  const { sessionsPerAccount, refreshTokenTtlMs, sessionMaxMs, sessionEpochMs } = fastify.config
  fastify.decorate('sessions', createSessionsStore(fastify.redis, fastify.runScript, {
    perAccount: sessionsPerAccount,
    idleMs: refreshTokenTtlMs,
    absoluteMs: sessionMaxMs,
    epochMs: sessionEpochMs
  }, (sid) => mac(fastify.keyring.current.device, sid)))
}, { name: 'sessions', dependencies: ['redis', 'keyring'] })
