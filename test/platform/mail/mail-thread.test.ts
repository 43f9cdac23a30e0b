import { once } from 'node:events'
import t from 'tap'
import { loadConfig } from '../../../src/platform/config/config.ts'
import { parseRedisUrl } from '../../../src/platform/config/redis-target.ts'
import { startMailThread } from '../../../src/platform/mail/mail-thread.ts'
import { logIn, signUp, startApp } from '../../support/app.ts'

const EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

t.test('a thread that dies is told and replaced, and one that is closed is gone', async (t) => {
  const logs: Array<{ level: string, facts: object }> = []
  const log = (level: string) => (facts: object): void => { logs.push({ level, facts }) }
  const told = new EventTarget()
  const alive = once(told, 'state')
  const thread = startMailThread({
    entry: new URL(`../../support/mortal-thread${EXTENSION}`, import.meta.url),
    data: {
      config: loadConfig({ DATA_DIR: t.testdir() }),
      redisTarget: parseRedisUrl('redis://127.0.0.1:1'),
      smtpUrl: 'smtp://127.0.0.1:1',
      secret: 'none'
    },
    log: { info: log('info'), warn: log('warn'), error: log('error') },
    receive: ({ kind }) => { told.dispatchEvent(new Event(kind)) }
  })
  await alive
  await thread.close()
  t.strictSame(logs, [{ level: 'error', facts: { event: 'mail.worker_died', reason: 'out of luck' } }])
})

t.test('the log and the metrics of a server tell of the mails that its thread sends', async (t) => {
  const server = await startApp(t, { env: { METRICS_TOKEN: 'a-token-for-prometheus-0123456789' } })
  const { who } = await signUp(server)
  await logIn(server, who)
  const sent = server.logs.filter((line) => line.includes('"event":"mail.sent"'))
  t.ok(sent.length >= 2)
  t.ok(sent.every((line) => !line.includes(who.email)))
  const { body } = await server.fastify.inject({ url: '/metrics', headers: { authorization: 'Bearer a-token-for-prometheus-0123456789' } })
  t.match(body, /dvokrok_mails_total\{outcome="sent"\} [2-9]/)
  t.match(body, /dvokrok_codes_total\{purpose="login",event="sent"\} 1/)
})
