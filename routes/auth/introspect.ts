import formbody from '@fastify/formbody'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import type { FastifyRequest } from 'fastify'

/** What RFC 7662 answers. */
export const IntrospectionSchema = Type.Object({
  active: Type.Boolean({ description: 'If false, the answer has nothing else.' }),
  sub: Type.Optional(Type.String()),
  sid: Type.Optional(Type.String()),
  client_id: Type.Optional(Type.String()),
  iss: Type.Optional(Type.String()),
  aud: Type.Optional(Type.String()),
  jti: Type.Optional(Type.String()),
  iat: Type.Optional(Type.Integer()),
  exp: Type.Optional(Type.Integer()),
  auth_time: Type.Optional(Type.Integer()),
  amr: Type.Optional(Type.Array(Type.String())),
  '2fa': Type.Optional(Type.Boolean()),
  roles: Type.Optional(Type.Array(Type.String())),
  token_type: Type.Optional(Type.String())
}, { title: 'Introspection' })

const schema = {
  operationId: 'introspect',
  summary: 'Whether an access token is valid right now',
  description: 'RFC 7662, for other services: whether session and account are valid right now. The body is a form, as in OAuth, not JSON.',
  tags: ['Services'],
  consumes: ['application/x-www-form-urlencoded'],
  // RFC 6749, section 3.1: a parameter that nobody knows is passed over.
  body: Type.Object({ token: Type.String({ minLength: 1, maxLength: 8192 }), token_type_hint: Type.Optional(Type.String()) }),
  response: { 200: IntrospectionSchema }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.removeAllContentTypeParsers()
  await fastify.register(formbody)

  const started = new WeakMap<FastifyRequest, ReturnType<typeof fastify.flows.introspect>>()
  const start = (request: FastifyRequest): void => {
    // Nothing is validated yet.
    if (!Value.Check(schema.body, request.body)) return
    const reading = fastify.flows.introspect(request.body.token)
    reading.catch(() => {})
    started.set(request, reading)
  }

  fastify.post('/introspect', { schema, config: { access: { scope: 'introspect', meanwhile: start } } }, async (request) =>
    await (started.get(request) ?? fastify.flows.introspect(request.body.token)))
}

export default route
