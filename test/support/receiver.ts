import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { json, portOf } from './shapes.ts'

export interface Received { headers: IncomingHttpHeaders, raw: string, body: Record<string, string>, path: string }

export interface TestReceiver {
  url: string
  /** Every request so far. */
  requests: Received[]
  /** What it answers, in order; the last one from then on. */
  answers: Array<{ status: number, headers?: Record<string, string> }>
  /** The oldest request that was not handed out yet, awaited if need be. */
  next: (milliseconds?: number) => Promise<Received>
  close: () => Promise<void>
}

/** A real HTTP server on loopback, as an operator's sender of text messages, gone at the end of `t`. */
export async function startReceiver (t: { teardown: (fn: () => unknown) => unknown }): Promise<TestReceiver> {
  const requests: Received[] = []
  const answers: TestReceiver['answers'] = [{ status: 204 }]
  const events = new EventEmitter().setMaxListeners(0)
  let handedOut = 0
  const server = createServer((request, response) => {
    request.setEncoding('utf8').toArray().then((chunks) => {
      const raw = chunks.join('')
      requests.push({ headers: request.headers, raw, body: json<Record<string, string>>(raw), path: request.url ?? '' })
      const { status, headers } = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 500 }
      response.writeHead(status, headers).end()
      events.emit('request')
    }, () => { response.destroy() })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise((resolve) => { server.close(resolve) })
  }
  t.teardown(close)
  return {
    url: `http://127.0.0.1:${portOf(server)}/send`,
    requests,
    answers,
    next: async (milliseconds = 10_000) => {
      const signal = AbortSignal.timeout(milliseconds)
      for (;;) {
        const request = requests[handedOut]
        if (request) {
          handedOut++
          return request
        }
        await once(events, 'request', { signal })
      }
    },
    close
  }
}

/** The code in a text message. */
export const codeIn = ({ body }: Received): string => /\d{6}/.exec(body['text'] ?? '')?.[0] ?? ''
