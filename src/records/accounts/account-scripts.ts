import { actor } from '../activity/actor.ts'
import { defineScript, flag, listOf, oneOf, optional, row, text } from '../../platform/redis/script.ts'

export const ADMIN_EVENTS = ['', 'role_changed', 'account_disabled', 'account_enabled', 'locks_lifted'] as const
export const SWITCH_EVENTS = ['', 'profile_changed', 'two_factor_on', 'two_factor_off', 'email_code_on', 'email_code_off'] as const

export const rehashAccount = defineScript(new URL('./account-rehash.lua', import.meta.url), {
  keys: ['account'],
  args: { oldRecord: text, newRecord: text },
  answers: { ok: {}, stale: {} }
})

export const administerAccount = defineScript(new URL('./account-administer.lua', import.meta.url), {
  keys: ['account', 'failures'],
  args: { role: optional(text), status: optional(text), isUnlock: flag, actor },
  answers: { ok: { event: oneOf(ADMIN_EVENTS), user: row }, gone: {} }
})

export const deleteAccount = defineScript(new URL('./account-delete.lua', import.meta.url), {
  keys: ['account', 'session', 'otherAddresses', 'sessions', 'attempts', 'trustedBrowsers'],
  restKeys: 'others',
  args: { actor, sessionPrefix: text, attemptPrefix: text, trustedBrowserPrefix: text },
  answers: { ok: { email: text, otherTags: listOf(text) }, ended: {}, admin: {} }
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
  answers: { ok: { livesOn: flag, event: oneOf(SWITCH_EVENTS), user: row }, ended: {}, required: {}, admin: {}, short: {}, noTotp: {} }
})

export const changePassword = defineScript(new URL('./password-change.lua', import.meta.url), {
  keys: ['account', 'session'],
  args: { credentialVersion: text, record: text, isLong: flag, sid: text, actor },
  answers: { ok: {}, stale: {}, ended: {} }
})

export const resetPassword = defineScript(new URL('./password-reset.lua', import.meta.url), {
  keys: ['account'],
  args: { credentialVersion: text, record: text, isLong: flag, actor },
  answers: { ok: {}, gone: {} }
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
