import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import { Problem } from '../../src/errors.ts'
import { sentences } from '../../src/platform/locales/index.ts'
import type { Notice } from '../../src/flows/mail-jobs.ts'
import { MIN_PASSWORD_LENGTH } from '../../src/platform/passwords/policy.ts'
import { Body, LocaleName, Name, IdempotencyHeaders, SecondStepSchema, security, UserSchema } from '../../src/schemas.ts'

const schema = {
  summary: 'Change the profile, or the switches of the second step',
  description: 'The switches need a recent proof, both ways. Switching the second step on ends every session without one and mails the first code at once (`challenge`, cookie `pending`); off is refused where the operator requires it, for admins, and while the password is shorter than 15 characters. The e-mail code can be switched off only beside an authenticator.',
  tags: ['Account'],
  security: security.access,
  params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
  headers: IdempotencyHeaders,
  body: Body({
    name: Type.Optional(Name),
    locale: Type.Optional(LocaleName),
    isTwoFactorEnabled: Type.Optional(Type.Boolean()),
    isEmailCodeEnabled: Type.Optional(Type.Boolean())
  }),
  response: { 200: Type.Object({ user: UserSchema, challenge: Type.Optional(SecondStepSchema) }) }
}

const NOTICES: Partial<Record<string, Notice>> = {
  two_factor_on: 'twoFactorOn', two_factor_off: 'twoFactorOff', email_code_on: 'emailCodeOn', email_code_off: 'emailCodeOff'
}

const route: FastifyPluginAsyncTypebox = async (fastify) => {
  const { accounts, addressTags, config, credentials } = fastify

  fastify.patch('/:id', { schema, preHandler: fastify.requireTwoFactor }, async (request, reply) => {
    const { user: before, sid } = fastify.accessOf(request)
    const { id } = request.params
    if (id !== 'me' && id !== before.id) throw new Problem('NOT_FOUND')
    const { name, ...change } = request.body
    if (change.isTwoFactorEnabled !== undefined || change.isEmailCodeEnabled !== undefined) fastify.requireRecentProof(request)

    return await fastify.once(request, { owner: { accountId: before.id }, binding: sid }, apply, async () => ({ user: before }))

    async function apply () {
      const { user, livesOn, event } = await credentials.change({ accountId: before.id, sid, client: fastify.clientOf(request) },
        { ...change, name: name?.trim(), isTwoFactorRequired: config.twoFactorRequired }, request.turn?.record({}))
        .catch((error: unknown) => { throw explain(error) })
      const notice = NOTICES[event]
      if (notice) await fastify.notifyOwner(request, user.id, notice)
      if (!livesOn) fastify.clearSession(reply)
      if (event !== 'two_factor_on') return { user }

      const addressTag = await addressTags.of(user.email)
      const account = await accounts.findByAddress(user.id, addressTag)
      if (!account) return { user }
      // The switch is done: no code to send now (a budget is spent) is no reason to call it refused. The next login asks again.
      const challenge = await fastify.askSecondStep(request, reply, { account, addressTag, purpose: 'login', event: '' })
        .catch((error: unknown) => { if (!(error instanceof Problem)) throw error })
      return challenge ? { user, challenge } : { user }
    }

    function explain (error: unknown): unknown {
      if (!(error instanceof Problem) || error.code !== 'PASSWORD_WEAK') return error
      const { validation } = sentences(before.locale)
      return new Problem('PASSWORD_WEAK', { errors: [{ path: '/isTwoFactorEnabled', message: validation.passwordTooShort(MIN_PASSWORD_LENGTH.alone) }] })
    }
  })
}

export default route
