import { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fp from 'fastify-plugin'

const DRAIN_MS = 5_000
const LOOK_AGAIN_MS = 50

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Takes no more connections and ends each of those that are open with its next answer. Resolves when none is left, or after
     * 5 seconds: then only silent ones are left, and to close them can at worst meet a request that has just been sent.
     */
    drain: () => Promise<void>
  }
}

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

  fastify.decorate('drain', async () => {
    isClosing = true
    // Not the HTTP server's own close, which closes idle connections at once, a request on its way or not.
    Server.prototype.close.call(fastify.server)
    const deadline = AbortSignal.timeout(DRAIN_MS)
    while (!deadline.aborted && await connections() > 0) await sleep(LOOK_AGAIN_MS)
  })

  const connections = async (): Promise<number> => await new Promise((resolve) => {
    fastify.server.getConnections((_error, count) => { resolve(count ?? 0) })
  })
}, { name: 'closing' })
