import t from 'tap'
import { createAdmission } from '../../../src/platform/passwords/admission.ts'
import { createPasswordPool, PasswordPoolBusyError } from '../../../src/platform/passwords/pool.ts'
import { keys } from '../../../src/platform/redis/keys.ts'
import { createSharedPool } from '../../../src/platform/workers/shared-pool.ts'
import { person, startApp } from '../../support/app.ts'

const nextTurn = async (): Promise<void> => { await new Promise(setImmediate) }
const refusal = (): PasswordPoolBusyError => new PasswordPoolBusyError(7)

t.test('however many come at once, a few get their turn before the loop goes round', async (t) => {
  const places = createAdmission({ capacity: 100, refusal })
  const passed: number[] = []
  for (let n = 0; n < 10; n++) places.arrive(null, null, (error) => { if (!error) passed.push(n) })
  const seen = [passed.length]
  while (passed.length < 10) {
    await nextTurn()
    seen.push(passed.length)
  }
  t.strictSame(seen, [0, 4, 8, 10])
  t.strictSame(passed, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'first come, first served')
})

t.test('a thousand may wait for their turn; whoever comes then is answered at once', async (t) => {
  const places = createAdmission({ capacity: 1, refusal })
  let passed = 0
  for (let n = 0; n < 1_500; n++) places.arrive(null, null, () => { passed++ })
  t.equal(passed, 500)
  for (let turn = 0; turn < 250; turn++) await nextTurn()
  t.equal(passed, 1_500)
})

t.test(
  '40 at once for 3 places: 3 get one, the others are refused, and a place is free again when its work ends, well or badly',
  async (t) => {
    const places = createAdmission({ capacity: 3, refusal })
    let end: (error: Error) => void = () => {}
    const ended = new Promise<never>((_resolve, reject) => {
      end = reject
    })
    const all = Array.from({ length: 40 }, async () => await places.inPlace(async () => await ended)().catch((error: Error) => error))
    const refused = await Promise.all(all.slice(3))
    t.ok(refused.every((error) => error instanceof PasswordPoolBusyError && error.retryAfterSeconds === 7))
    const arrival = async (): Promise<Error | undefined> =>
      await new Promise((resolve) => {
        places.arrive(null, null, resolve)
      })
    t.ok((await arrival()) instanceof PasswordPoolBusyError)
    end(new Error('this work went wrong'))
    t.match(
      await Promise.all(all.slice(0, 3)),
      Array.from({ length: 3 }, () => ({ message: 'this work went wrong' }))
    )
    t.equal(await arrival(), undefined)
    t.equal(await places.inPlace(async () => 'done')(), 'done')
  }
)

t.test('while there is no room, a login is refused before it is counted or read, and everything else goes on', async (t) => {
  const pool = createPasswordPool({ size: 1, cost: 10, queueLimit: 1, maxWaitMs: 120_000 })
  t.teardown(async () => { await pool.close() })
  await pool.ready()
  const pid = pool.workers()[0]?.pid ?? 0
  const server = await startApp(t, { passwordPool: pool })
  const logIn = async () => {
    const { email, password } = person()
    return await server.browser().post('/auth/login', { email, password })
  }
  const counted = async (): Promise<string[]> =>
    await Promise.all((await server.redis.client.keys(`${keys.limits}*`)).map(async (key) => (await server.redis.client.get(key)) ?? ''))

  process.kill(pid, 'SIGSTOP')
  t.teardown(() => { process.kill(pid, 'SIGCONT') })
  const taken = [logIn(), logIn()]
  while (pool.metrics().running + pool.metrics().waiting < 2) await nextTurn()
  const before = await counted()
  const refused = await Promise.all([
    ...Array.from({ length: 20 }, logIn),
    server.browser().post('/auth/login', { nothing: 'that the schema knows' }),
    server.browser().post('/auth/register', person())
  ])
  for (const { status, body, headers } of refused) {
    t.match({ status, code: body['code'] }, { status: 503, code: 'SERVICE_UNAVAILABLE' })
    t.ok(Number(headers['retry-after']) >= 1)
  }
  t.ok(before.length > 0)
  t.strictSame(await counted(), before)
  t.equal((await server.browser().get('/auth/me')).status, 401)
  t.equal(pool.metrics().refused, refused.length)
  const told = server.logs.filter((line) => line.includes('"event":"unavailable"'))
  t.match(told[0], /no room for more password work/)
  t.ok(told.length < refused.length, 'the log does not grow with the flood')

  process.kill(pid, 'SIGCONT')
  t.strictSame((await Promise.all(taken)).map(({ status }) => status), [401, 401])
  t.equal((await logIn()).status, 401, 'there is room again')
})

t.test('a worker process has its own share of the places, and tells a wait that whoever is refused can use', async (t) => {
  const pool = createSharedPool(() => {}, 33)
  t.equal(pool.capacity, 33)
  t.equal(pool.refusal().retryAfterSeconds, 2, 'nobody is sent into a crowd at once')
  t.equal(pool.metrics().refused, 1)
})
