import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { settings, signUpThere, startServer } from '../support/process.ts'
import { until } from '../support/redis-node.ts'
import { startRedis } from '../support/redis.ts'
import { startSmtp } from '../support/smtp.ts'
import { isLong } from '../support/under-traffic.ts'

const KILLS = isLong ? 30 : 3
/** Acknowledged changes from one kill to the next. */
const CHANGES = 50
const WRITERS = 6
const LOCALES = ['uk', 'ru', 'en']

t.setTimeout(isLong ? 3_600_000 : 300_000)

/** In turn, so that the log shows whether the order is right; the last of them is refused. */
const changes: Array<(n: number) => [field: 'name' | 'locale', value: string]> = [
  (n) => ['name', `Olena ${n}`],
  (n) => ['locale', LOCALES[Math.floor(n / 4) % LOCALES.length] ?? ''],
  (n) => ['name', `Olha ${n}`],
  () => ['name', '']
]

/** Whether the log tells all that was acknowledged, in its order, and besides only what may have happened. */
function isToldBy (log: string[], history: Array<{ told: string, isSure: boolean }>): boolean {
  let places = new Set([0])
  for (const { told, isSure } of history) {
    const after = [...places].filter((place) => log[place] === told).map((place) => place + 1)
    places = new Set(isSure ? after : [...places, ...after])
  }
  return places.has(log.length)
}

t.test('kill -9 of the server and of Redis between changes: each that was acknowledged is told, once and in order', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const server = await startServer(t, { ...settings(t, redis, smtp), ACCESS_TOKEN_TTL_MINUTES: '60' })
  const people = await Promise.all(Array.from({ length: WRITERS }, async () => await signUpThere(server, smtp)))
  const over = new AbortController()
  let acknowledged = 0
  const writing = people.map(async ({ browser, token, id }) => {
    const history: Array<{ told: string, isSure: boolean }> = []
    // What is there already is not told again.
    const possible = { name: new Set<string>(), locale: new Set(LOCALES) }
    let refused = 0
    for (let n = 0; !over.signal.aborted; n++) {
      const [field, value] = changes[n % changes.length]?.(n) ?? ['name', '']
      const { status } = await browser.call('PATCH', '/users/me', { [field]: value }, { token }).catch(() => ({ status: 0 }))
      if (status === 400) {
        refused++
        continue
      }
      const isAcknowledged = status === 200
      history.push({ told: field, isSure: isAcknowledged && !possible[field].has(value) })
      if (isAcknowledged) {
        acknowledged++
        possible[field] = new Set([value])
      } else {
        // Made or not: nobody knows.
        possible[field].add(value)
        await sleep(20)
      }
    }
    return { id, history, refused }
  })
  const untilSome = async (): Promise<void> => {
    const enough = acknowledged + CHANGES
    await until(() => Promise.resolve(acknowledged >= enough))
  }

  for (let kill = 0; kill < KILLS; kill++) {
    await untilSome()
    await server.restart()
    await untilSome()
    await redis.kill9()
    await redis.restart()
    await server.ready()
  }
  await untilSome()
  over.abort()
  const written = await Promise.all(writing)
  const outboxes = people.map(({ id }) => keys.account(id).events)
  await until(async () => (await Promise.all(outboxes.map(async (key) => await redis.client.exists(key)))).every((left) => left === 0))

  const log = (await redis.client.xrange(keys.events.log, '-', '+')).map(([, fields]) => fields)
  const numbers = log.map((fields) => `${fields[3]} ${fields[5]}`)
  t.equal(new Set(numbers).size, numbers.length, 'none is told twice')
  for (const { id, history, refused } of written) {
    const told = log.filter((fields) => fields[3] === id && fields[1] === 'account.updated').map((fields) => fields[7] ?? '')
    const sure = history.filter(({ isSure }) => isSure)
    t.ok(sure.length > 10 && refused > 0, `${sure.length} changes, ${refused} refused`)
    t.ok(isToldBy(told, history), `${told.length} told of ${sure.length} acknowledged, ${history.length - sure.length} doubtful`)
  }
  t.comment(`fault | kill -9 between change and telling | ${2 * KILLS} | ${acknowledged} | ${acknowledged} | 0 | - |`)
})
