import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'

const Nothing = Type.Array(Type.String(), { description: 'Empty: people sign in on our pages, not by a flow of OAuth.' })

const schema = {
  operationId: 'getServerMetadata',
  summary: 'Where other services find keys and introspection',
  description: 'RFC 8414.',
  tags: ['Services'],
  response: {
    200: Type.Object({
      issuer: Type.String(),
      jwks_uri: Type.String(),
      introspection_endpoint: Type.String(),
      introspection_endpoint_auth_methods_supported: Type.Array(Type.String()),
      response_types_supported: Nothing,
      grant_types_supported: Nothing
    })
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { issuer, publicUrl } = fastify.config

  fastify.get('/oauth-authorization-server', { schema, config: { access: 'public' } }, async () => ({
    issuer,
    jwks_uri: `${publicUrl}/.well-known/jwks.json`,
    introspection_endpoint: `${publicUrl}/auth/introspect`,
    introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
    response_types_supported: [],
    grant_types_supported: []
  }))
}

export default route
