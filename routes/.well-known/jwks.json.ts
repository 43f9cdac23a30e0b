import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'

const schema = {
  operationId: 'getKeys',
  summary: 'The keys that verify access tokens',
  description: 'RFC 7517. Other services verify access tokens with them, offline. Whether a session has ended, only this server knows.',
  tags: ['Operations'],
  response: { 200: Type.Object({ keys: Type.Array(Type.Object({}, { additionalProperties: Type.String() })) }) }
}

const MAX_AGE_SECONDS = 300

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const keys = fastify.app.signingKeys.map(({ publicJwk }) => ({ ...publicJwk }))

  fastify.get('/jwks.json', { schema, config: { access: 'public' } }, async (_request, reply) => {
    reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
    return { keys }
  })
}

export default route
