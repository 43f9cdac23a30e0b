import fp from 'fastify-plugin'
import { isWithAccount, type Method, type ChallengeRef } from '../src/records/challenges/challenge.ts'
import { now } from '../src/platform/clock.ts'
import { Problem } from '../src/errors.ts'
import { isWellFormed } from '../src/records/second-factors/methods.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Judges what was typed into an attempt, logs the check, and tells the owner when the last guess was wrong. */
    checked: <Result>(request: FastifyRequest, challenge: ChallengeRef, method: Method, judge: () => Promise<Result>) => Promise<Result>
    /** @throws Problem VALIDATION_FAILED for what this method can never have made; it costs no guess */
    requireWellFormed: (request: FastifyRequest, method: Method, otp: string) => void
  }
}

/** What was typed into an attempt: looked at, judged, logged. */
export default fp(async (fastify) => {
  const { metrics } = fastify

  fastify.decorate('requireWellFormed', (request, method, otp) => {
    if (!isWellFormed(method, otp, fastify.challengeRules.codeLength)) throw fastify.invalidField(request, '/otp')
  })

  fastify.decorate('checked', async (request, challenge, method, judge) => {
    const log = (result: string): void => request.log.info(
      { event: 'otp.checked', purpose: challenge.purpose, method, result, attempt: challenge.attemptId, ...fastify.clientOf(request) }, 'a code was checked')
    try {
      const result = await judge()
      log('OK')
      metrics.code(challenge.purpose, 'used')
      if (method === 'recovery_code') {
        await fastify.mailer.notify({ kind: 'notice', notice: 'recoveryCodeUsed', accountId: challenge.ownerKey, client: fastify.clientOf(request), at: now() })
      }
      return result
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      log(error.code)
      if (error.code === 'OTP_INVALID') metrics.code(challenge.purpose, 'wrong')
      if (error.code === 'OTP_EXPIRED') metrics.code(challenge.purpose, 'expired')
      if (error.code === 'OTP_INVALID' && challenge.purpose === 'login') metrics.login('wrong_code')
      const { attemptsLeft, isBudgetSpent } = error.facts
      if (isWithAccount(challenge) && (attemptsLeft === 0 || isBudgetSpent)) {
        await fastify.mailer.notify({ kind: 'notice', notice: isBudgetSpent ? 'codesLocked' : 'wrongCodes', accountId: challenge.ownerKey, client: fastify.clientOf(request), at: now() })
      }
      throw error
    }
  })
}, { name: 'code-checks', dependencies: ['challenges', 'mailer', 'client', 'problems', 'metrics'] })
