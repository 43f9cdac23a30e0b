import fp from 'fastify-plugin'
import { Problem } from '../src/errors.ts'
import { describeDevice } from '../src/records/sessions/device.ts'
import type { Client } from '../src/records/activity/actor.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Who asks, in words for mails and lists: address and device. */
    clientOf: (request: FastifyRequest) => Client
  }
}

export default fp(async (fastify) => {
  // Node keeps the address once it was asked for it, and cannot tell that of a connection that has gone meanwhile: who closes the page
  // right after signing out is signed out all the same.
  fastify.addHook('onRequest', (request, _reply, done) => {
    done(request.socket.remoteAddress === undefined ? new Problem('VALIDATION_FAILED') : undefined)
  })
  fastify.decorate('clientOf', (request) => ({ ip: request.ip, device: describeDevice(request.headers['user-agent']) }))
}, { name: 'client' })
