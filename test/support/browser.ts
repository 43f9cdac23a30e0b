import { json } from './shapes.ts'
interface Request { method: Method, url: string, remoteAddress: string, headers: Record<string, string>, payload?: string }
interface Response { statusCode: number, headers: Answer['headers'], body: string }

/** What a browser needs of a server: `fastify.inject`, or the same over HTTP (process.ts). */
export interface Reachable { inject: (request: Request) => Promise<Response> }

export interface BrowserOptions { ip?: string, locale?: string, userAgent?: string, origin?: string }

export interface Answer {
  status: number
  headers: Record<string, string | string[] | number | undefined>
  text: string
  body: Record<string, unknown>
  setCookies: string[]
}

export interface CallOptions { token?: string | undefined, headers?: Record<string, string>, raw?: string, cookies?: boolean }

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'HEAD'

let addresses = 1

/** One person's browser: cookies and address of its own. */
export class Browser {
  readonly cookies = new Map<string, string>()
  token: string | undefined
  readonly #server: Reachable
  readonly #options: Required<BrowserOptions>

  constructor (server: Reachable, options: BrowserOptions = {}) {
    this.#server = server
    addresses++
    this.#options = {
      ip: `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`,
      locale: 'en',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      origin: 'http://localhost:3000',
      ...options
    }
  }

  async call (
    method: Method, url: string, body?: unknown, { token, headers = {}, raw, cookies = true }: CallOptions = {}
  ): Promise<Answer> {
    const { ip, locale, userAgent, origin } = this.#options
    const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const answer = await this.#server.inject({
      method,
      url,
      remoteAddress: ip,
      headers: {
        'accept-language': locale,
        'user-agent': userAgent,
        origin,
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(cookies && this.cookies.size > 0 ? { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...headers
      },
      ...(payload === undefined ? {} : { payload })
    })
    // Injected answers that need no Redis never let the event loop turn, and the server would call itself overloaded.
    await new Promise(setImmediate)
    const setCookies = [answer.headers['set-cookie'] ?? []].flat().map(String)
    for (const line of setCookies) this.#keep(line)
    const isJson = answer.body !== '' && String(answer.headers['content-type']).includes('json')
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      body: isJson ? json(answer.body) : {},
      setCookies
    }
  }

  get = async (url: string, options?: CallOptions): Promise<Answer> => await this.call('GET', url, undefined, options)
  post = async (url: string, body?: unknown, options?: CallOptions): Promise<Answer> => await this.call('POST', url, body, options)

  #keep (line: string): void {
    const [pair = '', ...attributes] = line.split(';')
    const at = pair.indexOf('=')
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
    if (value === '' || attributes.some((one) => /^\s*max-age=0\s*$/i.test(one))) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

/** Header and claims of a JWT, unverified. */
export function decode (token: string): { header: Record<string, unknown>, claims: Record<string, unknown> } {
  const [header = '', claims = ''] = token.split('.')
  const read = (part: string): Record<string, unknown> => json(Buffer.from(part, 'base64url').toString())
  return { header: read(header), claims: read(claims) }
}
