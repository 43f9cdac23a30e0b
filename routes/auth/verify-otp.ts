import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { Problem } from '../../src/errors.ts'
import { sentences } from '../../src/locales/index.ts'
import { Body, Email, Otp, security, TokenSchema } from '../../src/schemas.ts'

const schema = (codeLength: number) => ({
  summary: 'Give the mailed code: signs in',
  description: 'Finishes the sign-up or the login that the pending token (Bearer, else cookie `pending`) belongs to.',
  tags: ['Sign-up and login'],
  security: security.pending,
  body: Body({ otp: Otp(codeLength), method: Type.Optional(Type.Literal('email')), email: Type.Optional(Email) }),
  response: { 200: Type.Object({ success: Type.Literal(true), message: Type.String(), ...TokenSchema.properties }) }
})

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  fastify.post('/verify-otp', { schema: schema(fastify.config.codeLength), preHandler: fastify.requirePending }, async (request, reply) => {
    const { otp, email } = request.body
    const place = request.pending
    if (!place) throw new Problem('TOKEN_MISSING')
    const addressTag = email === undefined ? '' : await fastify.addressTags.of(email)
    const tokens = await fastify.finishAttempt(request, reply, place, otp, addressTag)
    const { messages } = sentences(tokens.user.locale)
    return { success: true as const, message: place.purpose === 'sign-up' ? messages.emailConfirmed : messages.signedIn, ...tokens }
  })
}

export default route
