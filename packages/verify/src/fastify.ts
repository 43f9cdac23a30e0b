import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Claims } from './claims.ts'
import { bearerOf, problemAnswer, TokenRefused } from './refusal.ts'
import type { Requirements, SignatureVerifier, Verifier } from './verifier.ts'

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

declare module 'fastify' {
  interface FastifyInstance {
    /** A hook (`onRequest`) that lets in who brings a good token. */
    requireToken: (requirements?: Requirements) => Hook
  }
  interface FastifyRequest {
    /** What the token says; null where none was asked for. */
    token: Claims | null
  }
}

/** `fastify.register(dvokrokVerify, { verifier })`: adds `fastify.requireToken(...)`, `request.token`; closes the verifier at the end. */
async function dvokrokVerify (fastify: FastifyInstance, { verifier }: { verifier: Verifier | SignatureVerifier }): Promise<void> {
  fastify.decorateRequest('token', null)
  fastify.decorate('requireToken', (requirements?: Requirements): Hook => async (request, reply) => {
    try {
      request.token = await verifier.verify(bearerOf(request.headers.authorization), requirements)
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error
      const { status, headers, body } = problemAnswer(error)
      return await reply.code(status).headers(headers).send(body)
    }
  })
  fastify.addHook('onClose', async () => { verifier.close() })
}

// For the whole server, as fastify-plugin does it.
export default Object.assign(dvokrokVerify, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@dvokrok/verify'
})
