import { type CookieJar, createJar } from './jar.ts'
import { ApiProblem, problemOf } from './problem.ts'

export interface TransportOptions {
  /** Where the server is: its `PUBLIC_URL`; '' for the origin of the page. */
  url: string
  /** Whether browsers send cookies. Default `include`; on another site than the server's only `omit` works. */
  credentials?: 'include' | 'same-origin' | 'omit'
  /** Language of messages and mails. Default: what the browser prefers. */
  locale?: string | (() => string)
  /** Where cookies are kept outside browsers. Default: in memory. */
  jar?: CookieJar
  /** How long to wait in all when the server asks to come back (`Retry-After`), before its refusal is handed on. Default 4. */
  maxWaitSeconds?: number
}

export interface Transport {
  /** Address of the server, without a slash at its end. */
  base: string
  /** @throws ApiProblem with code NETWORK if no response arrives */
  send: (make: MakeRequest, onWork?: OnWork) => Promise<Response>
}

/** Makes the same request for each try. */
export type MakeRequest = () => Request

/** Is called with `true` while a proof of work is computed, and with `false` afterwards. */
export type OnWork = (isWorking: boolean) => void

/** Longer than the server's own request timeout, so that its response arrives first. */
const TIMEOUT_MS = 20_000
const SAFE_TO_REPEAT = new Set(['GET', 'HEAD', 'PUT', 'DELETE'])

export const isBrowser = typeof location === 'object' && typeof BroadcastChannel === 'function'

/** For the times in mails: the server keeps that of a sign-in. */
export const withTimeZone = <Body extends object>(body: Body): Body & { timeZone?: string } =>
  isBrowser ? { timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone, ...body } : body

export function createTransport ({ url, credentials = 'include', locale, jar, maxWaitSeconds = 4 }: TransportOptions): Transport {
  const base = new URL(url, isBrowser ? location.origin : undefined).href.replace(/\/$/, '')
  const cookies = jar ?? (isBrowser ? null : createJar())
  const isOurs = (request: Request): boolean => request.url.startsWith(`${base}/`)

  async function once (request: Request): Promise<Response> {
    if (!isOurs(request)) return await delivered(request)
    const headers = new Headers(request.headers)
    const language = typeof locale === 'function' ? locale() : locale
    if (language) headers.set('accept-language', language)
    const isBare = request.credentials === 'omit'
    const kept = isBare ? '' : await cookies?.getCookieString(base)
    if (kept) headers.set('cookie', kept)
    const init = { headers, credentials: isBare ? 'omit' as const : credentials, signal: timed(request.signal) }
    const response = await delivered(new Request(request, init))
    if (cookies && !isBare) for (const cookie of response.headers.getSetCookie()) await cookies.setCookie(cookie, base)
    return response
  }

  /** Comes back when it may, if that is soon. */
  async function patient (make: MakeRequest): Promise<Response> {
    const giveUpAt = Date.now() + maxWaitSeconds * 1000
    for (;;) {
      const request = make()
      const response = await once(request)
      const waitMs = Number(response.headers.get('retry-after') ?? 0) * 1000
      if (!(waitMs > 0) || !mayRepeat(request, response) || Date.now() + waitMs > giveUpAt) return response
      await response.body?.cancel()
      await new Promise((resolve) => { setTimeout(resolve, waitMs) })
    }
  }

  /** A 429 was not looked at; with a 503 something may have happened. */
  const mayRepeat = ({ method, headers, url }: Request, { status }: Response): boolean => status === 429 || (status === 503 &&
    (SAFE_TO_REPEAT.has(method) || headers.has('idempotency-key') || url === `${base}/auth/refresh`))

  return {
    base,
    send: async (make, onWork) => {
      const response = await patient(make)
      if (response.status !== 403) return response
      const { code, details } = await problemOf(response.clone())
      if (code !== 'CAPTCHA_REQUIRED' || !isOurs(make())) return response
      const proven = await withProof(make, details.captcha, onWork)
      return await patient(proven)
    }
  }
}

async function delivered (request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    // Who called it off wants to hear just that.
    if (request.signal.aborted && !isTimeout(request.signal.reason)) throw error
    throw new ApiProblem('NETWORK')
  }
}

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError'

const timed = (signal: AbortSignal): AbortSignal =>
  // Browsers of before 2024 have no `any`.
  'any' in AbortSignal ? AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) : signal

/** The same with a proof of work, computed without any action of the user. */
async function withProof (make: MakeRequest, challenge: unknown, onWork: OnWork = () => {}): Promise<MakeRequest> {
  // On plain http beyond this machine browsers have no WebCrypto.
  if (globalThis.crypto?.subtle === undefined) throw new ApiProblem('HTTPS_NEEDED')
  onWork(true)
  try {
    const { solve } = await import('./solve.ts')
    const given: unknown = await make().json()
    const body = JSON.stringify({ ...Object(given), captcha: await solve(challenge) })
    return () => new Request(make(), { body })
  } finally {
    onWork(false)
  }
}
