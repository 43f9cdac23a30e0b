import fp from 'fastify-plugin'
import type { Static } from '@sinclair/typebox'
import type { SecondFactor } from '../src/accounts/account.ts'
import type { Account } from '../src/accounts/accounts-store.ts'
import type { EventName } from '../src/activity/activity.ts'
import { isWithAccount, type Method, type Place, type Purpose, toMinutes } from '../src/challenges/challenge.ts'
import { codeLifeMs } from '../src/challenges/rules.ts'
import { now } from '../src/clock.ts'
import { Problem } from '../src/errors.ts'
import { sentences } from '../src/locales/index.ts'
import type { SecondStepSchema } from '../src/schemas.ts'
import { firstChannel, isWellFormed, maskDestination, methodsOf } from '../src/second-factors/methods.ts'

interface PendingAnswer { pendingToken: string, ttlMinutes: number, resendAfterSeconds: number }

interface Asked {
  account: Account
  addressTag: string
  purpose: 'login' | 'reauth'
  event: EventName
  attemptId?: string
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Opens an attempt for the second step of this account, mails a code where that is the first way, and answers the challenge. */
    askSecondStep: (request: FastifyRequest, reply: FastifyReply, asked: Asked) => Promise<Static<typeof SecondStepSchema>>
    /** Hands an attempt to this browser; unless it has no code yet, its code goes into the outbox first. */
    startAttempt: (reply: FastifyReply, place: Place, method?: Method, isCodeSent?: boolean) => Promise<PendingAnswer>
    /** Hands a running attempt to this browser again; nothing is mailed. @throws Problem CHALLENGE_INVALID */
    resumeAttempt: (reply: FastifyReply, place: Place) => Promise<PendingAnswer>
    /** Judges what was typed into an attempt, logs the check, and tells the owner when the last guess was wrong. */
    checked: <Result>(request: FastifyRequest, place: Place, method: Method, judge: () => Promise<Result>) => Promise<Result>
    /** How an attempt can be finished here and now: a number is of no use while the operator has no webhook. */
    usableMethods: (factors: SecondFactor[]) => Method[]
    /**
     * The signed-in person's own running attempt, by a token from the body, else from the cookie: the Bearer is the access token.
     * @throws Problem TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, CHALLENGE_INVALID (of another person or for something else)
     */
    ownAttempt: (request: FastifyRequest, purpose: Purpose, pendingToken: string | undefined) => Place
    /** @throws Problem VALIDATION_FAILED for what this method can never have made; it costs no guess */
    requireWellFormed: (request: FastifyRequest, method: Method, otp: string) => void
  }
}

/** Attempts that wait for a second step: opened, handed out, judged. */
export default fp(async (fastify) => {
  const { challenges, challengeRules, meters } = fastify

  fastify.decorate('askSecondStep', async (request, reply, { account, addressTag, purpose, event, attemptId }) => {
    const methods = fastify.usableMethods(account.secondFactors)
    const [method = 'email'] = methods
    const channel = firstChannel(account.secondFactors)
    const place = await challenges.open({
      purpose, account, addressTag, channel, event, client: fastify.clientOf(request), ...(attemptId ? { attemptId } : {})
    })
    const attempt = await fastify.startAttempt(reply, place, method, channel !== null)
    if (purpose === 'login') meters.login('second_step')
    const { messages } = sentences(account.locale)
    const destination = maskDestination(channel, account.email, account.phone)
    const message = channel ? messages.codeSentLogin(destination) : messages.useAuthenticator
    return { twoFactorRequired: true as const, message, method, methods, destination, ...attempt }
  })

  fastify.decorate('startAttempt', async (reply, place, method = 'email', isCodeSent = true) => {
    const { purpose, home, attemptId } = place
    if (isCodeSent) await fastify.mailer.send({ kind: 'code', purpose, home, attemptId, mailNo: 1 })
    const { token, lifeSeconds } = fastify.signPending(place, method)
    fastify.writeCookie(reply, 'pending', token, lifeSeconds)
    return {
      pendingToken: token,
      ttlMinutes: toMinutes(codeLifeMs(challengeRules, purpose)),
      resendAfterSeconds: isCodeSent ? Math.ceil(challengeRules.resendIntervalMs / 1000) : 0
    }
  })

  fastify.decorate('resumeAttempt', async (reply, place) => {
    const view = await challenges.look(place)
    if (!view) throw new Problem('CHALLENGE_INVALID')
    const { token, lifeSeconds } = fastify.signPending(place, 'email')
    fastify.writeCookie(reply, 'pending', token, lifeSeconds)
    return { pendingToken: token, ttlMinutes: toMinutes(view.codeLeftMs), resendAfterSeconds: Math.ceil(view.resendLeftMs / 1000) }
  })

  fastify.decorate('usableMethods', (factors) => methodsOf(factors.filter((factor) => factor !== 'sms' || fastify.config.otpWebhook)))

  fastify.decorate('ownAttempt', (request, purpose, pendingToken) => {
    const token = pendingToken ?? fastify.readCookie(request, 'pending')
    if (!token) throw new Problem('TOKEN_MISSING')
    const place = fastify.readPending(token)
    if (place.purpose !== purpose || place.home !== fastify.accessOf(request).user.id) throw new Problem('CHALLENGE_INVALID')
    return place
  })

  fastify.decorate('requireWellFormed', (request, method, otp) => {
    if (!isWellFormed(method, otp, challengeRules.codeLength)) throw fastify.invalidField(request, '/otp')
  })

  fastify.decorate('checked', async (request, place, method, judge) => {
    const log = (result: string): void => request.log.info(
      { event: 'otp.checked', purpose: place.purpose, method, result, attempt: place.attemptId, ...fastify.clientOf(request) }, 'a code was checked')
    try {
      const result = await judge()
      log('OK')
      meters.code(place.purpose, 'used')
      if (method === 'recovery_code') {
        await fastify.mailer.notify({ kind: 'notice', notice: 'recoveryCodeUsed', accountId: place.home, client: fastify.clientOf(request), at: now() })
      }
      return result
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      log(error.code)
      if (error.code === 'OTP_INVALID') meters.code(place.purpose, 'wrong')
      if (error.code === 'OTP_EXPIRED') meters.code(place.purpose, 'expired')
      if (error.code === 'OTP_INVALID' && place.purpose === 'login') meters.login('wrong_code')
      const { attemptsLeft, isBudgetSpent } = error.facts
      if (isWithAccount(place) && (attemptsLeft === 0 || isBudgetSpent)) {
        await fastify.mailer.notify({ kind: 'notice', notice: isBudgetSpent ? 'codesLocked' : 'wrongCodes', accountId: place.home, client: fastify.clientOf(request), at: now() })
      }
      throw error
    }
  })
}, { name: 'second-step', dependencies: ['challenges', 'mailer', 'jwt', 'cookies', 'client', 'problems', 'access'] })
