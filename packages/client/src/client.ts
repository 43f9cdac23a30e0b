import { type AnswerOf, type AnyCall, type AnyInput, type Api, type BodyOf, type CallOptions, createApi, toRequest } from './api.ts'
import { createPasskeys, type Passkeys } from './passkeys.ts'
import { ApiProblem, problemOf } from './problem.ts'
import { createRefresh } from './refresh.ts'
import { createSessionStore, isTokens, type SessionState, type User } from './session.ts'
import { createTransport, isBrowser, type MakeRequest, type TransportOptions, withTimeZone } from './transport.ts'

export type ClientOptions = TransportOptions

export interface Client {
  /** Who is signed in, as the server says now. Prolongs nothing. */
  session: () => Promise<{ user: User | null }>
  /** What is known without asking. */
  readonly state: SessionState
  /** Calls `listener` after every sign-in, sign-out and change of the profile, here and in other tabs. @returns what ends it */
  onChange: (listener: (state: SessionState) => void) => () => void
  register: (body: BodyOf<'/auth/register'>, options?: CallOptions) => Promise<AnswerOf<'/auth/register'>>
  login: (body: BodyOf<'/auth/login'>, options?: CallOptions) => Promise<AnswerOf<'/auth/login'>>
  /** Confirms the attempt that this client began last; another one is named by `token`, that of the cookie by `null`. */
  verifyOtp: (body: BodyOf<'/auth/verify-otp'>, options?: CallOptions) => Promise<AnswerOf<'/auth/verify-otp'>>
  resend: (body?: BodyOf<'/auth/2fa/resend'>, options?: CallOptions) => Promise<AnswerOf<'/auth/2fa/resend'>>
  passkeys: Passkeys
  /** Ends the session on the server, then in every tab. If the server was not reached the session lives on. */
  logout: () => Promise<void>
  /** Where a person signs in, and comes back from. Default: this page. */
  loginUrl: (where?: { returnTo?: string }) => string
  /** Where a person signs out by one button, and comes back from. */
  logoutUrl: (where?: { returnTo?: string }) => string
  /** A valid access token, for calls that are not made by `fetch`. @throws ApiProblem if nobody is signed in */
  accessToken: () => Promise<string>
  /** As the global one, with the access token where somebody is signed in; a token that is refused is renewed once. */
  fetch: (...request: Parameters<typeof fetch>) => Promise<Response>
  api: Api
}

/** Codes that a new access token may resolve (it may say `2fa: true` by now); the other refusals are about what the user typed. */
const RENEWABLE = new Set(['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'SESSION_ENDED', 'SECOND_FACTOR_REQUIRED'])

export function createClient (options: ClientOptions): Client {
  const transport = createTransport(options)
  const { base, send } = transport
  const name = `dvokrok:${base}`
  const store = createSessionStore(name)
  const { accessToken, renew } = createRefresh(name, transport, store)
  /** Of the attempt that was begun last: good for its code only. */
  let pendingToken: string | null = null

  /** Sends with the access token, waiting for a running refresh. If the token is refused, renews it and sends once more. */
  async function authenticated (make: MakeRequest, options: CallOptions = {}): Promise<Response> {
    const token = await tokenIfAny()
    const response = await send(token instanceof ApiProblem ? make : withToken(make, token), options.onWork)
    if (response.status !== 401 && response.status !== 403) return response
    if (token instanceof ApiProblem) throw token
    if (!await isRenewable(response)) return response
    return await send(withToken(make, await renew(token)), options.onWork)
  }

  /** Routes that are for everybody may be called by nobody. */
  async function tokenIfAny (): Promise<string | ApiProblem> {
    try {
      return await accessToken()
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return error
      throw error
    }
  }

  const call: AnyCall = async <Data>(method: string, path: string, input: AnyInput = {}) => {
    const make = (): Request => toRequest(base, method, path, input)
    const { token } = input
    const response = token === undefined
      ? await authenticated(make, input)
      : await send(token === null ? make : withToken(make, token), input.onWork)
    if (!response.ok) throw await problemOf(response)
    const text = await response.text()
    const data: unknown = text === '' ? undefined : JSON.parse(text)
    learn(method, path, data)
    takeAtItsWord<Data>(data)
    return { data, response }
  }

  /** Answers say who is signed in by now. */
  function learn (method: string, path: string, data: unknown): void {
    const session = store.current()
    if (path.startsWith('/auth/logout')) store.end('SIGNED_OUT')
    else if (method === 'DELETE' && path === '/users/{id}') store.end('ACCOUNT_DELETED')
    else if (isTokens(data)) store.open(data)
    else if (session && path !== '/auth/session' && hasUser(data) && data.user.id === session.user.id) {
      store.look({ status: 'signed-in', user: data.user })
    }
    // What a passkey is to sign is no attempt that waits for a code.
    if (hasPendingToken(data) && path !== '/auth/passkeys/options') pendingToken = data.pendingToken
    else if (isTokens(data)) pendingToken = null
  }

  /** A route that asks for the second step. */
  const pending = (options: CallOptions = {}): CallOptions =>
    ({ ...options, token: options.token === undefined ? pendingToken : options.token })

  async function session (): Promise<{ user: User | null }> {
    const { data } = await api.GET('/auth/session', { token: null })
    // On another site no cookie is sent, and the access token alone says who is signed in.
    const user = data.user ?? (store.current() ? await me() : null)
    if (user) store.look({ status: 'signed-in', user })
    else if (store.state().status === 'signed-in') store.end('SESSION_ENDED')
    else store.look({ status: 'signed-out', reason: null })
    return { user }
  }

  async function me (): Promise<User | null> {
    try {
      return (await api.GET('/auth/me')).data.user
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null
      throw error
    }
  }

  const pageUrl = (page: string, returnTo = isBrowser ? location.href : undefined): string =>
    `${base}/${page}${returnTo === undefined ? '' : `?return_to=${encodeURIComponent(returnTo)}`}`

  const api = createApi(call)
  return {
    api,
    session,
    accessToken,
    get state () { return store.state() },
    onChange: store.onChange,
    register: async (body, options) => (await api.POST('/auth/register', { token: null, ...options, body: withTimeZone(body) })).data,
    login: async (body, options) => (await api.POST('/auth/login', { token: null, ...options, body: withTimeZone(body) })).data,
    verifyOtp: async (body, options) => (await api.POST('/auth/verify-otp', { ...pending(options), body: withTimeZone(body) })).data,
    resend: async (body = {}, options) => (await api.POST('/auth/2fa/resend', { ...pending(options), body })).data,
    passkeys: createPasskeys(call, pending),
    // With whatever proves the session: the token it has, even an old one, or the cookie.
    logout: async () => { await call('POST', '/auth/logout', { token: store.current()?.accessToken ?? null }) },
    loginUrl: ({ returnTo } = {}) => pageUrl('login', returnTo),
    logoutUrl: ({ returnTo } = {}) => pageUrl('logout', returnTo),
    fetch: async (input, init) => await authenticated(repeatable(toAbsolute(input, base), init))
  }
}

/** Without a page, addresses are those of the server. */
const toAbsolute = (input: Parameters<typeof fetch>[0], base: string): Parameters<typeof fetch>[0] =>
  typeof input === 'string' && !isBrowser ? new URL(input, `${base}/`) : input

function repeatable (input: Parameters<typeof fetch>[0], init: RequestInit = {}): MakeRequest {
  if (!(input instanceof Request) && !(init.body instanceof ReadableStream)) return () => new Request(input, init)
  const request = new Request(input, init)
  return () => request.clone()
}

const withToken = (make: MakeRequest, token: string): MakeRequest => () => {
  const request = make()
  const headers = new Headers(request.headers)
  headers.set('authorization', `Bearer ${token}`)
  return new Request(request, { headers })
}

/** Services that have no codes of ours say it as RFC 6750 does. */
async function isRenewable (response: Response): Promise<boolean> {
  const { code, details } = await problemOf(response.clone())
  return details.code ? RENEWABLE.has(code) : response.headers.get('www-authenticate')?.includes('invalid_token') ?? false
}

function takeAtItsWord<Data> (_data: unknown): asserts _data is Data {}

const hasUser = (data: unknown): data is { user: User } =>
  typeof data === 'object' && data !== null && 'user' in data && typeof data.user === 'object' && data.user !== null

const hasPendingToken = (data: unknown): data is { pendingToken: string } =>
  typeof data === 'object' && data !== null && 'pendingToken' in data && typeof data.pendingToken === 'string'
