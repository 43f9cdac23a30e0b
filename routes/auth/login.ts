import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { canonicalAddress } from '../../src/records/accounts/address.ts'
import { Problem } from '../../src/errors.ts'
import { sentences } from '../../src/platform/locales/index.ts'
import { AnyOtp, Body, Captcha, Email, MethodName, Password, SecondStepSchema, TokenSchema } from '../../src/schemas.ts'
import { methodFor } from '../../src/records/second-factors/methods.ts'

const schema = {
  summary: 'Log in: password, then a second step',
  description: 'Answers a challenge (`twoFactorRequired: true`) and mails a code, or the tokens at once where the account has no second step or trusts this browser (cookie `trusted`). With `token` it finishes the login that this browser started.',
  tags: ['Sign-up and login'],
  body: Body({ email: Email, password: Password, token: Type.Optional(AnyOtp), method: Type.Optional(MethodName), captcha: Type.Optional(Captcha) }),
  response: {
    200: Type.Union([
      SecondStepSchema,
      Type.Object({ twoFactorRequired: Type.Literal(false), message: Type.String(), ...TokenSchema.properties }, { title: 'SignedIn' })
    ])
  }
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { config, sessions } = fastify

  fastify.post('/login', { schema, config: { public: true, worksOnPasswords: true, rateLimit: fastify.sourceLimits.login } }, async (request, reply) => {
    const { password, token, method, captcha } = request.body
    const email = canonicalAddress(request.body.email)
    const { account, addressTag } = await fastify.provePassword(request, { email, password, captcha })
    const { messages } = sentences(account.locale)

    if (token !== undefined) {
      const challenge = fastify.pendingOf(request)
      if (challenge?.purpose !== 'login' || challenge.ownerKey !== account.id) throw new Problem('CHALLENGE_INVALID')
      const typed = { otp: token, method: method ?? methodFor(challenge, token), addressTag }
      const tokens = await fastify.finishAttempt(request, reply, challenge, typed)
      return { twoFactorRequired: false as const, message: messages.signedIn, ...tokens }
    }

    if (!account.isTwoFactorEnabled && !config.twoFactorRequired) {
      const draft = fastify.draftSession(request, account.id, ['pwd'])
      const opened = await sessions.open(account.id, account.credentialVersion, draft)
      if (!opened) throw new Problem('CREDENTIALS_INVALID')
      const tokens = await fastify.grantSession(request, reply, draft, opened)
      return { twoFactorRequired: false as const, message: messages.signedIn, ...tokens }
    }

    const trusted = await fastify.signInTrusted(request, reply, account)
    if (trusted) return { twoFactorRequired: false as const, message: messages.signedIn, ...trusted }

    return await fastify.askSecondStep(request, reply, { account, addressTag, purpose: 'login', event: 'password' })
  })
}

export default route
