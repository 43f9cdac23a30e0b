import type { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { mastersOf } from '../../src/platform/redis/nodes.ts'
import type { LogEvent } from '../../src/records/events/event.ts'
import { formatServiceKey } from '../../src/records/service-keys/service-key.ts'
import { signUp, startApp, type TestApp } from '../support/app.ts'
import { until } from '../support/redis-node.ts'
import { json, portOf, shaped } from '../support/shapes.ts'

t.setTimeout(300_000)

const server = await startApp(t)
const { records } = server.inside
const { client } = server.redis
await server.fastify.listen({ port: 0, host: '127.0.0.1' })
const url = `http://127.0.0.1:${portOf(server.fastify.server)}/events`
const key = formatServiceKey(await records.serviceKeys.add('reader', ['events:read']))
const authorization = `Bearer ${key}`
const NOBODY = { ip: '192.0.2.1', device: '' }

interface Page { items: LogEvent[], nextCursor: string | null, reset?: true, code?: string }

const page = async (query = ''): Promise<Page & { status: number }> => {
  const answer = await fetch(url + query, { headers: { authorization } })
  return { status: answer.status, ...json<Page>(await answer.text()) }
}

/** The connections that wait for the log, and where. */
async function blockingReads () {
  const reads: Array<{ master: Redis, id: number }> = []
  for (const master of mastersOf(client)) {
    for (const line of String(await master.client('LIST')).split('\n').filter((line) => line.includes('cmd=xread'))) {
      reads.push({ master, id: Number(/^id=(\d+)/.exec(line)?.[1]) })
    }
  }
  return reads
}

/** A reader of the stream: what it was sent so far, block by block. */
async function follow (t: Test, query = '', headers: Record<string, string> = {}, base = url) {
  const ending = new AbortController()
  const close = (): void => { ending.abort() }
  t.teardown(close)
  const answer = await fetch(base + query, { headers: { authorization, accept: 'text/event-stream', ...headers }, signal: ending.signal })
  const blocks: string[] = []
  const reading = (async () => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(shaped<Uint8Array>(chunk), { stream: true })
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      blocks.push(...parts)
    }
  })().catch(() => {})
  const events = (): LogEvent[] => blocks.flatMap((block) => {
    const [, data] = /^id: \d+\nevent: [a-z]+\.[a-z]+\ndata: (.*)$/.exec(block) ?? []
    return data === undefined ? [] : [json<LogEvent>(data)]
  })
  const heartbeats = (): number => blocks.filter((block) => block.startsWith(': heartbeat')).length
  const has = async (count: number): Promise<void> => { await until(async () => events().length >= count) }
  return { answer, blocks, events, heartbeats, close, ended: reading, has }
}

/** Puts events into the log as if they had been told. */
async function tellMany (count: number, at = Date.now() * 1000): Promise<void> {
  for (let from = 0; from < count; from += 5_000) {
    const pipeline = client.pipeline()
    for (let n = from; n < Math.min(count, from + 5_000); n++) {
      pipeline.xadd(keys.events.log, `${at + n}-0`, 'type', 'account.updated', 'subject', 'A'.repeat(22), 'number', at + n, 'data', 'name')
    }
    await pipeline.exec()
  }
}

const rename = async ({ id, token }: Awaited<ReturnType<typeof signUp>>, name: string): Promise<void> => {
  const { sid } = json<{ sid: string }>(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  await records.credentials.change({ accountId: id, sid, client: NOBODY }, { name, isTwoFactorRequired: false })
}

t.test('an empty log is an empty page, and a stream that beats at once and every second', async (t) => {
  await client.del(keys.events.log)
  t.match(await page(), { status: 200, items: [], nextCursor: null })
  t.match(await page('?after=0'), { status: 200, items: [], reset: undefined })
  const reader = await follow(t)
  t.equal(reader.answer.headers.get('content-type'), 'text/event-stream')
  t.equal(reader.answer.headers.get('cache-control'), 'no-store')
  const startedAt = Date.now()
  await until(async () => reader.heartbeats() >= 4)
  // Real time is the subject: three further beats, on a busy machine.
  t.ok(Date.now() - startedAt > 2_000 && Date.now() - startedAt < 8_000, `${Date.now() - startedAt} ms`)
  t.strictSame(reader.events(), [])
})

t.test('only a key with the scope reads it, never a browser', async (t) => {
  const other = formatServiceKey(await records.serviceKeys.add('other', ['users:read']))
  t.equal((await fetch(url)).status, 401)
  t.equal((await fetch(url, { headers: { authorization: `Bearer ${other}` } })).status, 403)
  t.equal((await fetch(url, { headers: { authorization, origin: 'http://localhost:3000' } })).status, 403)
  const { token } = await signUp(server)
  t.equal((await fetch(url, { headers: { authorization: `Bearer ${token}` } })).ok, false)
  for (const query of ['?after=x', '?after=-1', '?types=session.begun', '?types=', '?since=yesterday', '?all=1']) {
    t.match(await page(query), { status: 400, code: 'VALIDATION_FAILED' }, query)
  }
})

t.test('pages lead through the whole log in order, by type too', async (t) => {
  await client.del(keys.events.log)
  const people = [await signUp(server), await signUp(server)]
  await tellMany(4_200)
  await rename(people[0] ?? await signUp(server), 'Olena the Last')
  for (const [query, wanted] of [['', 4_205], ['types=account.created,session.started&', 4], ['types=account.deleted&', 0]] as const) {
    const found: LogEvent[] = []
    let next: Page = await page(`?${query}after=0`)
    found.push(...next.items)
    while (next.nextCursor !== null) {
      next = await page(`?${query}after=${next.nextCursor}`)
      t.notOk(next.reset)
      found.push(...next.items)
    }
    t.equal(found.length, wanted, query)
    t.strictSame(found.map(({ seq }) => seq), [...new Set(found.map(({ seq }) => seq))].sort((a, b) => a - b))
  }
  t.strictSame((await page()).items.slice(0, 4).map(({ type, subject }) => [type, subject]),
    people.flatMap(({ id }) => [['account.created', id], ['session.started', id]]), 'without a place from the oldest on')
  const moment = new Date(Date.now() + 1).toISOString()
  await tellMany(3, (Date.now() + 5) * 1000)
  t.equal((await page(`?since=${moment}`)).items.length, 3)
})

t.test('a stream has what is there and what comes, resumes without a gap, and takes types', async (t) => {
  await client.del(keys.events.log)
  const signed = await signUp(server)
  await tellMany(1_300)
  const reader = await follow(t)
  const ofSessions = await follow(t, '?types=session.started')
  await reader.has(1_302)
  t.ok(reader.blocks[1_302]?.startsWith(': heartbeat\nid: '), 'the first heartbeat follows what was there at once')
  await rename(signed, 'Olena Renamed')
  await reader.has(1_303)
  t.match(reader.events().at(-1), { type: 'account.updated', subject: signed.id, data: { changed: ['name'] } })
  const all = reader.events()
  await until(async () => ofSessions.blocks.at(-1)?.includes(`id: ${all.at(-1)?.seq}`) === true)
  t.equal(ofSessions.events().length, 1, 'and a heartbeat moves the place of a reader who wanted nothing of all that')
  reader.close()
  for (const at of [0, 500, 1_300]) {
    const resumed = await follow(t, '', { 'last-event-id': String(all[at]?.seq) })
    await resumed.has(all.length - at - 1)
    t.strictSame(resumed.events(), all.slice(at + 1), `after ${at}`)
    resumed.close()
  }
  const since = await follow(t, `?since=${new Date(Date.now() + 60_000).toISOString()}`)
  await until(async () => since.heartbeats() > 0)
  await rename(signed, 'Olena Again')
  await since.has(1)
  t.match(since.events(), [{ type: 'account.updated' }])
})

t.test('who asks for more than the log holds is told so, and is given the oldest', async (t) => {
  await client.del(keys.events.log)
  await tellMany(3)
  const oldest = (await page()).items[0]?.seq ?? 0
  for (const lost of ['1', String(oldest + 1_000_000_000)]) {
    t.match(await page(`?after=${lost}`), { reset: true, items: [{ seq: oldest }, {}, {}] })
    const reader = await follow(t, '', { 'last-event-id': lost })
    await reader.has(3)
    t.equal(reader.blocks[0], `event: reset\ndata: {"type":"reset","oldest":${oldest}}`)
    t.equal(reader.blocks.filter((block) => block.startsWith('event: reset')).length, 1)
    reader.close()
  }
})

t.test('a Redis that was put back under a stream resets it', async (t) => {
  await client.del(keys.events.log)
  await tellMany(5)
  const reader = await follow(t)
  await reader.has(5)
  await client.xtrim(keys.events.log, 'MAXLEN', 0)
  await client.del(keys.events.log)
  await tellMany(2, (Date.now() - 3_600_000) * 1000)
  for (const { master, id } of await blockingReads()) await master.client('KILL', 'ID', id)
  await until(async () => reader.blocks.some((block) => block.startsWith('event: reset')))
  await reader.has(7)
})

t.test('old events are dropped, but a hundred thousand stay', async (t) => {
  await client.del(keys.events.log)
  const old = (Date.now() - 31 * 86_400_000) * 1000
  await tellMany(500, old)
  await records.events.trim(30 * 86_400_000)
  t.equal(await client.xlen(keys.events.log), 500, 'few are kept however old they are')
  await tellMany(100_000)
  await records.events.trim(30 * 86_400_000)
  t.equal(await client.xlen(keys.events.log), 100_000)
  await client.del(keys.events.log)
})

t.test('a reader who does not read costs one portion of memory, and gets all of it later', async (t) => {
  await client.del(keys.events.log)
  const ending = new AbortController()
  t.teardown(() => { ending.abort() })
  const answer = await fetch(url, { headers: { authorization, accept: 'text/event-stream' }, signal: ending.signal })
  await tellMany(1)
  const before = process.memoryUsage().rss
  await tellMany(20_000, (Date.now() + 1_000) * 1000)
  const quick = await follow(t)
  await quick.has(20_001)
  t.ok(process.memoryUsage().rss - before < 300_000_000)
  let text = ''
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(shaped<Uint8Array>(chunk)).toString()
    if (text.length > 20_000 * 180 && (text.match(/^data: /gm) ?? []).length === 20_001) break
  }
  t.equal((text.match(/^data: /gm) ?? []).length, 20_001, 'no gap')
  quick.close()
  await client.del(keys.events.log)
})

t.test('two hundred streams hear of fifty changes each, over one blocking connection', async (t) => {
  const signed = await signUp(server)
  const since = `?since=${new Date(Date.now() + 1).toISOString()}`
  const readers = await Promise.all(Array.from({ length: 200 }, async () => await follow(t, since)))
  await until(async () => readers.every((reader) => reader.heartbeats() > 0))
  t.equal((await blockingReads()).length, 1)
  await Promise.all(Array.from({ length: 50 }, async (_, n) => { await rename(signed, `Olena ${n}`) }))
  await until(async () => readers.every((reader) => reader.events().length === 50))
  const [first] = readers
  for (const reader of readers) t.strictSame(reader.events().map(({ seq }) => seq), first?.events().map(({ seq }) => seq))
  for (const reader of readers) reader.close()
  await until(async () => records.eventsFeed.followers() === 0)
  t.pass('and nothing of them stays')
})

t.test('a server that stops ends its streams', async (t) => {
  const other: TestApp = await startApp(t, { redis: server.redis, smtp: server.smtp })
  await other.fastify.listen({ port: 0, host: '127.0.0.1' })
  const reader = await follow(t, '', {}, `http://127.0.0.1:${portOf(other.fastify.server)}/events`)
  await until(async () => reader.heartbeats() > 0)
  await other.close()
  await reader.ended
  t.pass('ended')
})
