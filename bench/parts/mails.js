import { setTimeout as sleep } from 'node:timers/promises'
import { createOutbox } from '../../dist/src/platform/mail/outbox.js'
import { keys } from '../../dist/src/platform/redis/keys.js'
import { createReplicas } from '../../dist/src/platform/redis/replicas.js'
import { cpuSeconds, residentMb } from '../lib/machine.js'
import { say } from '../lib/progress.js'
import { startRelay } from '../lib/relay.js'
import * as requests from '../lib/requests.js'
import { median } from '../lib/rounds.js'
import { unlogged, usedMemory } from '../lib/seed.js'
import { createWorld } from '../lib/world.js'

const PEOPLE = 100
const ME_PER_SECOND = 200
const LOOK_MS = 50
/** Shorter than the start of a server. */
const DEAD_MS = 1

/** Codes of sign-ups that wait in the outbox while no server runs: how fast one process sends them, what that costs `me`, what it holds. */
export async function measureMails (machine, load, { few, many, rounds, seconds }) {
  const redis = await machine.redis('redis-mails')
  const world = await createWorld(machine, redis)
  await world.addAccounts(0, PEOPLE)
  await load.set('me', requests.me(world, 0, PEOPLE))
  const relay = await startRelay()
  const outbox = createOutbox({ connection: redis.client, durably: createReplicas(redis.client, 0).durably, prefix: keys.mail })
  let added = PEOPLE

  async function queue (count, codeLifeMs) {
    say(`${count} sign-ups wait for their code`)
    const before = await usedMemory(redis)
    await unlogged(redis, async () => { await world.addSignUps(outbox, added, added += count, codeLifeMs) })
    return (await usedMemory(redis) - before) / count
  }

  const start = async () =>
    await machine.server(redis, { SMTP_URL: relay.url, LIMIT_MAILS_HOUR: '1000000' }, `server-${added}`)
  const me = async (server) => await load.run(server, { kind: 'steady', set: 'me', perSecond: ME_PER_SECOND, seconds })

  /** From the first that leaves the outbox to the last. */
  async function drain (server, count) {
    while (await outbox.waiting() >= count) await sleep(1)
    const [startedAt, cpuBefore, left] = [performance.now(), cpuSeconds(server.pid), await outbox.waiting()]
    let memoryMb = 0
    while (await outbox.waiting() > 0) {
      memoryMb = Math.max(memoryMb, residentMb(server.pid))
      await sleep(LOOK_MS)
    }
    const took = (performance.now() - startedAt) / 1000
    say(`${left} in ${took.toFixed(1)} s, ${Math.round(memoryMb)} MB`)
    return { perSecond: left / took, seconds: took, cpuMicroseconds: (cpuSeconds(server.pid) - cpuBefore) / left * 1e6, memoryMb }
  }

  const sent = []
  let bytes = 0
  for (let round = 0; round < rounds; round++) {
    const bytesOfOne = await queue(few)
    if (round === 0) bytes = bytesOfOne
    const server = await start()
    sent.push(await drain(server, few))
    await server.end()
  }
  const expired = await dropped()
  const idle = await start()
  const quiet = await me(idle)
  await idle.end()
  await queue(many)
  const server = await start()
  const [launch, during] = await Promise.all([drain(server, many), me(server)])
  if (relay.received() < few * rounds + many) throw new Error(`only ${relay.received()} mails arrived`)
  await server.end()
  relay.close()
  const of = (read) => median(sent.map(read))
  return {
    sent: { perSecond: of(({ perSecond }) => perSecond), cpuMicroseconds: of(({ cpuMicroseconds }) => cpuMicroseconds), rounds },
    launch: { ...launch, count: many },
    bytes,
    me: { quiet: quiet.latency, during: during.latency, perSecond: ME_PER_SECOND },
    expired
  }

  async function dropped () {
    await queue(many, DEAD_MS)
    const before = relay.received()
    const server = await start()
    const result = await drain(server, many)
    await server.end()
    if (relay.received() > before) throw new Error('a code that had expired was mailed')
    return { ...result, count: many }
  }
}
