import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { bearerOf } from '../../src/platform/http/request-parsing.ts'
import { sentences } from '../../src/platform/locales/index.ts'
import {
  AnyOtp, Body, Captcha, CodeMethodName, Email, optionalSecurity, Password, secondStepAnswer, SecondStepSchema, TimeZone, TokenSchema
} from '../../src/schemas.ts'

const schema = {
  operationId: 'login',
  summary: 'Sign in: the password, then a code',
  description:
    'Answers a challenge (`twoFactorRequired: true`) and mails a code, or the tokens at once if the account has no second step or ' +
    'trusts this browser (cookie `trusted`). With `token` it finishes the login that this browser started.',
  tags: ['Sign-up and sign-in'],
  security: optionalSecurity.pending,
  body: Body({
    email: Email,
    password: Password,
    token: Type.Optional(AnyOtp),
    method: Type.Optional(CodeMethodName),
    timeZone: Type.Optional(TimeZone),
    captcha: Type.Optional(Captcha)
  }),
  response: {
    200: Type.Union([
      SecondStepSchema,
      Type.Object({ twoFactorRequired: Type.Literal(false), message: Type.String(), ...TokenSchema.properties }, { title: 'SignedIn' })
    ])
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { cookies, flows } = fastify

  fastify.post('/login', { schema, config: { access: 'public', limit: 'login', worksOnPasswords: true } }, async (request, reply) => {
    const { email, password, token, method, captcha } = request.body
    const pendingToken = bearerOf(request) ?? cookies.read(request, 'pending')
    const result = await flows.login.login(fastify.requester(request), { email, password, token, method, captcha, pendingToken })

    if (result.kind === 'signed-in') {
      const { messages } = sentences(result.grant.user.locale)
      return { twoFactorRequired: false as const, message: messages.signedIn, ...cookies.keepSession(reply, result.grant, result.trusted) }
    }
    if (result.isTrustForgotten) cookies.clear(reply, 'trusted')
    cookies.keepChallenge(reply, result.challenge)
    return secondStepAnswer(result.challenge, result.account.locale)
  })
}

export default route
