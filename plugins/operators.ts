import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest, preHandlerAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { isLoopback } from '../src/platform/config/hosts.ts'
import { Problem } from '../src/errors.ts'
import { hashToken } from '../src/platform/ids.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Somebody on this machine, or who brings METRICS_TOKEN. */
    requireOperator: preHandlerAsyncHookHandler
  }
}

/** The gate of what only those may see who run this server. */
export default fp(async (fastify) => {
  const requireOperator: preHandlerAsyncHookHandler = async (request) => {
    const token = fastify.bearerOf(request)
    if (token === undefined && isLocal(request)) return
    if (token === undefined) throw new Problem('TOKEN_MISSING')
    const { metricsToken } = fastify.config
    if (metricsToken === null || !timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(hashToken(metricsToken)))) throw new Problem('TOKEN_INVALID')
  }
  fastify.decorate('requireOperator', requireOperator)
}, { name: 'operators', dependencies: ['callers'] })

/**
 * Whether the caller itself sits on this machine. A proxy here passes strangers on from a loopback address, so neither may it
 * have said for whom it asks, nor may the Host be a name that a page of another site could point here.
 */
function isLocal ({ ip, socket, headers, hostname }: FastifyRequest): boolean {
  const isForwarded = 'x-forwarded-for' in headers || 'forwarded' in headers || 'x-real-ip' in headers || 'via' in headers
  return !isForwarded && isLoopback(ip) && isLoopback(socket.remoteAddress ?? '') && isLoopback(hostname)
}
