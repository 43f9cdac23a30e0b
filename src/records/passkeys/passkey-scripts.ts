import { actor } from '../activity/actor.ts'
import { passkeyRefusals } from '../challenges/challenge-scripts.ts'
import { opensSession, sessionArgs, sessionKeys } from '../sessions/session-scripts.ts'
import { defineScript, flag, integer, row, text } from '../../platform/redis/script.ts'

export const passkeyLogin = defineScript(new URL('./passkey-login.lua', import.meta.url), {
  keys: ['account', ...sessionKeys],
  args: { proof: text, ...sessionArgs },
  answers: { ok: { isKnownDevice: flag, authAtMs: integer, user: row }, ...passkeyRefusals },
  tells: opensSession
})

export const passkeyReauthentication = defineScript(new URL('./passkey-reauth.lua', import.meta.url), {
  keys: ['account', 'session'],
  args: { proof: text, actor, amr: text },
  answers: { ok: { authAtMs: integer, user: row }, ended: {}, ...passkeyRefusals },
  tells: 'a proof ends and changes nothing that others see'
})

export const addPasskey = defineScript(new URL('./passkey-add.lua', import.meta.url), {
  keys: ['account', 'session', 'passkeys'],
  args: { sid: text, id: text, passkey: text, mostPasskeys: integer, actor },
  answers: { ok: {}, ended: {}, invalid: {}, full: {} },
  tells: ['account.updated', 'sessions.ended']
})

export const renamePasskey = defineScript(new URL('./passkey-rename.lua', import.meta.url), {
  keys: ['account', 'session', 'passkeys'],
  args: { id: text, name: text, actor },
  answers: { ok: { passkey: text }, ended: {}, none: {} },
  tells: 'only its owner sees the name'
})

export const removePasskey = defineScript(new URL('./passkey-remove.lua', import.meta.url), {
  keys: ['account', 'session', 'passkeys', 'recovery'],
  args: { sid: text, id: text, actor },
  answers: { ok: {}, ended: {}, none: {}, only: {} },
  tells: ['account.updated', 'sessions.ended']
})
