import { keys } from '../../src/platform/redis/keys.ts'
import type { RedisClient } from '../../src/platform/redis/connect.ts'
import { countOf, type History } from './history.ts'
import { leftovers } from './leftovers.ts'
import { answerTo } from './patience.ts'
import type { ServerProcess } from './process.ts'
import type { TestSmtp } from './smtp.ts'
import { codeFor, codeIn, type Life, type Session } from './traffic.ts'

/** What the account's log says for what was asked. */
const LOGGED: Array<[operation: string, event: string, result: string]> = [
  ['password', 'password', 'ok'], ['login', 'login', 'ok'], ['wrong_code', 'login', 'wrong'], ['code_resent', 'code_resent', 'ok'],
  ['logout', 'logout', 'ok'], ['password_changed', 'password_changed', 'ok']
]
const LATEST_CODE_MS = 40_000
const AT_ONCE = 8

/**
 * Looks whether everything that was ever promised to these people is true (I1 to I8); what is not becomes a violation of `history`.
 * Who waits for a mail that a killed server had in its hands is answered, to be asked again later with `isLast`.
 */
export async function audit (
  server: ServerProcess,
  smtp: TestSmtp,
  redis: RedisClient,
  history: History,
  lives: Life[],
  isLast = false
): Promise<Life[]> {
  const waiting: Life[] = []
  const queue = [...lives]
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let life = queue.shift(); life; life = queue.shift()) {
        if (await auditOne(life)) continue
        waiting.push(life)
        history.hold(!isLast, `I1: the mail to ${life.who.email} never came`)
      }
    })
  )
  for (const found of await leftovers(redis)) history.hold(false, `I6, I7: ${found}`)
  return waiting

  /** False while the code of a sign-up is on its way. */
  async function auditOne (life: Life): Promise<boolean> {
    if (!life.id && life.spent.length === 0 && !(await confirmed(life))) return false
    if (life.id) await sameAsLogged(life.id, life)
    for (const session of life.sessions) await sessionStands(session)
    for (const { otp, pendingToken } of life.spent) {
      const { status, body } = await answerTo(async () => await server.browser().post('/auth/verify-otp', { otp }, { token: pendingToken }))
      kept(status === 401 && body['code'] === 'CHALLENGE_INVALID', `I2: a code was accepted twice: ${status}`)
    }
    for (const successors of life.successors.values()) kept(successors.size === 1, `I4: ${successors.size} successors of one refresh token`)
    await passwordStands(life)
    return true
  }

  /** The code may have been given already, and its answer lost. */
  async function confirmed (life: Life): Promise<boolean> {
    const otp = (await codeFor(smtp, life, isLast ? LATEST_CODE_MS : 1)) ?? codeIn(smtp.mails.findLast(({ to }) => to === life.who.email))
    if (!otp) {
      kept((await answerTo(async () => await life.browser.get('/auth/2fa'))).status === 200, 'I1: a registered address is forgotten')
      return false
    }
    let asked = 0
    const { status, body, text } = await answerTo(async () => {
      asked++
      return await life.browser.post('/auth/verify-otp', { otp })
    })
    const isLost = asked > 1 || countOf(life.log, 'sign_up', 'unknown') > 0
    kept(status === 200 || (isLost && body['code'] === 'CHALLENGE_INVALID'), `I1: a registered address cannot be confirmed: ${text}`)
    return true
  }

  /** Nothing twice, nothing lost, nothing by halves (I1, I3, I8): the account's own log is written in the script that acts. */
  async function sameAsLogged (id: string, { log }: Life): Promise<void> {
    const events = (await redis.xrange(keys.account(id).activity, '-', '+')).map(
      ([, [, event = '', , result = '']]) => `${event} ${result}`
    )
    for (const [operation, event, result] of LOGGED) {
      const logged = events.filter((one) => one === `${event} ${result}`).length
      const [ok, unknown] = [countOf(log, operation, 'ok'), countOf(log, operation, 'unknown')]
      history.checked += ok
      history.hold(
        logged >= ok && logged <= ok + unknown,
        `I8: ${operation} was answered ${ok} times, ${unknown} without a word, and happened ${logged} times`
      )
    }
  }

  async function sessionStands ({ browser, token, state }: Session): Promise<void> {
    const me = await answerTo(async () => await browser.get('/auth/me', { token }))
    if (state === 'live') kept(me.status === 200, `I1: a session is lost: ${me.text}`)
    if (state !== 'ended') return
    const cookie = browser.cookies.get('refresh') ?? ''
    const refresh = await answerTo(async () => await browser.post('/auth/refresh', undefined, { headers: { cookie: `refresh=${cookie}` } }))
    kept(me.status === 401 && refresh.status === 401, `I5: an ended session still works: ${me.status}, ${refresh.status}`)
  }

  /** One of the passwords opens, the others do not. */
  async function passwordStands ({ who, passwords }: Life): Promise<void> {
    const statuses = []
    for (const password of passwords) {
      statuses.push((await answerTo(async () => await server.browser().post('/auth/login', { email: who.email, password }))).status)
    }
    kept(
      statuses.toSorted().join() === [200, ...passwords.slice(1).map(() => 401)].join(),
      `I1, I6: an account answers its passwords with ${statuses.join()}`
    )
  }

  function kept (isTrue: boolean, claim: string): void {
    history.checked++
    history.hold(isTrue, claim)
  }
}
