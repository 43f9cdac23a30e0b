import { AsyncLocalStorage } from 'node:async_hooks'
import { ALL_ACCOUNTS, ALL_ADDRESSES } from './key-prefixes.ts'
import type { TestApp } from './app.ts'
import type { Answer } from './browser.ts'
import { ageRecords } from './redis.ts'

/** What an answer cost: all that the person who asked had to wait for. */
export interface Cost { commands: string[], jobs: number, rounds: number }

const asked = new AsyncLocalStorage<string[]>()
const watched = new WeakSet<object>()

/**
 * An answer and what it cost: the Redis commands it waited for, in order (scripts by their digest), and the password work. What
 * the mail worker does on the same connection meanwhile does not count. One at a time per server: the password pool is shared.
 */
export async function costOf (server: TestApp, ask: () => Promise<Answer>): Promise<{ answer: Answer, cost: Cost }> {
  const { redis, passwords } = server.inside
  if (!watched.has(redis)) {
    watched.add(redis)
    const send = redis.sendCommand
    redis.sendCommand = function (command, stream) {
      const script = command.name.startsWith('evalsha') ? ` ${String(command.args[0])} ${String(command.args[1])}` : ''
      asked.getStore()?.push(command.name + script)
      return send.call(this, command, stream)
    }
  }
  const commands: string[] = []
  const before = passwords.metrics()
  const answer = await asked.run(commands, ask)
  const after = passwords.metrics()
  return { answer, cost: { commands, jobs: after.done - before.done, rounds: after.rounds - before.rounds } }
}

const MASKED_FIELDS = new Set(['userId', 'pendingToken', 'requestId'])
const TIMED_HEADERS = new Set(['date', 'retry-after', 'x-ratelimit-reset'])
const hide = (text: string): string => text.replace(/[\w-]/g, '#')
const hideDigits = (value: unknown): string => String(value).replace(/\d/g, '0')

/** Everything of an answer that a stranger could compare: random ids and tokens and running seconds only by their length. */
export function visible ({ status, headers, body }: Answer): object {
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => {
      if (name === 'x-request-id') return [name, hide(String(value))]
      if (name === 'set-cookie') return [name, [value].flat().map((line) => String(line).replace(/=[^;]+/, hide))]
      return [name, TIMED_HEADERS.has(name) ? hideDigits(value) : value]
    })),
    body: Object.fromEntries(Object.entries(body).map(([name, value]) => {
      if (MASKED_FIELDS.has(name)) return [name, hide(String(value))]
      return [name, name === 'detail' || name.endsWith('Seconds') ? hideDigits(value) : value]
    }))
  }
}

/** Resolves when the outbox is empty: every mail asked for so far was handed over or dropped. */
export async function mailsSettled ({ redis }: TestApp): Promise<void> {
  for (;;) {
    const counts = await redis.client.multi().llen('{mail}:outbox:wait').llen('{mail}:outbox:active').zcard('{mail}:outbox:delayed').exec()
    if (counts?.every(([, count]) => count === 0)) return
  }
}

/** Makes time pass for everything but mails, after those on their way have gone out. */
export async function pass (server: TestApp, milliseconds: number): Promise<void> {
  await mailsSettled(server)
  await ageRecords(server.redis.client, [ALL_ADDRESSES, ALL_ACCOUNTS, 'limit:'], milliseconds)
}

/** Answers by their code, such as `{ OTP_INVALID: 5, CHALLENGE_INVALID: 195 }`; a success by its status. */
export function tally (answers: Answer[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, body } of answers) {
    const name = String(body['code'] ?? status)
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** Status and code, as most refusals are compared. */
export const refusalOf = ({ status, body }: Answer): [number, unknown] => [status, body['code']]
