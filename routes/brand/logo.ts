import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../src/errors.ts'

const A_YEAR_SECONDS = 365 * 86_400
/** As a page of its own the file may run nothing and load nothing, whatever stands in it. */
const INERT = "sandbox; default-src 'none'; style-src 'unsafe-inline'"

const schema = { hide: true, querystring: Type.Object({ v: Type.Optional(Type.String()) }) }

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { logo } = fastify.config.brand
  const body = logo && Buffer.from(logo.base64, 'base64')

  fastify.get('/logo', { schema, config: { access: 'public' } }, async (request, reply) => {
    if (!logo || !body) throw new Problem('NOT_FOUND')
    return await reply
      .header('content-security-policy', INERT)
      .header('cache-control', request.query.v === logo.hash ? `public, max-age=${A_YEAR_SECONDS}, immutable` : 'no-cache')
      .type(logo.type)
      .send(body)
  })
}

export default route
