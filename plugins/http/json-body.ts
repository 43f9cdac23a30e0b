import fp from 'fastify-plugin'

/** JSON only. An empty body with a JSON content type is fine where a route needs none. */
export default fp(async (fastify) => {
  const parse = fastify.getDefaultJsonParser('error', 'error')
  fastify.removeAllContentTypeParsers()
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : parse(request, body.toString(), done))
}, { name: 'json-body' })
