import { actor } from '../activity/actor.ts'
import { opensSession, sessionArgs, sessionKeys } from '../sessions/session-scripts.ts'
import { defineScript, flag, integer, optional, pairs, row, text } from '../../platform/redis/script.ts'

/** What `judge` in _judge.lua takes and refuses with; ChallengesStore.judgeArgs() has the arguments' values. */
export const judgeKeys = ['account', 'attempt', 'failures'] as const
export const judgeArgs = {
  addressTag: optional(text),
  purpose: text,
  method: text,
  proof: text,
  mostWrong: integer,
  dailyFailures: integer,
  lockAfter: integer,
  attemptId: text
}
export const judgeRefusals = {
  gone: {},
  locked: { waitMs: integer },
  expired: {},
  wrong: { attemptsLeft: integer, isBudgetSpent: flag }
}

/** What it refuses a passkey with. */
export const passkeyRefusals = { invalid: {}, cloned: {} }

export const findAttempt = defineScript(new URL('./attempt-find.lua', import.meta.url), {
  keys: ['attempt', 'account?'],
  answers: { ok: { nowMs: integer, fields: pairs, account: row }, gone: {} }
})

export const openAttempt = defineScript(new URL('./attempt-open.lua', import.meta.url), {
  keys: ['account', 'attempt', 'attempts', 'mails', 'failures'],
  args: {
    attemptId: text,
    credentialVersion: text,
    mailsPerHour: integer,
    mailsPerDay: integer,
    dailyFailures: integer,
    lockAfter: integer,
    lifeMs: integer,
    codeLifeMs: optional(integer),
    resendIntervalMs: integer,
    actor,
    event: text
  },
  rest: { fields: pairs },
  answers: { ok: {}, stale: {}, locked: { waitMs: integer }, mails: { waitMs: integer } },
  tells: 'it changes attempts alone'
})

export const resendCode = defineScript(new URL('./attempt-resend.lua', import.meta.url), {
  keys: ['attempt', 'mails', 'failures', 'account?'],
  args: {
    addressTag: optional(text),
    mostWrong: integer,
    mailsPerHour: integer,
    mailsPerDay: integer,
    resendIntervalMs: integer,
    codeLifeMs: integer,
    codeMac: text,
    codeSealed: text,
    attemptId: text,
    dailyFailures: integer,
    lockAfter: integer,
    channel: text,
    actor
  },
  answers: {
    ok: { codeLeftMs: integer, mailNo: integer },
    gone: {},
    early: { waitMs: integer },
    mails: { waitMs: integer },
    locked: { waitMs: integer }
  },
  tells: 'it changes attempts alone'
})

export const verifyLogin = defineScript(new URL('./login-verify.lua', import.meta.url), {
  keys: [...judgeKeys, ...sessionKeys],
  args: { ...judgeArgs, ...sessionArgs },
  answers: { ok: { isKnownDevice: flag, authAtMs: integer, user: row }, ...judgeRefusals, ...passkeyRefusals },
  tells: opensSession
})

export const verifyReauthentication = defineScript(new URL('./reauth-verify.lua', import.meta.url), {
  keys: [...judgeKeys, 'session', 'sessions'],
  args: { ...judgeArgs, actor, sid: text, amr: text },
  answers: { ok: { authAtMs: integer, user: row }, ended: {}, ...judgeRefusals, ...passkeyRefusals },
  tells: ['session.ended']
})

export const markRecent = defineScript(new URL('./session-recent.lua', import.meta.url), {
  keys: ['account', 'session'],
  args: { credentialVersion: text, actor },
  answers: { ok: { authAtMs: integer, amr: text, user: row }, ended: {} },
  tells: 'a proof ends and changes nothing that others see'
})

export const bookWrongPassword = defineScript(new URL('./session-wrong-password.lua', import.meta.url), {
  keys: ['account', 'session', 'sessions'],
  args: { sid: text, mostWrong: integer, actor, event: text },
  answers: { wrong: {}, ended: {} },
  tells: ['session.ended']
})
