// Notes of signed-in people. Dvokrok signs them in; this server checks their tokens, and forgets the notes of a deleted account.
import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { createVerifier } from '@dvokrok/verify'
import dvokrokVerify from '@dvokrok/verify/fastify'
import Fastify from 'fastify'
import { Webhook } from 'standardwebhooks'

const { DVOKROK_URL = 'http://localhost:3000', SERVICE_KEY, EVENTS_WEBHOOK_SECRET, PORT = '5173' } = process.env
const page = (await readFile(new URL('page.html', import.meta.url), 'utf8')).replaceAll('http://localhost:3000', DVOKROK_URL)
const webhook = new Webhook(EVENTS_WEBHOOK_SECRET)
/** By account. */
const notes = new Map()

const fastify = Fastify({ logger: true })
await fastify.register(dvokrokVerify, {
  verifier: createVerifier({ issuer: DVOKROK_URL, serviceKey: SERVICE_KEY, onFeedLost: 'introspect' })
})
const signedIn = { onRequest: fastify.requireToken() }
const body = { type: 'object', required: ['text'], properties: { text: { type: 'string', maxLength: 1000 } } }

fastify.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page))

fastify.get('/notes', signedIn, async (request) => notes.get(request.token.sub) ?? [])

fastify.post('/notes', { ...signedIn, schema: { body } }, async (request) => {
  const own = [...notes.get(request.token.sub) ?? [], request.body.text]
  notes.set(request.token.sub, own)
  return own
})

fastify.register(async (hooks) => {
  // What is signed is the text, to the letter.
  hooks.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => { done(null, text) })
  hooks.post('/events', async (request, reply) => {
    let event
    try {
      event = webhook.verify(request.body, request.headers)
    } catch {
      return reply.code(400).send()
    }
    if (event.type === 'account.deleted') {
      const isKnown = notes.delete(event.subject)
      request.log.info({ account: event.subject, isKnown }, 'account deleted')
    }
    return reply.code(204).send()
  })
})

await fastify.listen({ port: Number(PORT) })
