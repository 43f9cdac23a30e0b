import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Account } from '../src/records/accounts/accounts-store.ts'
import type { Method, ChallengeRef } from '../src/records/challenges/challenge.ts'
import { Problem } from '../src/errors.ts'
import type { TokenAnswer } from '../src/schemas.ts'

/** What a person gave to finish an attempt. */
export interface Typed {
  otp: string
  method: Method
  /** What `email` must match; '' when it was not sent. */
  addressTag: string
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Judges a typed code of a login or sign-up; a right one signs in. @throws Problem CHALLENGE_INVALID, OTP_*, VALIDATION_FAILED */
    finishAttempt: (request: FastifyRequest, reply: FastifyReply, challenge: ChallengeRef, typed: Typed) => Promise<TokenAnswer>
    /** Whose address and password these are; a wrong one is told to the account. @throws Problem CREDENTIALS_INVALID, CAPTCHA_REQUIRED, TOO_MANY_REQUESTS */
    provePassword: (request: FastifyRequest, given: { email: string, password: string, captcha?: string | undefined }) => Promise<{ account: Account, addressTag: string }>
  }
}

/** The way from a first step to a session. */
export default fp(async (fastify) => {
  const { challenges, registrations } = fastify

  fastify.decorate('finishAttempt', async (request, reply, challenge, typed) => {
    fastify.requireWellFormed(request, typed.method, typed.otp)
    return await fastify.checked(request, challenge, typed.method, async () => {
      if (challenge.purpose === 'login') return await finishLogin(request, reply, challenge, typed)
      if (challenge.purpose === 'sign-up' && typed.method === 'email') return await finishSignUp(request, reply, challenge, typed)
      throw new Problem('CHALLENGE_INVALID')
    })
  })

  async function finishLogin (request: FastifyRequest, reply: FastifyReply, challenge: ChallengeRef, { otp, method, addressTag }: Typed): Promise<TokenAnswer> {
    const draft = fastify.draftSession(request, challenge.ownerKey, ['pwd', 'otp'])
    const proof = await fastify.makeProof(challenge.ownerKey, challenge.attemptId, method, otp)
    const opened = await challenges.verifyLogin({ challenge, addressTag, method, proof }, draft)
    return await fastify.grantSession(request, reply, draft, opened)
  }

  async function finishSignUp (request: FastifyRequest, reply: FastifyReply, challenge: ChallengeRef, { otp, addressTag }: Typed): Promise<TokenAnswer> {
    const proven = await registrations.verifyCode(challenge, otp, addressTag)
    const draft = fastify.draftSession(request, proven.accountId, ['pwd', 'otp'])
    const user = await registrations.complete(challenge, proven, draft)
    return await fastify.grantSession(request, reply, draft, { user, isKnownDevice: true })
  }

  fastify.decorate('provePassword', async (request, { email, password, captcha }) => {
    const deviceToken = fastify.readCookie(request, 'device')
    const { account, addressTag, holderId } = await fastify.checkPassword({ email, password, source: fastify.sourceOf(request), deviceToken, captcha })
    if (account) return { account, addressTag }
    fastify.metrics.login('wrong_password')
    await fastify.recordActivity(request, holderId, 'password', 'wrong', 'pwd')
    throw new Problem('CREDENTIALS_INVALID')
  })
}, { name: 'sign-in', dependencies: ['code-checks', 'session-grants', 'second-factors'] })
