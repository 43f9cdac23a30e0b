import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { keys } from '../../../src/platform/redis/keys.ts'
import { mailTo, newAttempt, openOutbox } from '../../support/outbox.ts'
import { startRedis, type TestRedis } from '../../support/redis.ts'
import { startSmtp } from '../../support/smtp.ts'

const MINUTE_MS = 60_000
const queue = `${keys.mail}:outbox`

t.test('a server that greets after 7 seconds, or answers a mail after 25, has it once, and others do not wait', async (t) => {
  const redis = await startRedis(t)
  // Real time is the subject: these are the waits that were seen.
  const [lateGreeting, lateAnswer] = [await startSmtp(t), await startSmtp(t)]
  lateGreeting.behaviour.greetsAfterMs = 7_000
  lateAnswer.behaviour.holdsAnswers = true
  const slow = await openOutbox(t, redis, lateGreeting)
  slow.outbox.start()
  await slow.outbox.add(newAttempt('olena'))
  await lateGreeting.next('olena@example.org', undefined, 20_000)
  await slow.logged('mail.sent')
  await slow.outbox.close()

  const { outbox, logs, logged } = await openOutbox(t, redis, lateAnswer)
  outbox.start()
  await outbox.add(newAttempt('petro'))
  await lateAnswer.next('petro@example.org')
  const answered = new Promise((resolve) => { setTimeout(resolve, 25_000) })
  lateAnswer.behaviour.holdsAnswers = false
  await outbox.add(newAttempt('maria'))
  await lateAnswer.next('maria@example.org')
  await answered
  lateAnswer.answer()
  await logged('mail.sent')
  await outbox.close()
  t.strictSame(lateAnswer.mails.map(({ to }) => to), ['petro@example.org', 'maria@example.org'])
  t.strictSame(logs.map(({ event, attempt }) => [event, attempt]), [['mail.sent', 1], ['mail.sent', 1]])
})

t.test('twenty mails that are not answered hold up no other one, and no shutdown', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox, logged } = await openOutbox(t, redis, smtp)
  smtp.behaviour.holdsAnswers = true
  for (let n = 0; n < 20; n++) await outbox.add(newAttempt(`slow${n}`))
  outbox.start()
  await Promise.all(Array.from({ length: 20 }, async (_, n) => await smtp.next(`slow${n}@example.org`)))
  smtp.behaviour.holdsAnswers = false
  await outbox.add(newAttempt('olena'))
  await smtp.next('olena@example.org')
  await outbox.close()
  await logged('mail.left')
})

t.test('a mail whose server had it and broke off without an answer is not sent again before ten minutes, then as the same', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox, logs, logged } = await openOutbox(t, redis, smtp)
  smtp.behaviour.holdsAnswers = true
  outbox.start()
  await outbox.add(newAttempt('olena'))
  const first = await smtp.next('olena@example.org')
  smtp.breakConnections()
  await logged('mail.unanswered')
  t.equal(await waits(redis), 11)
  t.match(logs, [{ event: 'mail.unanswered', waitSeconds: 660 }])

  smtp.behaviour.holdsAnswers = false
  const [id = ''] = await redis.client.zrange(`${queue}:delayed`, '0', '-1')
  await redis.client.hset(`${queue}:${id}`, 'delay', '0')
  await due(redis)
  const second = await smtp.next('olena@example.org', undefined, 20_000)
  t.equal(second.headers['message-id'], first.headers['message-id'])
})

t.test('a mail that a killed process had given to the mail server waits as long; one it had not goes out at once', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox, logged } = await openOutbox(t, redis, smtp)
  smtp.behaviour.holdsAnswers = true
  await outbox.add(newAttempt('olena'))
  const victim = fork(fileURLToPath(new URL('../../support/outbox-victim.ts', import.meta.url)), [redis.url, smtp.url], {
    execArgv: ['--import', import.meta.resolve('tsx')]
  })
  await smtp.next('olena@example.org', undefined, 20_000)
  victim.kill('SIGKILL')
  await once(victim, 'exit')
  smtp.behaviour.holdsAnswers = false
  outbox.start()
  await logged('mail.unanswered')
  await outbox.add(newAttempt('maria'))
  await smtp.next('maria@example.org')
  t.equal(smtp.mails.filter(({ to }) => to === 'olena@example.org').length, 1)
  t.equal(await waits(redis), 11)
})

t.test('a mail that was refused after DATA, or never got so far, does not wait', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox, logs, logged } = await openOutbox(t, redis, smtp)
  smtp.behaviour.mode = 'tarpit'
  const stuck = smtp.refusal()
  outbox.start()
  await outbox.add(newAttempt('olena'))
  await stuck
  smtp.breakConnections()
  await logged('mail.delayed')
  smtp.behaviour.mode = 'ok'
  await smtp.next('olena@example.org')
  t.notOk(logs.some(({ event }) => event === 'mail.unanswered'))
})

t.test('a process that lost its mail to another one while the server was slow does not send it', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox } = await openOutbox(t, redis, smtp)
  let sends = 0
  const lost = await openOutbox(t, redis, smtp, {
    send: async (_mail, _id, beforeData) => {
      const [lock = ''] = await redis.client.keys(`${queue}:*:lock`)
      await redis.client.set(lock, 'somebody else')
      await beforeData()
      sends++
    }
  })
  lost.outbox.start()
  await outbox.add(newAttempt('olena'))
  await lost.logged('mail.delayed')
  t.equal(sends, 0)
})

t.test('no more mails leave in an hour than LIMIT_MAILS_HOUR, those that lead to nobody count too, and the rest wait', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { outbox, logs, logged } = await openOutbox(t, redis, smtp, {
    hourlyLimit: 8,
    prepare: async ({ attemptId }) => attemptId.startsWith('nobody') ? null : mailTo(`${attemptId}@example.org`)
  })
  for (let n = 0; n < 20; n++) await outbox.add(newAttempt(n % 2 === 0 ? `person${n}` : `nobody${n}`))
  outbox.start()
  await logged('mail.held')
  const count = (event: string): number => logs.filter((line) => line['event'] === event).length
  while (count('mail.held') < 12 || count('mail.sent') + count('mail.dropped') < 8) {
    await new Promise((resolve) => { setTimeout(resolve, 20) })
  }
  t.strictSame([count('mail.sent') + count('mail.dropped'), count('mail.held')], [8, 12])
  t.equal(smtp.mails.length, count('mail.sent'))
  t.equal(await redis.client.zcard(`${queue}:delayed`), 12, 'none is lost')
})

/** For how many whole minutes the only mail waits, rounded up. */
async function waits ({ client }: TestRedis): Promise<number> {
  for (;;) {
    const [, score] = await client.zrange(`${queue}:delayed`, '0', '-1', 'WITHSCORES')
    if (score !== undefined) return Math.ceil((Number(score) / 0x1000 - Date.now()) / MINUTE_MS)
  }
}

/** Makes what waits due. */
async function due ({ client }: TestRedis): Promise<void> {
  const [id = ''] = await client.zrange(`${queue}:delayed`, '0', '-1')
  await client.zadd(`${queue}:delayed`, '1', id)
  // Who waits for the next one that is due looks again.
  await client.zadd(`${queue}:marker`, '0', '0')
}
