import fp from 'fastify-plugin'
import type { Account } from '../src/records/accounts/accounts-store.ts'
import type { EventName } from '../src/records/activity/activity.ts'
import { Problem } from '../src/errors.ts'
import { createReauthenticationStore, type ReauthenticationStore } from '../src/records/challenges/reauthentication-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    reauthentication: ReauthenticationStore
    /**
     * The account of the signed-in person, after the right current password. Wrong ones count like those of a login, and too many
     * end this session: it may be in a thief's hands.
     * @throws Problem CREDENTIALS_INVALID, SESSION_ENDED, TOO_MANY_REQUESTS
     */
    proveCurrentPassword: (request: FastifyRequest, reply: FastifyReply, password: string, event: EventName) => Promise<{ account: Account, addressTag: string }>
  }
}

/** Proof, again, by somebody who is signed in. */
export default fp(async (fastify) => {
  const { runScript, challenges, config } = fastify
  const store = createReauthenticationStore(runScript, challenges, config.maxAttempts)
  fastify.decorate('reauthentication', store)

  fastify.decorate('proveCurrentPassword', async (request, reply, password, event) => {
    const { user, sid } = fastify.accessOf(request)
    const { account, addressTag } = await fastify.checkPassword({
      email: user.email,
      password,
      source: fastify.sourceOf(request),
      deviceToken: fastify.readCookie(request, 'device'),
      isSignedIn: true
    })
    if (account) return { account, addressTag }
    const isEnded = await store.bookWrongPassword({ accountId: user.id, sid, client: fastify.clientOf(request) }, event)
    if (!isEnded) throw new Problem('CREDENTIALS_INVALID')
    fastify.clearSession(reply)
    throw new Problem('SESSION_ENDED')
  })
}, { name: 'reauthentication', dependencies: ['challenges', 'access', 'accounts', 'limits', 'client'] })
