import { actor } from '../activity/actor.ts'
import { judgeArgs, judgeKeys, judgeRefusals } from '../challenges/challenge-scripts.ts'
import { defineScript, integer, row, text } from '../../platform/redis/script.ts'

export const verifyEmailChange = defineScript(new URL('./email-change-verify.lua', import.meta.url), {
  keys: ['account', 'attempt', 'attempts', 'failures', 'session', 'otherAddresses'],
  args: { ...judgeArgs, actor, bindingLifeMs: integer },
  answers: { ok: { email: text, newTag: text }, ended: {}, ...judgeRefusals },
  tells: 'the address changes with email-change-complete'
})

export const completeEmailChange = defineScript(new URL('./email-change-complete.lua', import.meta.url), {
  keys: ['account', 'session', 'attempt', 'otherAddresses'],
  args: { sid: text, actor, bindingLifeMs: integer, oldTag: text },
  answers: { ok: { user: row }, ended: {}, gone: {} },
  tells: ['account.updated', 'sessions.ended']
})

export const confirmPhone = defineScript(new URL('./phone-confirm.lua', import.meta.url), {
  keys: [...judgeKeys, 'session'],
  args: { ...judgeArgs, actor, sid: text },
  answers: { ok: { user: row }, ended: {}, ...judgeRefusals },
  tells: ['account.updated', 'sessions.ended']
})

export const removePhone = defineScript(new URL('./phone-remove.lua', import.meta.url), {
  keys: ['account', 'session'],
  args: { sid: text, actor },
  answers: { ok: { user: row }, ended: {}, none: {} },
  tells: ['account.updated', 'sessions.ended']
})
