import { actor } from '../activity/actor.ts'
import { defineScript, integer, list, optional, text } from '../../platform/redis/script.ts'

export const findTotp = defineScript(new URL('./totp-find.lua', import.meta.url), {
  keys: ['totp'],
  answers: { ok: { nowMs: integer, sealed: text } }
})

export const resealTotp = defineScript(new URL('./totp-reseal.lua', import.meta.url), {
  keys: ['totp'],
  args: { oldSealed: text, newSealed: text },
  answers: { ok: {}, stale: {} }
})

export const startTotp = defineScript(new URL('./totp-start.lua', import.meta.url), {
  keys: ['account', 'session', 'pending'],
  args: { sealed: text, lifeMs: integer, actor },
  answers: { ok: {}, ended: {} },
  tells: 'nothing changes before its first code'
})

export const confirmTotp = defineScript(new URL('./totp-confirm.lua', import.meta.url), {
  keys: ['account', 'session', 'pending', 'totp', 'recovery'],
  args: { sealed: optional(text), step: optional(integer), mostWrong: integer, sid: text, actor, amr: text },
  rest: { hashes: list },
  answers: { ok: {}, ended: {}, gone: {}, wrong: { attemptsLeft: integer } },
  tells: ['account.updated', 'sessions.ended']
})

export const removeTotp = defineScript(new URL('./totp-remove.lua', import.meta.url), {
  keys: ['account', 'session', 'totp', 'pending', 'recovery'],
  args: { sid: text, actor },
  answers: { ok: {}, ended: {}, none: {} },
  tells: ['account.updated', 'sessions.ended']
})

export const renewRecoveryCodes = defineScript(new URL('./recovery-renew.lua', import.meta.url), {
  keys: ['account', 'session', 'recovery'],
  args: { sid: text, actor },
  rest: { hashes: list },
  answers: { ok: {}, ended: {}, none: {} },
  tells: ['account.updated', 'sessions.ended']
})
