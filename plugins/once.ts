import fp from 'fastify-plugin'
import { createIdempotencyStore, type IdempotencyClaim, type IdempotentRequest, type Outcome } from '../src/records/idempotency/idempotency-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Does what a request asks for; one that brings the `Idempotency-Key` of a request before is answered by `again` instead, from the
     * outcome that was kept. @throws Problem CONFLICT, VALIDATION_FAILED, or the refusal of the time before
     */
    once: <Answer>(request: FastifyRequest, whose: Pick<IdempotentRequest, 'owner' | 'binding'>, act: () => Promise<Answer>, again: (outcome: Outcome) => Promise<Answer>) => Promise<Answer>
  }
  interface FastifyRequest {
    /** The claim of a request with an `Idempotency-Key`. */
    turn: IdempotencyClaim | null
  }
}

/** A lost answer can be asked for again (draft-ietf-httpapi-idempotency-key-header). */
export default fp(async (fastify) => {
  const store = createIdempotencyStore(fastify.runScript, fastify.keyring)
  fastify.decorateRequest('turn', null)

  fastify.decorate('once', async (request, whose, act, again) => {
    const key = request.headers['idempotency-key']
    if (typeof key !== 'string') return await act()
    const asked = `${request.method} ${request.url} ${JSON.stringify(request.body ?? null)}`
    const begun = await store.begin({ ...whose, key, request: asked }, () => fastify.invalidField(request, '/idempotency-key'))
    if ('outcome' in begun) return await again(begun.outcome)

    const { claim } = begun
    request.turn = claim
    try {
      const answer = await act()
      // Done is done: should this be lost, the claim ends by itself.
      await claim.succeed().catch(() => {})
      return answer
    } catch (error) {
      await claim.fail(error).catch(() => {})
      throw error
    }
  })
}, { name: 'once', dependencies: ['redis', 'keyring', 'problems'] })
