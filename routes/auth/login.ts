import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { canonicalAddress, maskAddress } from '../../src/accounts/address.ts'
import { Problem } from '../../src/errors.ts'
import { sentences } from '../../src/locales/index.ts'
import { Body, ChallengeSchema, Email, Otp, Password, TokenSchema } from '../../src/schemas.ts'

const schema = (codeLength: number) => ({
  summary: 'Log in: password, then a code',
  description: 'Answers a challenge (`twoFactorRequired: true`) and mails a code, or the tokens at once where the account has no second step. With `token` it finishes the login that this browser started.',
  tags: ['Sign-up and login'],
  body: Body({ email: Email, password: Password, token: Type.Optional(Otp(codeLength)) }),
  response: {
    200: Type.Union([
      Type.Object({
        twoFactorRequired: Type.Literal(true),
        method: Type.String(),
        methods: Type.Array(Type.String()),
        destination: Type.String({ description: 'Masked.' }),
        ...ChallengeSchema.properties
      }, { title: 'Challenge' }),
      Type.Object({ twoFactorRequired: Type.Literal(false), message: Type.String(), ...TokenSchema.properties }, { title: 'SignedIn' })
    ])
  }
})

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { challenges, config, sessions } = fastify

  fastify.post('/login', { schema: schema(config.codeLength), config: { public: true, rateLimit: fastify.sourceLimits.login } }, async (request, reply) => {
    const { password, token } = request.body
    const email = canonicalAddress(request.body.email)
    const { account, addressTag } = await fastify.checkPassword({
      email,
      password,
      source: fastify.sourceOf(request),
      deviceToken: fastify.readCookie(request, 'device')
    })
    const { messages } = sentences(account.locale)

    if (token !== undefined) {
      const place = fastify.pendingOf(request)
      if (place?.purpose !== 'login' || place.home !== account.id) throw new Problem('CHALLENGE_INVALID')
      const tokens = await fastify.finishAttempt(request, reply, place, token, addressTag)
      return { twoFactorRequired: false as const, message: messages.signedIn, ...tokens }
    }

    if (!account.isTwoFactorEnabled && !config.twoFactorRequired) {
      const draft = fastify.draftSession(request, account.id, ['pwd'])
      const opened = await sessions.open(account.id, account.credentialVersion, draft)
      if (!opened) throw new Problem('CREDENTIALS_INVALID')
      const tokens = await fastify.grantSession(request, reply, draft, opened)
      return { twoFactorRequired: false as const, message: messages.signedIn, ...tokens }
    }

    const place = await challenges.openLogin(account, addressTag, fastify.clientOf(request))
    const attempt = await fastify.startAttempt(reply, place)
    const destination = maskAddress(email)
    return { twoFactorRequired: true as const, message: messages.codeSentLogin(destination), method: 'email', methods: ['email'], destination, ...attempt }
  })
}

export default route
