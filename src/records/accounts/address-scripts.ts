import { defineScript, integer, optional, text } from '../../platform/redis/script.ts'

export const keepAddressKey = defineScript(new URL('./address-key.lua', import.meta.url), {
  keys: ['addressKey'],
  args: { sealed: optional(text), replaced: optional(text) },
  answers: { ok: { kept: text } }
})

export const bindAddress = defineScript(new URL('./address-bind.lua', import.meta.url), {
  keys: ['owner', 'attempts'],
  args: { accountId: text, staleId: optional(text), bindingLifeMs: integer, attemptPrefix: text },
  answers: { ok: { version: text }, taken: {} }
})

export const takeAddressMail = defineScript(new URL('./address-mail.lua', import.meta.url), {
  keys: ['mails'],
  args: { mailsPerHour: integer, mailsPerDay: integer, unique: text },
  answers: { ok: {}, mails: { waitMs: integer } }
})

export const releaseAddress = defineScript(new URL('./address-release.lua', import.meta.url), {
  keys: ['owner', 'attempts', 'idempotency', 'notice'],
  args: { accountId: text, version: optional(text), attemptPrefix: text },
  answers: { ok: {}, kept: {} }
})
