import type { FastifyPluginAsync } from 'fastify'
import { readClientFile } from '../src/platform/pages/client-file.ts'
import { Problem } from '../src/errors.ts'

const MAX_AGE_SECONDS = 300

const route: FastifyPluginAsync = async (fastify) => {
  const file = readClientFile()

  fastify.get('/client.js', { config: { access: 'public' }, schema: { hide: true } }, async (request, reply) => {
    if (!file) throw new Problem('NOT_FOUND')
    const { body, gzip, etag } = file
    reply
      .header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`)
      .header('etag', etag)
      .header('vary', 'origin, accept-encoding')
      .type('text/javascript; charset=utf-8')
    const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? []
    if (known.includes(etag)) return await reply.code(304).send()
    if (request.encodings(['gzip']) === false) return await reply.send(body)
    return await reply.header('content-encoding', 'gzip').send(gzip)
  })
}

export default route
