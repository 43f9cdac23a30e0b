import { setTimeout as sleep } from 'node:timers/promises'
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import { isChallenge } from '../../../records/throttling/captcha.ts'
import { type Answer, type Asker, fieldsOf } from '../http.ts'

export interface Reply extends Answer { body: Record<string, unknown> }

export interface PostOptions {
  token?: string | undefined
  headers?: Record<string, string>
  method?: string
}

/** A browser with its own cookies. */
export interface Visitor {
  cookies: Map<string, string>
  /** Sends one request. Any answer is returned. */
  send: (path: string, body?: unknown, options?: PostOptions) => Promise<Reply>
  /** Like `send`, but waits as long as a refusal says and solves the proof of work where one is asked for, then tries again. */
  insist: (path: string, body: Record<string, unknown>, options?: PostOptions) => Promise<Reply>
}

/** Limits per source are over after a minute; longer waits are not worth it. */
const LONGEST_WAIT_SECONDS = 65
const MOST_TRIES = 4

export function createVisitor ({ ask }: Asker, signal: AbortSignal): Visitor {
  const cookies = new Map<string, string>()

  const send: Visitor['send'] = async (path, body, { token, headers = {}, method = 'POST' } = {}) => {
    signal.throwIfAborted()
    const answer = await ask(path, {
      method,
      body,
      headers: {
        ...(cookies.size > 0 ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers
      }
    })
    for (const line of answer.setCookies) keep(cookies, line)
    return { ...answer, body: fieldsOf(answer) }
  }

  return {
    cookies,
    send,
    insist: async (path, body, options) => {
      let reply = await send(path, body, options)
      for (let tries = 1; tries < MOST_TRIES; tries++) {
        const { code, retryAfterSeconds: seconds, captcha } = reply.body
        if (code === 'CAPTCHA_REQUIRED') {
          reply = await send(path, { ...body, captcha: await solve(captcha) }, options)
        } else if (isTemporary(code) && typeof seconds === 'number' && seconds <= LONGEST_WAIT_SECONDS) {
          await sleep(seconds * 1000, undefined, { signal })
          reply = await send(path, body, options)
        } else return reply
      }
      return reply
    }
  }
}

const isTemporary = (code: unknown): boolean => code === 'TOO_MANY_REQUESTS' || code === 'SERVICE_UNAVAILABLE'

async function solve (challenge: unknown): Promise<string> {
  if (!isChallenge(challenge)) throw new Error('the server asks for a proof of work and sends none')
  const solution = await solveChallenge({ challenge, deriveKey })
  return Buffer.from(JSON.stringify({ challenge, solution })).toString('base64')
}

function keep (cookies: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';')
  const at = pair.indexOf('=')
  const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
  if (value === '' || /;\s*max-age=0\s*(;|$)/i.test(line)) cookies.delete(name)
  else cookies.set(name, value)
}
