import bcrypt from 'bcrypt'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import os from 'node:os'
import t, { type Test } from 'tap'
import {
  createPasswordPool,
  PasswordPoolBusyError,
  type PasswordPool,
  type PasswordPoolOptions
} from '../../../src/platform/passwords/pool.ts'

const SLOW_COST = 11
const QUICK_COST = 6

const startPool = async (t: Test, options: Partial<PasswordPoolOptions> = {}): Promise<PasswordPool> => {
  const pool = createPasswordPool({ size: 1, cost: QUICK_COST, queueLimit: 10, ...options })
  t.teardown(() => pool.close())
  await pool.ready()
  return pool
}

const busyPid = (pool: PasswordPool): number => {
  const pid = pool.workers().find(({ state }) => state === 'busy')?.pid
  if (pid === undefined) throw new Error('no worker is busy')
  return pid
}

const roundsOf = async (pool: PasswordPool, job: () => Promise<unknown>): Promise<number> => {
  const before = pool.metrics().rounds
  await job()
  return pool.metrics().rounds - before
}

const outcome = async (job: Promise<unknown>): Promise<unknown> => await job.then(() => 'done', (error: unknown) => error)

t.test('a hash is bcrypt of the input at the pool\'s cost, and only its input matches', async t => {
  const pool = await startPool(t)
  const hash = await pool.hash('an input')
  t.match(hash, /^\$2b\$06\$.{53}$/)
  t.ok(bcrypt.compareSync('an input', hash))
  t.equal(await pool.verify('an input', hash), true)
  t.equal(await pool.verify('an inpuT', hash), false)
})

t.test('an older, a malformed and an absurdly dear hash all cost the work of one hash at the current cost', async t => {
  const pool = await startPool(t)
  for (const cost of [4, 5, 6]) {
    const hash = bcrypt.hashSync('an input', cost)
    t.equal(await roundsOf(pool, async () => t.equal(await pool.verify('an input', hash), true)), 2 ** QUICK_COST, `right, cost ${cost}`)
    t.equal(await roundsOf(pool, async () => t.equal(await pool.verify('another', hash), false)), 2 ** QUICK_COST, `wrong, cost ${cost}`)
  }
  for (const hash of ['', 'no hash', '$2b$06$short', `$2b$31$${'.'.repeat(53)}`, `$1$06$${'.'.repeat(53)}`]) {
    t.equal(await roundsOf(pool, async () => t.equal(await pool.verify('an input', hash), false)), 2 ** QUICK_COST, hash)
  }
})

t.test('a dearer hash than today\'s still verifies', async t => {
  const pool = await startPool(t)
  const hash = bcrypt.hashSync('an input', QUICK_COST + 1)
  t.equal(await roundsOf(pool, async () => t.equal(await pool.verify('an input', hash), true)), 2 ** (QUICK_COST + 1))
})

t.test('one job more than may wait is refused at once, and all others are done', async t => {
  const pool = await startPool(t, { cost: SLOW_COST, queueLimit: 2 })
  const accepted = [pool.hash('runs'), pool.hash('waits'), pool.hash('waits too')]
  t.match(pool.metrics(), { running: 1, waiting: 2, refused: 0 })
  const refusal = await outcome(pool.hash('one too many'))
  t.match(pool.metrics(), { running: 1, waiting: 2, refused: 1, done: 0 }, 'nobody was waited for')
  t.ok(refusal instanceof PasswordPoolBusyError)
  t.match(refusal, { code: 'SERVICE_UNAVAILABLE', statusCode: 503, facts: { retryAfterSeconds: 1 } })
  t.equal((await Promise.all(accepted)).length, 3)
  t.match(pool.metrics(), { running: 0, waiting: 0, done: 3 })
})

t.test('the wait that is told grows with the queue', async t => {
  const pool = await startPool(t, { cost: 13, queueLimit: 20 })
  const accepted = Array.from({ length: 21 }, () => outcome(pool.hash('an input')))
  const refusal = await outcome(pool.hash('one too many'))
  t.ok(refusal instanceof PasswordPoolBusyError && refusal.retryAfterSeconds > 5)
  await pool.close()
  await Promise.all(accepted)
})

t.test('a job that waited too long is refused and never started', async t => {
  const pool = await startPool(t, { cost: SLOW_COST, maxWaitMs: 5 })
  const running = pool.hash('runs')
  t.ok(await outcome(pool.hash('waits')) instanceof PasswordPoolBusyError)
  t.match(await running, /^\$2b/)
  t.match(pool.metrics(), { waiting: 0, done: 1, refused: 1 })
})

t.test('kill -9 of a worker in the middle of a job loses nothing', async t => {
  const pool = await startPool(t, { size: 2, cost: SLOW_COST })
  const jobs = ['a', 'b', 'c', 'd'].map(input => pool.hash(input))
  const victim = busyPid(pool)
  process.kill(victim, 'SIGKILL')
  const hashes = await Promise.all(jobs)
  t.same(hashes.map((hash, place) => bcrypt.compareSync('abcd'.charAt(place), hash)), [true, true, true, true])
  t.match(pool.metrics(), { done: 4, refused: 0, restarts: 1 })
  t.notOk(pool.workers().some(({ pid }) => pid === victim), 'another worker took its place')
})

t.test('a job over which two workers died is given up, and the pool goes on', async t => {
  const warnings: string[] = []
  const pool = await startPool(t, { size: 1, cost: 12, log: { warn: (_details, message) => warnings.push(message) } })
  const poison = outcome(pool.hash('an input'))
  process.kill(busyPid(pool), 'SIGKILL')
  while (pool.metrics().restarts === 0 || pool.metrics().running === 0) await new Promise(setImmediate)
  process.kill(busyPid(pool), 'SIGKILL')
  t.match(await poison, { message: /two password workers died/ })
  t.equal(await pool.verify('another', 'no hash'), false)
  t.equal(warnings.length, 2)
})

t.test('a worker shows no input and no secret of the server in its arguments and environment', async t => {
  t.teardown(() => { delete process.env['DVOKROK_CANARY'] })
  process.env['DVOKROK_CANARY'] = 'secret-of-the-server'
  const pool = await startPool(t, { cost: SLOW_COST })
  const job = pool.hash('input-of-the-job')
  const [argv, environment] = ['cmdline', 'environ'].map(file => readFileSync(`/proc/${busyPid(pool)}/${file}`, 'utf8'))
  t.match(argv, /pool-worker/)
  t.notMatch(`${argv}${environment}`, /input-of-the-job|secret-of-the-server|DVOKROK/)
  await job
})

t.test('workers run at low priority', async t => {
  const pool = await startPool(t)
  t.same(pool.workers().map(({ pid }) => pid !== undefined && os.getPriority(pid)), [os.constants.priority.PRIORITY_BELOW_NORMAL])
})

t.test('closing answers the running job, refuses the waiting one and ends every worker', async t => {
  const pool = await startPool(t, { size: 2, cost: SLOW_COST, queueLimit: 1 })
  const running = [pool.hash('runs'), pool.hash('runs too')]
  const waiting = outcome(pool.hash('waits'))
  await pool.close()
  t.ok(await waiting instanceof PasswordPoolBusyError)
  t.equal((await Promise.all(running)).length, 2)
  t.same(pool.workers().map(({ state }) => state), ['gone', 'gone'])
  t.ok(await outcome(pool.hash('late')) instanceof PasswordPoolBusyError)
})

t.test('a pool that is closed before its workers have started leaves none behind', async t => {
  const pool = createPasswordPool({ size: 2, cost: QUICK_COST, queueLimit: 1 })
  await pool.close()
  t.same(pool.workers().map(({ state }) => state), ['gone', 'gone'])
})

t.test('workers end when their parent is killed', async t => {
  const parent = fork(new URL('./fixtures/pool-parent.ts', import.meta.url), {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc']
  })
  await once(parent, 'message')
  // The workers hold the other end of the parent's stderr: it closes when the last of them is gone.
  parent.stderr?.resume()
  const closed = parent.stderr && once(parent.stderr, 'close')
  parent.kill('SIGKILL')
  await closed
  t.pass('nobody holds it any more')
})
