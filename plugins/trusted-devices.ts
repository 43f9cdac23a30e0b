import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Account } from '../src/records/accounts/accounts-store.ts'
import { refusal } from '../src/records/refusals.ts'
import { now } from '../src/platform/clock.ts'
import type { TokenAnswer } from '../src/schemas.ts'
import { type GenerationClaims, makeGenerationToken, readGenerationToken } from '../src/records/sessions/generation-token.ts'
import { createTrustedBrowsersStore, TRUSTED_LIFE_MS, type TrustedBrowsersStore } from '../src/records/trusted-browsers/trusted-browsers-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    trustedBrowsers: TrustedBrowsersStore
    /** What the cookie `trusted` names, if one of our keys made it for this account. */
    trustedBrowserOf: (request: FastifyRequest, accountId: string) => GenerationClaims | null
    /** Lets this browser skip the second step from now on; asked for by the person who has just passed it. */
    trustDevice: (request: FastifyRequest, reply: FastifyReply, accountId: string, sid: string) => Promise<void>
    /**
     * Signs in by a trusted device, after a right password. Null when this browser is not trusted by this account (any more): then
     * the second step is asked. @throws Problem CREDENTIALS_INVALID (the account changed meanwhile)
     */
    signInTrusted: (request: FastifyRequest, reply: FastifyReply, account: Account) => Promise<TokenAnswer | null>
  }
}

/** Browsers that skip the second step. They prove nothing recent, and open nothing that asks for a code. */
export default fp(async (fastify) => {
  const { keyring } = fastify
  const store = createTrustedBrowsersStore(fastify.runScript, fastify.config.sessionEpochMs)
  fastify.decorate('trustedBrowsers', store)

  fastify.decorate('trustedBrowserOf', (request, accountId) => {
    const token = fastify.readCookie(request, 'trusted')
    const claims = token ? readGenerationToken(keyring, 'trusted', token) : null
    return claims?.accountId === accountId ? claims : null
  })

  const token = (claims: GenerationClaims): string => makeGenerationToken(keyring, 'trusted', claims)

  fastify.decorate('trustDevice', async (request, reply, accountId, sid) => {
    const replacedId = fastify.trustedBrowserOf(request, accountId)?.id
    const id = await store.open({ accountId, sid, client: fastify.clientOf(request) }, replacedId)
    if (id !== null) fastify.writeCookie(reply, 'trusted', token({ accountId, id, generation: 1 }), TRUSTED_LIFE_MS / 1000)
  })

  fastify.decorate('signInTrusted', async (request, reply, account) => {
    const claims = fastify.trustedBrowserOf(request, account.id)
    if (!claims) return null
    const draft = fastify.draftSession(request, account.id, ['pwd', 'device'], false)
    const signIn = await store.signIn(account, claims, draft)
    if (signIn.outcome === 'stale') throw refusal({ outcome: 'stale' })
    if (signIn.outcome !== 'ok') {
      fastify.clearCookie(reply, 'trusted')
      if (signIn.outcome !== 'unknown') await tellRefused(request, claims, signIn.outcome)
      return null
    }
    const tokens = await fastify.grantSession(request, reply, draft, signIn.opened)
    fastify.writeCookie(reply, 'trusted', token({ ...claims, generation: signIn.generation }), signIn.lifeSeconds)
    return tokens
  })

  async function tellRefused (request: FastifyRequest, { accountId, id }: GenerationClaims, outcome: 'reused' | 'ahead'): Promise<void> {
    const client = fastify.clientOf(request)
    request.log.warn({ event: 'trusted.refused', outcome, account: accountId, trusted: id, ...client }, 'a trusted device is trusted no more')
    // Ahead means that Redis lost what it had: nobody stole anything.
    if (outcome === 'reused') await fastify.mailer.notify({ kind: 'notice', notice: 'trustedDeviceReused', accountId, client, at: now() })
  }
}, { name: 'trusted-devices', dependencies: ['redis', 'keyring', 'cookies', 'session-grants', 'mailer', 'client'] })
