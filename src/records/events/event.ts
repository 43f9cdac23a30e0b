/** What other services are told, and nothing that is about a person. */
export const EVENT_TYPES = [
  'account.created', 'account.updated', 'account.disabled', 'account.enabled', 'account.deleted', 'session.started', 'session.ended',
  'sessions.ended'
] as const

export type EventType = typeof EVENT_TYPES[number]

/** As readers get it. */
export interface LogEvent {
  /** The same however often it is told. */
  id: string
  /** Its place in the log: grows, with gaps. Microseconds since 1970, or a little later. */
  seq: number
  type: EventType
  /** ISO 8601, UTC. */
  at: string
  /** The account. */
  subject: string
  /** `changed`: names of fields; `sid`: the session; `keptSid`: the one that goes on, or null. */
  data: { changed: string[] } | { sid: string } | { keptSid: string | null } | Record<string, never>
}

export const isEventType = (text: string | undefined): text is EventType => EVENT_TYPES.some((type) => type === text)

/** What the log keeps of an event: `number` names it within its account. */
export interface LogEntry { seq: number, type: EventType, subject: string, number: number, data: string }

export const toEvent = ({ seq, type, subject, number, data }: LogEntry): LogEvent => ({
  id: `evt_${subject}_${number.toString(36)}`,
  seq,
  type,
  at: new Date(Math.floor(number / 1000)).toISOString(),
  subject,
  data: toData(type, data)
})

function toData (type: EventType, data: string): LogEvent['data'] {
  if (type === 'account.updated') return { changed: data.split(',') }
  if (type === 'session.started' || type === 'session.ended') return { sid: data }
  return type === 'sessions.ended' ? { keptSid: data || null } : {}
}
