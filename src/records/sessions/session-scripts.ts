import { actor } from '../activity/actor.ts'
import { defineScript, flag, integer, listOf, optional, row, text, tuple } from '../../platform/redis/script.ts'

/** The keys and arguments of a script that opens a session (`open_session` in _session.lua). A draft has their values. */
export const sessionKeys = ['session', 'sessions', 'devices'] as const
export const sessionArgs = {
  actor,
  sid: text,
  mostSessions: integer,
  idleMs: integer,
  absoluteMs: integer,
  amr: text,
  oldDeviceHash: optional(text),
  newDeviceHash: text,
  isFresh: flag,
  timeZone: optional(text)
}

/** What `open_session` tells: the oldest may have to go. */
export const opensSession = ['session.started', 'session.ended'] as const

export const openSession = defineScript(new URL('./session-open.lua', import.meta.url), {
  keys: ['account', ...sessionKeys],
  args: { credentialVersion: text, ...sessionArgs },
  answers: { ok: { isKnownDevice: flag, authAtMs: integer, user: row }, stale: {} },
  tells: opensSession
})

export const findSession = defineScript(new URL('./session-find.lua', import.meta.url), {
  keys: ['session', 'account'],
  answers: { ok: { recentAt: integer, amr: text, user: row }, none: {} }
})

export const refreshSession = defineScript(new URL('./session-refresh.lua', import.meta.url), {
  keys: ['session', 'account', 'sessions'],
  args: { generation: integer, graceMs: integer, idleMs: integer, absoluteMs: integer, sid: text, actor, epochMs: integer },
  answers: {
    ok: { generation: integer, livesOnMs: integer, authAtMs: integer, amr: text, user: row },
    ended: {},
    reused: { user: row },
    ahead: {}
  },
  tells: ['session.ended'],
  tellsRarely: true
})

export const endAllSessions = defineScript(new URL('./sessions-end-all.lua', import.meta.url), {
  keys: ['sessions', 'account', 'trustedBrowsers'],
  args: { sessionPrefix: text, keepSid: optional(text), keepsTrusted: flag, actor, event: text, trustedBrowserPrefix: text },
  answers: { ok: {} },
  tells: ['sessions.ended']
})

export const endRecord = defineScript(new URL('./record-end.lua', import.meta.url), {
  keys: ['record', 'index', 'account'],
  args: { id: text, isSession: flag, actor, event: text },
  answers: { ok: {}, none: {} },
  tells: ['session.ended']
})

export const listRecords = defineScript(new URL('./records-list.lua', import.meta.url), {
  keys: ['index'],
  args: { prefix: text, idleMs: integer, absoluteMs: integer },
  answers: { ok: { records: listOf(tuple({ id: text, createdAt: integer, turnedAt: integer, ip: text, device: text, amr: text })) } }
})
