import fp from 'fastify-plugin'
import type { Static } from '@sinclair/typebox'
import type { SecondFactor } from '../src/records/accounts/account.ts'
import type { Account } from '../src/records/accounts/accounts-store.ts'
import { type ChallengeRef, codeLifeMs, type Method, type Purpose, toMinutes } from '../src/records/challenges/challenge.ts'
import type { NewAttempt } from '../src/records/challenges/challenges-store.ts'
import { Problem } from '../src/errors.ts'
import { sentences } from '../src/platform/locales/index.ts'
import type { SecondStepSchema } from '../src/schemas.ts'
import { firstChannel, maskDestination, methodsOf } from '../src/records/second-factors/methods.ts'

interface PendingAnswer { pendingToken: string, ttlMinutes: number, resendAfterSeconds: number }

interface Asked {
  account: Account
  addressTag: string
  purpose: 'login' | 'reauth'
  event: NewAttempt['event']
  attemptId?: string
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Opens an attempt for the second step of this account, mails a code where that is the first way, and answers the challenge. */
    askSecondStep: (request: FastifyRequest, reply: FastifyReply, asked: Asked) => Promise<Static<typeof SecondStepSchema>>
    /** Hands an attempt to this browser; unless it has no code yet, its code goes into the outbox first. */
    startAttempt: (reply: FastifyReply, challenge: ChallengeRef, method?: Method, isCodeSent?: boolean) => Promise<PendingAnswer>
    /** Hands a running attempt to this browser again; nothing is mailed. @throws Problem CHALLENGE_INVALID */
    resumeAttempt: (reply: FastifyReply, challenge: ChallengeRef) => Promise<PendingAnswer>
    /** How an attempt can be finished here and now: a number is of no use while the operator has no webhook. */
    usableMethods: (factors: SecondFactor[]) => Method[]
    /**
     * The signed-in person's own running attempt, by a token from the body, else from the cookie: the Bearer is the access token.
     * @throws Problem TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, CHALLENGE_INVALID (of another person or for something else)
     */
    ownAttempt: (request: FastifyRequest, purpose: Purpose, pendingToken: string | undefined) => ChallengeRef
  }
}

/** Attempts that wait for a second step: opened and handed out. */
export default fp(async (fastify) => {
  const { challenges, challengeRules, metrics } = fastify

  fastify.decorate('askSecondStep', async (request, reply, { account, addressTag, purpose, event, attemptId }) => {
    const methods = fastify.usableMethods(account.secondFactors)
    const [method = 'email'] = methods
    const channel = firstChannel(account.secondFactors)
    const challenge = await challenges.open({
      purpose, account, addressTag, channel, event, client: fastify.clientOf(request), ...(attemptId ? { attemptId } : {})
    })
    const attempt = await fastify.startAttempt(reply, challenge, method, channel !== null)
    if (purpose === 'login') metrics.login('second_step')
    const { messages } = sentences(account.locale)
    const destination = maskDestination(channel, account.email, account.phone)
    const message = channel ? messages.codeSentLogin(destination) : messages.useAuthenticator
    return { twoFactorRequired: true as const, message, method, methods, destination, ...attempt }
  })

  fastify.decorate('startAttempt', async (reply, challenge, method = 'email', isCodeSent = true) => {
    const { purpose, ownerKey, attemptId } = challenge
    if (isCodeSent) await fastify.mailer.send({ kind: 'code', purpose, ownerKey, attemptId, mailNo: 1 })
    const { token, lifeSeconds } = fastify.signPending(challenge, method)
    fastify.writeCookie(reply, 'pending', token, lifeSeconds)
    return {
      pendingToken: token,
      ttlMinutes: toMinutes(codeLifeMs(challengeRules, purpose)),
      resendAfterSeconds: isCodeSent ? Math.ceil(challengeRules.resendIntervalMs / 1000) : 0
    }
  })

  fastify.decorate('resumeAttempt', async (reply, challenge) => {
    const view = await challenges.find(challenge)
    if (!view) throw new Problem('CHALLENGE_INVALID')
    const { token, lifeSeconds } = fastify.signPending(challenge, 'email')
    fastify.writeCookie(reply, 'pending', token, lifeSeconds)
    return { pendingToken: token, ttlMinutes: toMinutes(view.codeLeftMs), resendAfterSeconds: Math.ceil(view.resendLeftMs / 1000) }
  })

  fastify.decorate('usableMethods', (factors) => methodsOf(factors.filter((factor) => factor !== 'sms' || fastify.config.otpWebhook)))

  fastify.decorate('ownAttempt', (request, purpose, pendingToken) => {
    const token = pendingToken ?? fastify.readCookie(request, 'pending')
    if (!token) throw new Problem('TOKEN_MISSING')
    const challenge = fastify.readPending(token)
    if (challenge.purpose !== purpose || challenge.ownerKey !== fastify.accessOf(request).user.id) throw new Problem('CHALLENGE_INVALID')
    return challenge
  })
}, { name: 'second-step', dependencies: ['challenges', 'mailer', 'tokens', 'cookies', 'client', 'access'] })
