import fp from 'fastify-plugin'

/**
 * Lets a stop be quick and lose nobody: the server waits for its connections, and one that was busy when the stop began would stay
 * open for as long as its client likes, so its answer tells the client to open another one, elsewhere.
 */
export default fp(async (fastify) => {
  let isClosing = false
  fastify.addHook('preClose', async () => { isClosing = true })
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    done()
  })
}, { name: 'closing' })
