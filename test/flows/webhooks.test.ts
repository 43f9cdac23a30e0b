import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { signedPost, webhookKey } from '../../src/platform/channels/signed-post.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { startWebhooks, type WebhookOutcome } from '../../src/flows/webhooks.ts'
import type { EventType } from '../../src/records/events/event.ts'
import { lookAtReceiver } from '../../src/records/events/receivers-store.ts'
import { signUp, startApp } from '../support/app.ts'
import { startReceiver, type TestReceiver } from '../support/receiver.ts'
import { until } from '../support/redis-node.ts'
import { json } from '../support/shapes.ts'

t.setTimeout(300_000)

const SECRETS = [`whsec_${Buffer.alloc(32, 'old').toString('base64')}`, `whsec_${Buffer.alloc(32, 'new').toString('base64')}`] as const
const HOUR = 3_600_000
const server = await startApp(t)
const { records } = server.inside
const { client } = server.redis

interface Options { receivers: TestReceiver[], types?: EventType[], secrets?: readonly string[], now?: () => number }

/** The sender of a server, with a clock of its own. */
function start (t: Test, { receivers, types, secrets = [SECRETS[0]], now }: Options) {
  const outcomes: Array<[string, WebhookOutcome]> = []
  const logs: string[] = []
  const line = (facts: object): void => { logs.push(JSON.stringify(facts)) }
  const stop = startWebhooks({
    ...records,
    receivers: receivers.map(({ url }, index) => ({ url, name: `receiver ${index}` })),
    types: types ? new Set(types) : null,
    keys: secrets.map(webhookKey),
    post: signedPost,
    log: { info: line, warn: line },
    onOutcome: (name, outcome, count) => { for (let i = 0; i < count; i++) outcomes.push([name, outcome]) },
    ...now ? { now } : {}
  })
  t.teardown(stop)
  const known = async (): Promise<void> => { await until(async () => (await Promise.all(receivers.map(isKnown))).every(Boolean)) }
  return { stop, outcomes, logs, known }
}

const stateOf = async ({ url }: TestReceiver) => await lookAtReceiver(client, url, Date.now())
const isKnown = async (receiver: TestReceiver): Promise<boolean> => await stateOf(receiver) !== null
const typesOf = ({ requests }: TestReceiver): string[] => requests.map(({ raw }) => json<{ type: string }>(raw).type)

t.test('a receiver hears of what happens from now on, signed so that the library of Standard Webhooks accepts it', async (t) => {
  await signUp(server)
  const receiver = await startReceiver(t)
  const { known } = start(t, { receivers: [receiver], secrets: SECRETS })
  await known()
  const { id } = await signUp(server)
  const [first, second] = [await receiver.next(), await receiver.next()]
  t.match(json(first.raw), { type: 'account.created', subject: id, data: {}, id: first.headers['webhook-id'] })
  t.match(json(second.raw), { type: 'session.started', subject: id, seq: Number })
  const headers = Object.fromEntries(Object.entries(first.headers).map(([name, value]) => [name, String(value)]))
  for (const secret of SECRETS) t.match(new Webhook(secret).verify(first.raw, headers), { subject: id }, 'with both secrets')
  t.throws(() => new Webhook(`whsec_${Buffer.alloc(32, 'bad').toString('base64')}`).verify(first.raw, headers))
  t.throws(() => new Webhook(SECRETS[0]).verify(first.raw.replace('created', 'deleted'), headers))
  const { items } = await records.events.page({})
  t.strictSame(json(first.raw), items.find((event) => event.id === first.headers['webhook-id']), 'the body is the event of the log')
})

t.test('what was not taken is tried again after 5 seconds, 30, 2 minutes, and growing waits; order stays', async (t) => {
  const receiver = await startReceiver(t)
  let clock = Date.now()
  const { known, outcomes } = start(t, { receivers: [receiver], types: ['account.created', 'session.started'], now: () => clock })
  await known()
  const failing = [500, 302, 404, 429, 503, 400]
  receiver.answers.splice(0, 1, ...failing.map((status) => ({ status, headers: { location: receiver.url } })), { status: 200 })
  await signUp(server)
  const id = (await receiver.next()).headers['webhook-id']
  for (const seconds of [5, 30, 120, 600, 1_800, 3_600]) {
    await until(async () => outcomes.length === receiver.requests.length)
    const tries = receiver.requests.length
    clock += seconds * 1000 - 1
    await sleep(1_200)
    t.equal(receiver.requests.length, tries, `not before ${seconds} seconds`)
    clock += 1
    t.equal((await receiver.next()).headers['webhook-id'], id, 'the same id at each try')
  }
  await receiver.next()
  const wanted = [...failing.map(() => 'account.created'), 'account.created', 'session.started']
  t.strictSame(typesOf(receiver), wanted, 'redirects are not followed')
  t.equal((await stateOf(receiver))?.failingSince, 0)
})

t.test('one that never answers delays no other', async (t) => {
  const [dead, quick] = [await startReceiver(t), await startReceiver(t)]
  await dead.close()
  const { known } = start(t, { receivers: [dead, quick] })
  await known()
  for (let i = 0; i < 20; i++) await signUp(server)
  for (let i = 0; i < 40; i++) await quick.next()
  t.equal(new Set(quick.requests.map(({ headers }) => headers['webhook-id'])).size, 40)
  await until(async () => ((await stateOf(dead))?.failingSince ?? 0) > 0)
  t.ok(((await stateOf(dead))?.lagMs ?? 0) > 0 && (await stateOf(quick))?.lagMs === 0)
})

t.test('410 pauses a receiver until a server starts anew', async (t) => {
  const receiver = await startReceiver(t)
  receiver.answers.splice(0, 1, { status: 410 }, { status: 200 })
  const { known, logs, stop } = start(t, { receivers: [receiver] })
  await known()
  await signUp(server)
  await receiver.next()
  await until(async () => ((await stateOf(receiver))?.pausedAt ?? 0) > 0)
  await signUp(server)
  // Time is the subject: it would be sent within a second.
  await sleep(2_500)
  t.equal(receiver.requests.length, 1)
  t.match(logs.join(), /"webhook.paused","receiver":"receiver 0"/)
  await stop()
  start(t, { receivers: [receiver] })
  for (let i = 0; i < 4; i++) await receiver.next()
  t.strictSame(typesOf(receiver).slice(1), ['account.created', 'session.started', 'account.created', 'session.started'], 'nothing was lost')
  await until(async () => (await stateOf(receiver))?.pausedAt === 0)
})

t.test('after 72 hours of tries an event is given up, and what is younger is not', async (t) => {
  const receiver = await startReceiver(t)
  receiver.answers.splice(0, 1, { status: 500 })
  let clock = Date.now()
  const { known, outcomes } = start(t, { receivers: [receiver], now: () => clock })
  await known()
  await signUp(server)
  await receiver.next()
  await until(async () => outcomes.length === 1)
  // Later than the sign-up by 71 hours.
  const later = (Date.now() + 71 * HOUR) * 1000
  await client.xadd(keys.events.log, `${later}-0`, 'type', 'account.updated', 'subject', 'A'.repeat(22), 'number', later, 'data', 'name')
  clock += 73 * HOUR
  await receiver.next()
  await until(async () => outcomes.length === 4)
  t.strictSame(outcomes.map(([, outcome]) => outcome), ['failed', 'failed', 'given_up', 'given_up'])
  receiver.answers.splice(0, 1, { status: 200 })
  clock += 9 * HOUR
  await until(async () => typesOf(receiver).includes('account.updated'))
  await until(async () => (await stateOf(receiver))?.failingSince === 0)
  await client.del(keys.events.log)
})

t.test('one server at a time sends to a receiver, and another goes on when it stops or dies', async (t) => {
  const receiver = await startReceiver(t)
  const senders = Array.from({ length: 4 }, () => start(t, { receivers: [receiver], types: ['account.created'] }))
  await senders[0]?.known()
  for (let round = 0; round < 3; round++) {
    await Promise.all(Array.from({ length: 5 }, async () => await signUp(server)))
    for (let i = 0; i < 5; i++) await receiver.next()
    const [busy] = senders.filter(({ outcomes }) => outcomes.length > 0)
    await busy?.stop()
    senders.splice(senders.findIndex((one) => one === busy), 1)
  }
  await sleep(1_100)
  t.equal(receiver.requests.length, 15, 'each once')
  t.equal(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size, 15)
})

t.test('a server sends by its settings', async (t) => {
  const receiver = await startReceiver(t)
  const metricsToken = 'm'.repeat(20)
  const hook = { EVENTS_WEBHOOK_URL: receiver.url, EVENTS_WEBHOOK_SECRET: SECRETS[0], EVENTS_WEBHOOK_TYPES: 'account.deleted' }
  const own = await startApp(t, { env: { ...hook, METRICS_TOKEN: metricsToken } })
  await until(async () => await lookAtReceiver(own.redis.client, receiver.url, Date.now()) !== null)
  const { browser, token, id } = await signUp(own)
  await browser.call('DELETE', '/users/me', undefined, { token })
  t.match(json((await receiver.next()).raw), { type: 'account.deleted', subject: id })
  const host = new URL(receiver.url).host
  const headers = { authorization: `Bearer ${metricsToken}` }
  const metrics = async (): Promise<string> => (await own.fastify.inject({ url: '/metrics', headers })).body
  await until(async () => (await metrics()).includes(`dvokrok_webhooks_total{receiver="${host}",outcome="delivered"} 1`))
  t.match(await metrics(), `dvokrok_webhook_lag_seconds{receiver="${host}"} 0`)
  t.match(await metrics(), `dvokrok_webhook_paused{receiver="${host}"} 0`)
  t.notMatch(own.logs.join(), receiver.url, 'an address may hold a secret')
})
