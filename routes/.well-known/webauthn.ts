import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'

const schema = {
  operationId: 'getPasskeyOrigins',
  summary: 'The origins that may use our passkeys',
  description: 'For browsers (WebAuthn, related origins): `PUBLIC_URL` and the `CORS_ORIGINS` of the same site.',
  tags: ['Services'],
  response: { 200: Type.Object({ origins: Type.Array(Type.String()) }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { origins } = fastify.config.passkeys

  fastify.get('/webauthn', { schema, config: { access: 'public' } }, async () => ({ origins }))
}

export default route
