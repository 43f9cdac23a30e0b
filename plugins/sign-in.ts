import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Place, toMinutes } from '../src/challenges/challenge.ts'
import { codeLifeMs } from '../src/challenges/challenges-store.ts'
import { now } from '../src/clock.ts'
import { Problem } from '../src/errors.ts'
import type { TokenAnswer } from '../src/schemas.ts'
import { makeRefreshToken } from '../src/sessions/refresh-token.ts'
import type { Amr, OpenSession } from '../src/sessions/session.ts'
import type { SessionDraft } from '../src/sessions/sessions-store.ts'

interface PendingAnswer { pendingToken: string, ttlMinutes: number, resendAfterSeconds: number }

declare module 'fastify' {
  interface FastifyInstance {
    /** Puts the code of a fresh attempt into the outbox and hands the attempt to this browser. */
    startAttempt: (reply: FastifyReply, place: Place) => Promise<PendingAnswer>
    /** Judges a typed code; a right one signs in. @throws Problem CHALLENGE_INVALID, OTP_* */
    finishAttempt: (request: FastifyRequest, reply: FastifyReply, place: Place, typed: string, addressTag: string) => Promise<TokenAnswer>
    draftSession: (request: FastifyRequest, accountId: string, amr: Amr[]) => SessionDraft
    /** Tokens and cookies of a session that a script has just opened. */
    grantSession: (request: FastifyRequest, reply: FastifyReply, draft: SessionDraft, opened: { user: Array<string | null>, isKnownDevice: boolean }) => Promise<TokenAnswer>
    /** Access token and refresh cookie of a session as it is now. */
    answerSession: (reply: FastifyReply, session: OpenSession) => TokenAnswer
  }
}

const DEVICE_LIFE_SECONDS = 365 * 86_400

/** The way from a first step to a session, shared by every route that takes it. */
export default fp(async (fastify) => {
  const { challenges, registrations, sessions, challengeRules } = fastify

  fastify.decorate('startAttempt', async (reply, place) => {
    await fastify.mailer.send({ kind: 'code', ...place, mailNo: 1 })
    const { token, lifeSeconds } = fastify.signPending(place)
    fastify.writeCookie(reply, 'pending', token, lifeSeconds)
    return {
      pendingToken: token,
      ttlMinutes: toMinutes(codeLifeMs(challengeRules, place.purpose)),
      resendAfterSeconds: Math.ceil(challengeRules.resendIntervalMs / 1000)
    }
  })

  fastify.decorate('finishAttempt', async (request, reply, place, typed, addressTag) => {
    try {
      const answer = place.purpose === 'login'
        ? await finishLogin(request, reply, place, typed, addressTag)
        : await finishSignUp(request, reply, place, typed, addressTag)
      logCheck(request, place, 'OK')
      return answer
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      logCheck(request, place, error.code)
      if (place.purpose === 'login' && error.code === 'OTP_INVALID' && error.facts.attemptsLeft === 0) {
        await fastify.mailer.notify({ kind: 'notice', notice: 'wrongCodes', accountId: place.home, client: fastify.clientOf(request), at: now() })
      }
      throw error
    }
  })

  async function finishLogin (request: FastifyRequest, reply: FastifyReply, place: Place, typed: string, addressTag: string): Promise<TokenAnswer> {
    const draft = fastify.draftSession(request, place.home, ['pwd', 'otp'])
    const opened = await challenges.verifyLogin(place, typed, addressTag, draft)
    return await fastify.grantSession(request, reply, draft, opened)
  }

  async function finishSignUp (request: FastifyRequest, reply: FastifyReply, place: Place, typed: string, addressTag: string): Promise<TokenAnswer> {
    const proven = await registrations.prove(place, typed, addressTag)
    const draft = fastify.draftSession(request, proven.accountId, ['pwd', 'otp'])
    const user = await registrations.complete(proven, draft)
    return await fastify.grantSession(request, reply, draft, { user, isKnownDevice: true })
  }

  fastify.decorate('draftSession', (request, accountId, amr) =>
    sessions.draft(accountId, amr, fastify.clientOf(request), fastify.readCookie(request, 'device')))

  fastify.decorate('grantSession', async (request, reply, draft, { user, isKnownDevice }) => {
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
    return { accessToken: fastify.signAccess(session), tokenType: 'Bearer', expiresIn: fastify.config.accessTokenTtlSeconds, user }
  })

  function logCheck (request: FastifyRequest, place: Place, result: string): void {
    request.log.info({ event: 'otp.checked', purpose: place.purpose, method: 'email', result, attempt: place.attemptId, ...fastify.clientOf(request) }, 'a code was checked')
  }
}, { name: 'sign-in', dependencies: ['challenges', 'sessions', 'mailer', 'jwt', 'cookies', 'client'] })
