import { defineScript, flag, integer, list, listOf, optional, pairs, text, tuple } from '../../platform/redis/script.ts'

export const readEvents = defineScript(new URL('./events-read.lua', import.meta.url), {
  keys: ['log'],
  args: { after: optional(text), since: optional(text), count: integer },
  answers: { ok: { isLost: flag, entries: listOf(tuple({ id: text, fields: pairs })) } }
})

export const trimEvents = defineScript(new URL('./events-trim.lua', import.meta.url), {
  keys: ['log'],
  args: { lifeMs: integer, least: integer, portion: integer },
  answers: { ok: { dropped: integer } }
})

export const moveEvents = defineScript(new URL('./events-move.lua', import.meta.url), {
  keys: ['log', 'moved', 'announced'],
  args: { subject: text, doubtMs: integer, announcements: text },
  rest: { entries: list },
  answers: { ok: {} }
})

export const trimOutbox = defineScript(new URL('./outbox-trim.lua', import.meta.url), {
  keys: ['outbox'],
  args: { number: integer },
  answers: { ok: { left: integer } }
})
