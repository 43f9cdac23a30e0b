import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Account } from '../src/accounts/accounts-store.ts'
import type { Method, Place } from '../src/challenges/challenge.ts'
import { now } from '../src/clock.ts'
import { Problem } from '../src/errors.ts'
import type { Outcome } from '../src/idempotency/once-store.ts'
import type { TokenAnswer } from '../src/schemas.ts'
import { makeRefreshToken } from '../src/sessions/refresh-token.ts'
import type { Amr, OpenSession } from '../src/sessions/session.ts'
import type { ProvenSession } from '../src/sessions/reauthentication-store.ts'
import type { SessionDraft } from '../src/sessions/sessions-store.ts'

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
    finishAttempt: (request: FastifyRequest, reply: FastifyReply, place: Place, typed: Typed) => Promise<TokenAnswer>
    /** Whose address and password these are; a wrong one is told to the account. @throws Problem CREDENTIALS_INVALID, CAPTCHA_REQUIRED, TOO_MANY_REQUESTS */
    provePassword: (request: FastifyRequest, given: { email: string, password: string, captcha?: string | undefined }) => Promise<{ account: Account, addressTag: string }>
    draftSession: (request: FastifyRequest, accountId: string, amr: Amr[], isFresh?: boolean) => SessionDraft
    /** Tokens and cookies of a session that a script has just opened. */
    grantSession: (request: FastifyRequest, reply: FastifyReply, draft: SessionDraft, opened: { user: Array<string | null>, isKnownDevice: boolean }) => Promise<TokenAnswer>
    /** The same once more, for a session that was just opened and not used since. @throws Problem CHALLENGE_INVALID */
    grantAgain: (reply: FastifyReply, outcome: Outcome) => Promise<TokenAnswer>
    /** A fresh access token of a session; no new refresh token. */
    answerAccess: (session: ProvenSession) => TokenAnswer
    /** Access token and refresh cookie of a session as it is now. */
    answerSession: (reply: FastifyReply, session: OpenSession) => TokenAnswer
  }
}

const DEVICE_LIFE_SECONDS = 365 * 86_400

/** The way from a first step to a session, shared by every route that takes it. */
export default fp(async (fastify) => {
  const { challenges, registrations, sessions } = fastify

  fastify.decorate('finishAttempt', async (request, reply, place, typed) => {
    fastify.requireWellFormed(request, typed.method, typed.otp)
    return await fastify.checked(request, place, typed.method, async () => {
      if (place.purpose === 'login') return await finishLogin(request, reply, place, typed)
      if (place.purpose === 'sign-up' && typed.method === 'email') return await finishSignUp(request, reply, place, typed)
      throw new Problem('CHALLENGE_INVALID')
    })
  })

  async function finishLogin (request: FastifyRequest, reply: FastifyReply, place: Place, { otp, method, addressTag }: Typed): Promise<TokenAnswer> {
    const draft = fastify.draftSession(request, place.home, ['pwd', 'otp'])
    const proof = await fastify.makeProof(place.home, place.attemptId, method, otp)
    const opened = await challenges.verifyLogin({ place, addressTag, method, proof }, fastify.clientOf(request), draft)
    return await fastify.grantSession(request, reply, draft, opened)
  }

  async function finishSignUp (request: FastifyRequest, reply: FastifyReply, place: Place, { otp, addressTag }: Typed): Promise<TokenAnswer> {
    const proven = await registrations.prove(place, otp, addressTag)
    const draft = fastify.draftSession(request, proven.accountId, ['pwd', 'otp'])
    const user = await registrations.complete(place, proven, fastify.clientOf(request), draft)
    return await fastify.grantSession(request, reply, draft, { user, isKnownDevice: true })
  }

  fastify.decorate('provePassword', async (request, { email, password, captcha }) => {
    const deviceToken = fastify.readCookie(request, 'device')
    const { account, addressTag, holderId } = await fastify.checkPassword({ email, password, source: fastify.sourceOf(request), deviceToken, captcha })
    if (account) return { account, addressTag }
    fastify.meters.login('wrong_password')
    await fastify.tellActivity(request, holderId, 'password', 'wrong', 'pwd')
    throw new Problem('CREDENTIALS_INVALID')
  })

  fastify.decorate('draftSession', (request, accountId, amr, isFresh) => {
    const { turn } = request
    const draft = sessions.draft(accountId, amr, fastify.clientOf(request), fastify.readCookie(request, 'device'), isFresh, turn?.newId('session'))
    return { ...draft, once: turn?.mark({ accountId, sid: draft.sid }) }
  })

  fastify.decorate('grantAgain', async (reply, { accountId = '', sid = '' }) => {
    const opened = await sessions.reopen(accountId, sid)
    if (!opened) throw new Problem('CHALLENGE_INVALID')
    fastify.clearCookie(reply, 'pending')
    fastify.writeCookie(reply, 'device', opened.deviceToken, DEVICE_LIFE_SECONDS)
    return fastify.answerSession(reply, opened.session)
  })

  fastify.decorate('grantSession', async (request, reply, draft, { user, isKnownDevice }) => {
    fastify.meters.login('signed_in')
    const session = draft.toSession(user, now())
    fastify.clearCookie(reply, 'pending')
    fastify.writeCookie(reply, 'device', draft.deviceToken, DEVICE_LIFE_SECONDS)
    if (!isKnownDevice) {
      await fastify.mailer.notify({ kind: 'notice', notice: 'newDevice', accountId: session.user.id, client: fastify.clientOf(request), at: now() })
    }
    return fastify.answerSession(reply, session)
  })

  fastify.decorate('answerSession', (reply, session) => {
    const { user, sid, generation, idleSeconds } = session
    fastify.writeCookie(reply, 'refresh', makeRefreshToken(fastify.keyring, { accountId: user.id, sid, generation }), idleSeconds)
    return fastify.answerAccess(session)
  })

  fastify.decorate('answerAccess', (session) => (
    { accessToken: fastify.signAccess(session), tokenType: 'Bearer', expiresIn: fastify.config.accessTokenTtlSeconds, user: session.user }
  ))
}, { name: 'sign-in', dependencies: ['second-step', 'code-checks', 'sessions', 'second-factors', 'once'] })
