import fp from 'fastify-plugin'
import { type ChallengesStore, createChallengesStore } from '../src/records/challenges/challenges-store.ts'
import type { ChallengeRules } from '../src/records/challenges/challenge.ts'
import { createRegistrationsStore, type RegistrationsStore } from '../src/records/registrations/registrations-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    challenges: ChallengesStore
    registrations: RegistrationsStore
    challengeRules: ChallengeRules
  }
}

/** Attempts that wait for a code: logins with their account, sign-ups with their address. */
export default fp(async (fastify) => {
  const { config, keyring, runScript } = fastify
  const rules: ChallengeRules = {
    codeLength: config.codeLength,
    loginCodeTtlMs: config.loginCodeTtlMs,
    signUpCodeTtlMs: config.signUpCodeTtlMs,
    resendIntervalMs: config.resendIntervalMs,
    maxAttempts: config.maxAttempts,
    dailyFailures: config.dailyFailures,
    mailsPerHour: config.limits.mailsPerAddressHour,
    mailsPerDay: config.limits.mailsPerAddressDay
  }
  fastify.decorate('challengeRules', rules)
  fastify.decorate('challenges', createChallengesStore(runScript, keyring, rules))
  fastify.decorate('registrations', createRegistrationsStore(runScript, keyring, rules))
}, { name: 'challenges', dependencies: ['redis', 'keyring'] })
