import { Readable } from 'node:stream'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyPluginAsync } from 'fastify'
import { invalidField } from '../src/errors.ts'
import { EVENT_TYPES, type EventType, isEventType } from '../src/records/events/event.ts'
import { Page } from '../src/schemas.ts'

const EventSchema = Type.Object({
  id: Type.String({ description: 'The same however often the event is delivered.' }),
  seq: Type.Integer({ description: 'Its place in the log: always grows, with gaps.' }),
  type: Type.Unsafe<EventType>({ type: 'string', enum: [...EVENT_TYPES], examples: ['session.ended'] }),
  at: Type.String({ format: 'date-time' }),
  subject: Type.String({ description: 'The id of the account.' }),
  data: Type.Object({
    changed: Type.Optional(Type.Array(Type.String(), { description: 'With account.updated: the names of the fields.' })),
    sid: Type.Optional(Type.String({ description: 'With session.started and session.ended.' })),
    keptSid: Type.Optional(Type.Union([Type.String(), Type.Null()], { description: 'With sessions.ended: the one that goes on.' }))
  })
}, { title: 'Event' })

const Place = Type.String({
  pattern: '^[0-9]{1,16}$', description: 'The `seq` of the last event that you have; 0 or nothing starts with the oldest.'
})

const Query = Type.Object({
  after: Type.Optional(Place),
  since: Type.Optional(Type.String({ format: 'date-time', description: 'Instead of `after`: what has happened since this moment.' })),
  types: Type.Optional(Type.String({
    maxLength: 400, description: 'Only these, separated by commas.', examples: ['account.deleted,session.ended']
  }))
}, { additionalProperties: false })
const Headers = Type.Object({ 'last-event-id': Type.Optional(Place) })

const schema = {
  operationId: 'listEvents',
  summary: 'What happened to accounts and sessions',
  description:
    'A page of the event log, the oldest first. With `Accept: text/event-stream` it is a stream that goes on: `Last-Event-ID` resumes ' +
    'it without a gap, and a heartbeat comes every second. `reset` (a field of the page, an event of the stream) means that the log no ' +
    'longer holds the place that you named; the oldest events that it has follow.',
  tags: ['Services'],
  headers: Headers,
  querystring: Query,
  response: { 200: Type.Object({ ...Page(EventSchema).properties, reset: Type.Optional(Type.Boolean()) }, { title: 'EventsPage' }) }
}

const route: FastifyPluginAsync = async (fastify) => {
  const { events } = fastify.flows
  interface Asked { Querystring: Static<typeof Query>, Headers: Static<typeof Headers> }
  fastify.get<Asked>('/events', { schema, config: { access: { scope: 'events:read' } } }, async (request, reply) => {
    const { after, since, types } = request.query
    const isStream = request.method === 'GET' && request.headers.accept?.includes('text/event-stream') === true
    const place = (isStream ? request.headers['last-event-id'] : undefined) ?? after
    const from = place === undefined ? { since } : { after: Number(place) }
    if (!isStream) return await events.page(from, readTypes(types))
    return await reply.type('text/event-stream').header('x-accel-buffering', 'no')
      .send(Readable.from(events.stream(from, readTypes(types)), { objectMode: false }))
  })
}

function readTypes (list: string | undefined): ReadonlySet<EventType> | undefined {
  if (list === undefined) return undefined
  return new Set(list.split(',').map((type) => {
    if (!isEventType(type)) throw invalidField('/types')
    return type
  }))
}

export default route
