import fp from 'fastify-plugin'
import { describeDevice } from '../src/sessions/device.ts'
import type { Client } from '../src/sessions/session.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Who asks, in words for mails and lists: address and device. */
    clientOf: (request: FastifyRequest) => Client
  }
}

export default fp(async (fastify) => {
  fastify.decorate('clientOf', (request) => ({ ip: request.ip, device: describeDevice(request.headers['user-agent']) }))
}, { name: 'client' })
