import { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

/** For one process of several: another one serves meanwhile. */
const DRAIN_MS = 5_000
/** For the only one, whose stop people wait for. */
export const SHORT_DRAIN_MS = 250
const LOOK_AGAIN_MS = 50

/**
 * Makes every stop of this server quick without losing a request. A connection that is busy when the stop begins would stay open for as
 * long as its client likes, so its answer tells the client to open another one, elsewhere.
 * @returns how to drain it: takes no more connections, and resolves when none is left, or after that time. Only silent ones are left then;
 * closing them can at worst meet a request that has just been sent.
 */
export function prepareDrain (fastify: FastifyInstance): (milliseconds?: number) => Promise<void> {
  const { server } = fastify
  let isClosing = false
  fastify.addHook('preClose', async () => { isClosing = true })
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (isClosing) reply.header('connection', 'close')
    done()
  })

  const countConnections = async (): Promise<number> => await new Promise((resolve) => {
    server.getConnections((_error, count) => { resolve(count ?? 0) })
  })
  return async (milliseconds = DRAIN_MS) => {
    isClosing = true
    // Not the HTTP server's own close, which closes idle connections at once, a request on its way or not.
    Server.prototype.close.call(server)
    const deadline = AbortSignal.timeout(milliseconds)
    while (!deadline.aborted && await countConnections() > 0) await sleep(LOOK_AGAIN_MS)
  }
}
