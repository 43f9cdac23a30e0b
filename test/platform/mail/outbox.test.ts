import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Outbox } from '../../../src/platform/mail/outbox.ts'
import { keys } from '../../../src/platform/redis/keys.ts'
import { CODE, type Job, newAttempt as job, openOutbox } from '../../support/outbox.ts'
import { startRedis, type TestRedis } from '../../support/redis.ts'
import { startSmtp } from '../../support/smtp.ts'

/** All that Redis holds of the outbox, as text. */
async function dump ({ client }: TestRedis): Promise<string> {
  const names = await client.keys('*')
  const values = await Promise.all(names.map(async (name) => await client.type(name) === 'hash' ? await client.hgetall(name) : ''))
  return JSON.stringify([names, values])
}

const jobsLeft = async ({ client }: TestRedis): Promise<number> => {
  const lists = await Promise.all(['wait', 'active'].map(async (list) => await client.llen(`${keys.mail}:outbox:${list}`)))
  return lists.reduce((sum, n) => sum + n, await client.zcard(`${keys.mail}:outbox:delayed`))
}

t.test('a mail that is in the outbox goes out, and leaves nothing behind', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox } = await openOutbox(t, redis, smtp)
  await outbox.add(job('olena'))
  t.equal(smtp.mails.length, 0, 'it waits until the outbox is started')
  outbox.start()
  const mail = await smtp.next('olena@example.org')
  t.match(mail.subject, CODE)
  await outbox.close()
  t.equal(await jobsLeft(redis), 0)
  t.notMatch(await dump(redis), 'olena')
})

t.test(
  'while the mail server is away a mail is tried again under the same Message-ID, and Redis holds no code and no address of it',
  async (t) => {
    const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
    const { outbox, logs, logged } = await openOutbox(t, redis, smtp)
    const next = held<string>()
    const { outbox: noting } = await openOutbox(t, redis, smtp, {
      send: async (_mail, jobId) => {
        next.resolve(jobId)
      }
    })
    smtp.behaviour.mode = 'later'
    outbox.start()
    await outbox.add(job('olena'))
    await logged('mail.delayed')
    await outbox.close()
    const kept = await dump(redis)
    t.match(kept, /attemptId/, 'the job is there')
    t.notMatch(kept, new RegExp(`${CODE}|olena@`), 'by its id alone')
    t.notMatch(JSON.stringify(logs), new RegExp(`${CODE}|olena@`), 'the log neither')

    noting.start()
    t.equal(await next.promise, logs[0]?.['jobId'])
  }
)

t.test('the mail arrives when the mail server is back', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox, logged } = await openOutbox(t, redis, smtp)
  smtp.behaviour.mode = 'down'
  outbox.start()
  await outbox.add(job('olena'))
  await logged('mail.delayed')
  smtp.behaviour.mode = 'ok'
  t.match((await smtp.next('olena@example.org')).subject, CODE)
})

t.test('what no longer lives is dropped: nothing is sent', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox, logged } = await openOutbox(t, redis, smtp, { prepare: async () => null })
  outbox.start()
  await outbox.add(job('olena'))
  await logged('mail.dropped')
  await outbox.close()
  t.same(smtp.mails, [])
  t.equal(await jobsLeft(redis), 0)
})

t.test('a no for good ends the job after one try', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox, logs, logged } = await openOutbox(t, redis, smtp)
  smtp.behaviour.mode = 'refuse'
  outbox.start()
  await outbox.add(job('olena'))
  await logged('mail.given_up')
  await outbox.close()
  t.equal(smtp.behaviour.attempts, 1)
  t.equal(await jobsLeft(redis), 0, 'it waits for no second try')
  t.match(logs, [{ event: 'mail.given_up', job: 'code', reason: /550/ }])
  t.notMatch(JSON.stringify(logs) + await dump(redis), 'olena@')
})

t.test('with Redis away at the start, adding fails, and everything works when it comes', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  await redis.kill9()
  const { outbox } = await openOutbox(t, redis, smtp)
  outbox.start()
  await t.rejects(outbox.add(job('too-early')), 'nothing is promised')
  await redis.restart()
  await added(outbox, 'olena')
  await smtp.next('olena@example.org')
  t.notOk(smtp.mails.some(({ to }) => to.startsWith('too-early')))
})

t.test('a Redis that is killed under a running outbox costs no accepted mail and needs no restart', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox, logged } = await openOutbox(t, redis, smtp)
  outbox.start()
  await outbox.add(job('first'))
  await smtp.next('first@example.org')
  smtp.behaviour.mode = 'later'
  await outbox.add(job('waiting'))
  await redis.kill9()
  await t.rejects(outbox.add(job('nobody')))
  await logged('mail.outbox_away')
  smtp.behaviour.mode = 'ok'
  await redis.restart()
  await added(outbox, 'second')
  await Promise.all([smtp.next('second@example.org'), smtp.next('waiting@example.org', undefined, 20_000)])
  t.notOk(smtp.mails.some(({ to }) => to.startsWith('nobody')))
})

t.test('a Redis that does not answer makes adding fail, not hang', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox } = await openOutbox(t, redis, smtp)
  await outbox.add(job('olena'))
  redis.pause()
  await t.rejects(outbox.add(job('second')), /timed out/)
  redis.resume()
  outbox.start()
  await smtp.next('olena@example.org')
})

t.test('a mail in the hands of a process that is killed goes out from the next one', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox } = await openOutbox(t, redis, smtp)
  await outbox.add(job('olena'))
  const victim = fork(fileURLToPath(new URL('../../support/outbox-victim.ts', import.meta.url)), [redis.url], {
    execArgv: ['--import', import.meta.resolve('tsx')]
  })
  await once(victim, 'message')
  victim.kill('SIGKILL')
  await once(victim, 'exit')
  outbox.start()
  t.match((await smtp.next('olena@example.org', undefined, 20_000)).subject, CODE)
})

t.test('closing waits for the mail on its way, so it is not sent again', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const [sending, released] = [held<boolean>(), held<boolean>()]
  let sent = 0
  const { outbox } = await openOutbox(t, redis, smtp, {
    send: async () => {
      sending.resolve(true)
      await released.promise
      sent++
    }
  })
  outbox.start()
  await outbox.add(job('olena'))
  await sending.promise
  const closed = outbox.close()
  released.resolve(true)
  await closed
  t.equal(sent, 1)
  t.equal(await jobsLeft(redis), 0, 'and Redis knows that it is done')
})

/** A promise that the test settles. */
function held<Value> (): { promise: Promise<Value>, resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => {}
  const promise = new Promise<Value>((_resolve) => { resolve = _resolve })
  return { promise, resolve }
}

/** Adds as soon as the connection for requests stands. */
async function added (outbox: Outbox<Job>, attemptId: string): Promise<void> {
  for (;;) {
    try {
      await outbox.add(job(attemptId))
      return
    } catch {
      await new Promise((resolve) => { setTimeout(resolve, 20) })
    }
  }
}
