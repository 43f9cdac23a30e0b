import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { sentences } from '../../../src/platform/locales/index.ts'

const startSchema = {
  operationId: 'startTotp',
  summary: 'Set up an authenticator app: shows its secret, once',
  description:
    'Nothing changes until `/users/me/totp/confirm` receives a first code of it, within 15 minutes; an authenticator that is on stays ' +
    'on until then. Every call makes a fresh secret and forgets the previous one.',
  tags: ['Two-step verification'],
  response: {
    200: Type.Object({
      message: Type.String(),
      secret: Type.String({ description: 'Base32, to type where no QR code can be scanned.' }),
      otpauth: Type.String({ description: '`otpauth://totp/...`: the same for the app on this device.' }),
      qr: Type.String({ description: 'The same as a QR code: SVG text.' })
    })
  }
}

const removeSchema = {
  operationId: 'removeTotp',
  summary: 'Remove the authenticator app',
  description:
    'Removes its recovery codes too, and turns codes by mail on again. Ends all other sessions, running attempts and trusted ' +
    'devices, and mails the owner. 404 when none is set up.',
  tags: ['Two-step verification'],
  response: { 200: Type.Object({ message: Type.String() }) }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { authenticator } = fastify.flows

  fastify.post('/totp', { schema: startSchema, config: { access: 'recent' } }, async (request) => {
    const setup = await authenticator.start(fastify.requester(request), request.principal)
    return { message: sentences(request.principal.user.locale).messages.totpStarted, ...setup }
  })

  fastify.delete('/totp', { schema: removeSchema, config: { access: 'recent' } }, async (request) => {
    await authenticator.remove(fastify.requester(request), request.principal)
    return { message: sentences(request.principal.user.locale).messages.totpOff }
  })
}

export default route
