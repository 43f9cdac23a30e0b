import { opensSession, sessionArgs, sessionKeys } from '../sessions/session-scripts.ts'
import { defineScript, flag, integer, optional, pairs, row, text } from '../../platform/redis/script.ts'

const budget = { mailsPerHour: integer, mailsPerDay: integer, dailyFailures: integer }
const lives = { lifeMs: integer, codeLifeMs: integer, resendIntervalMs: integer }
const openAnswers = { ok: {}, mails: { waitMs: integer }, locked: { waitMs: integer } }
const refusals = { gone: {}, locked: { waitMs: integer }, expired: {}, wrong: { attemptsLeft: integer } }

export const findSignUp = defineScript(new URL('./sign-up-find.lua', import.meta.url), {
  keys: ['owner', 'mails', 'failures'],
  args: budget,
  answers: { ok: { accountId: text, mailsWaitMs: integer, guessWaitMs: integer } }
})

export const openSignUp = defineScript(new URL('./sign-up-open.lua', import.meta.url), {
  keys: ['owner', 'attempt', 'attempts', 'mails', 'failures'],
  args: { attemptId: text, staleId: optional(text), bindingLifeMs: integer, ...budget, ...lives },
  rest: { fields: pairs },
  answers: openAnswers
})

export const verifySignUp = defineScript(new URL('./sign-up-verify.lua', import.meta.url), {
  keys: ['owner', 'attempt', 'attempts', 'failures'],
  args: {
    isOtherAddress: flag,
    candidates: text,
    mostWrong: integer,
    dailyFailures: integer,
    attemptId: text,
    bindingLifeMs: integer,
    attemptPrefix: text
  },
  answers: {
    ok: { provenAt: integer, accountId: text, name: text, emailSealed: text, passwordHash: text, locale: text, isLong: flag },
    ...refusals
  }
})

export const createAccount = defineScript(new URL('./account-create.lua', import.meta.url), {
  keys: ['account', ...sessionKeys],
  args: {
    provenAt: integer,
    bindingLifeMs: integer,
    email: text,
    name: text,
    passwordHash: text,
    isLong: flag,
    locale: text,
    ...sessionArgs
  },
  answers: { ok: { authAtMs: integer, user: row }, gone: {} },
  tells: ['account.created', ...opensSession]
})

export const endAttempt = defineScript(new URL('./attempt-end.lua', import.meta.url), { keys: ['attempt'], answers: { ok: {} } })

export const openReset = defineScript(new URL('./reset-open.lua', import.meta.url), {
  keys: ['attempt', 'attempts', 'mails', 'failures'],
  args: { attemptId: text, ...budget, ...lives, olderId: optional(text), attemptPrefix: text },
  rest: { fields: pairs },
  answers: openAnswers
})

export const verifyReset = defineScript(new URL('./reset-verify.lua', import.meta.url), {
  keys: ['attempt', 'failures'],
  args: { candidates: text, mostWrong: integer, dailyFailures: integer, attemptId: text },
  answers: { ok: { accountId: text, credentialVersion: text }, ...refusals }
})
