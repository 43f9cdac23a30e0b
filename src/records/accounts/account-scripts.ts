import { actor } from '../activity/actor.ts'
import { defineScript, flag, integer, listOf, oneOf, optional, row, text } from '../../platform/redis/script.ts'

export const ADMIN_EVENTS = [
  'role_changed', 'account_disabled', 'account_enabled', 'locks_lifted', 'profile_changed', 'roles_changed', 'claims_changed',
  'email_change_requested'
] as const
export const SWITCH_EVENTS = ['', 'profile_changed', 'two_factor_on', 'two_factor_off', 'email_code_on', 'email_code_off'] as const

export const rehashAccount = defineScript(new URL('./account-rehash.lua', import.meta.url), {
  keys: ['account'],
  args: { oldRecord: text, newRecord: text },
  answers: { ok: {}, stale: {} },
  tells: 'it is the same password'
})

export const administerAccount = defineScript(new URL('./account-administer.lua', import.meta.url), {
  keys: ['account', 'failures'],
  args: {
    actor,
    mayTouchAdmins: flag,
    role: optional(text),
    status: optional(text),
    isUnlock: flag,
    name: optional(text),
    roles: optional(text),
    claims: optional(text),
    newEmail: optional(text),
    linkId: text,
    linkLifeMs: integer
  },
  answers: { ok: { events: listOf(oneOf(ADMIN_EVENTS)), user: row }, gone: {}, forbidden: {}, invited: {} },
  tells: ['account.updated', 'account.disabled', 'account.enabled', 'sessions.ended']
})

export const resetFactors = defineScript(new URL('./account-factors-reset.lua', import.meta.url), {
  keys: ['account', 'totp', 'totpPending', 'recovery', 'passkeys'],
  args: { actor },
  answers: { ok: { user: row }, gone: {}, invited: {} },
  tells: ['account.updated', 'sessions.ended']
})

export const deleteAccount = defineScript(new URL('./account-delete.lua', import.meta.url), {
  keys: ['account', 'session', 'otherAddresses', 'sessions', 'attempts', 'trustedBrowsers'],
  restKeys: 'others',
  args: { actor, isAsked: flag, mayBeAdmin: flag, sessionPrefix: text, attemptPrefix: text, trustedBrowserPrefix: text },
  answers: { ok: { email: text, otherTags: listOf(text) }, ended: {}, admin: {} },
  tells: ['sessions.ended', 'account.deleted']
})

export const patchAccount = defineScript(new URL('./account-patch.lua', import.meta.url), {
  keys: ['account', 'session'],
  args: {
    actor,
    sid: text,
    name: optional(text),
    locale: optional(text),
    isTwoFactorEnabled: optional(flag),
    isEmailCodeEnabled: optional(flag),
    isTwoFactorRequired: flag
  },
  answers: { ok: { livesOn: flag, event: oneOf(SWITCH_EVENTS), user: row }, ended: {}, required: {}, admin: {}, short: {}, only: {} },
  tells: ['account.updated', 'sessions.ended']
})

export const changePassword = defineScript(new URL('./password-change.lua', import.meta.url), {
  keys: ['account', 'session'],
  args: { credentialVersion: text, record: text, isLong: flag, sid: text, actor },
  answers: { ok: {}, stale: {}, ended: {} },
  tells: ['account.updated', 'sessions.ended']
})

export const resetPassword = defineScript(new URL('./password-reset.lua', import.meta.url), {
  keys: ['account'],
  args: { credentialVersion: text, record: text, isLong: flag, actor },
  answers: { ok: {}, gone: {} },
  tells: ['account.updated', 'sessions.ended']
})

export const disownAccount = defineScript(new URL('./account-disown.lua', import.meta.url), {
  keys: ['account', 'devices', 'passkeys', 'recovery', 'otherAddresses'],
  args: { actor, eventAtMs: integer, email: optional(text), newTag: optional(text), oldTag: optional(text) },
  answers: { ok: { isRestored: flag }, done: {}, gone: {} },
  tells: ['account.updated', 'sessions.ended']
})

const adminList = {
  keys: ['admins'],
  args: { actorId: text, accountId: text },
  answers: { ok: {}, forbidden: {} }
} as const

export const addAdmin = defineScript(new URL('./admin-add.lua', import.meta.url), adminList)
export const dropAdmin = defineScript(new URL('./admin-drop.lua', import.meta.url), adminList)

const member = { keys: ['set'], args: { member: text }, answers: { ok: {} } } as const

export const addMember = defineScript(new URL('./member-add.lua', import.meta.url), member)
export const dropMember = defineScript(new URL('./member-drop.lua', import.meta.url), member)
