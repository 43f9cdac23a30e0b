import { Agent, type IncomingHttpHeaders, request as httpRequest } from 'node:http'
import { Agent as TlsAgent, request as httpsRequest } from 'node:https'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  setCookies: string[]
  text: string
  /** The address of this machine on the connection. */
  localAddress: string
  milliseconds: number
}

export interface Question { method?: string, headers?: Record<string, string>, body?: unknown }

export interface Asker {
  target: string
  /** One request, redirects not followed. Rejects when there is no whole answer within the deadline. */
  ask: (path: string, question?: Question) => Promise<Answer>
  close: () => void
}

const DEADLINE_MS = 20_000
const MOST_BYTES = 4 * 1024 * 1024

/** Sends requests to a deployment as any client could. Certificates are not verified: tls.certificate does that, and others must go on. */
export function createAsker (target: string): Asker {
  const isTls = target.startsWith('https:')
  const agent = isTls ? new TlsAgent({ keepAlive: true, rejectUnauthorized: false }) : new Agent({ keepAlive: true })
  const request = isTls ? httpsRequest : httpRequest

  return {
    target,
    ask: async (path, { method = 'GET', headers = {}, body } = {}) => await new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body)
      const startedAt = performance.now()
      const outgoing = request(new URL(path, target), {
        method,
        agent,
        signal: AbortSignal.timeout(DEADLINE_MS),
        headers: { 'user-agent': 'dvokrok-doctor', ...(payload === undefined ? {} : { 'content-type': 'application/json' }), ...headers }
      }, (incoming) => {
        // Read now: a socket that is back in the pool has lost its address.
        const localAddress = incoming.socket.localAddress ?? ''
        let text = ''
        incoming.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
          if (text.length > MOST_BYTES) incoming.destroy(new Error('the answer has no end'))
        })
        incoming.once('error', reject).once('end', () => {
          const { statusCode: status = 0, headers } = incoming
          const milliseconds = performance.now() - startedAt
          resolve({ status, headers, setCookies: headers['set-cookie'] ?? [], text, localAddress, milliseconds })
        })
      })
      outgoing.once('error', reject).end(payload)
    }),
    close: () => { agent.destroy() }
  }
}

type Fields = Record<string, unknown>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields of a JSON object; an empty object for anything else. */
export function fieldsOf ({ text }: { text: string }): Fields {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : {}
  } catch {
    return {}
  }
}

/** The objects in a list; none in anything else. */
export const objectsIn = (list: unknown): Fields[] => Array.isArray(list) ? list.filter(isFields) : []

export const headerOf = ({ headers }: Pick<Answer, 'headers'>, name: string): string => [headers[name] ?? ''].flat().join(', ')
