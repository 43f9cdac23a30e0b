import type { FastifyPluginAsync } from 'fastify'

const open = { config: { access: 'public' }, schema: { hide: true } } as const

/** The library makes the document anew for every request: whoever asks a thousand times in one breath would hold up everybody else. */
const route: FastifyPluginAsync = async (fastify) => {
  let json: Buffer | undefined
  let yaml: Buffer | undefined

  fastify.get('/json', open, async (_request, reply) => {
    json ??= Buffer.from(JSON.stringify(fastify.swagger()))
    return await reply.type('application/json; charset=utf-8').send(json)
  })

  fastify.get('/yaml', open, async (_request, reply) => {
    yaml ??= Buffer.from(fastify.swagger({ yaml: true }))
    return await reply.type('application/x-yaml').send(yaml)
  })
}

export default route
