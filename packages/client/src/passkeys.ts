import type { AnswerOf, AnyCall, AnyInput, CallOptions } from './api.ts'
import { ApiProblem, type ProblemCode } from './problem.ts'
import type { Tokens } from './session.ts'
import { withTimeZone } from './transport.ts'
import type { CreationOptions, RequestOptions } from './webauthn.ts'

export type Passkey = AnswerOf<'/users/me/passkeys', 'get'>['items'][number]

interface SignInOptions {
  trustDevice?: boolean
  /** Offers the passkeys in the list of an input with `autocomplete="username webauthn"`, instead of asking at once. */
  autofill?: boolean
  /** Calls the question off. */
  signal?: AbortSignal
}

/**
 * What the browser has to say comes as `ApiProblem`: `PASSKEY_CANCELLED`, `PASSKEY_EXISTS`, `PASSKEY_UNSUPPORTED`. There is one question at
 * a time: when another one comes, or it is called off, an `AbortError` is thrown.
 */
export interface Passkeys {
  isSupported: () => boolean
  /** Signs in by a passkey alone. */
  signIn: (options?: SignInOptions) => Promise<Tokens>
  /** The second step of the login that this client began last, or of another one (`token`). */
  verify: (options?: { trustDevice?: boolean } & CallOptions) => Promise<Tokens>
  /** A recent proof of who is signed in: by a passkey alone, or as the second step of a reauthentication (its pending token). */
  reauthenticate: (options?: { token?: string }) => Promise<Tokens>
  /** Makes one for who is signed in. */
  add: (body?: { name?: string }) => Promise<Passkey>
  list: () => Promise<Passkey[]>
  rename: (id: string, body: { name: string }) => Promise<void>
  remove: (id: string) => Promise<void>
}

/** Of a younger question, `PASSKEY_INVALID` is said for the sake of the passkey and not of the time. */
const FRESH_MS = 4 * 60_000
/** The cookie belongs to the attempt that waits for a code, perhaps in another tab. */
const ALONE: AnyInput = { token: null, credentials: 'omit' }
const CODES: Partial<Record<string, ProblemCode>> = { NotAllowedError: 'PASSKEY_CANCELLED', InvalidStateError: 'PASSKEY_EXISTS' }

/** Loaded when it is needed. */
const webauthn = async () => await import('./webauthn.ts')

export function createPasskeys (call: AnyCall, pending: (options?: CallOptions) => CallOptions): Passkeys {
  const post = async <Data>(path: string, input?: AnyInput): Promise<Data> =>
    (await call<Data>('POST', path, { body: {}, ...input })).data
  /** Of the question that was begun last. */
  let latest = 0

  /** Fetches options and has the browser act on them, unless another question has come meanwhile. */
  async function ask<Options extends object, Answer> (
    path: string, input: AnyInput, act: (browser: typeof import('./webauthn.ts'), options: Options) => Promise<Answer>
  ): Promise<Answer> {
    const turn = ++latest
    const [options, browser] = await Promise.all([post<Options>(path, input), webauthn()])
    if (turn !== latest) throw new DOMException('another question came', 'AbortError')
    try {
      return await act(browser, options)
    } catch (error) {
      const name = error instanceof Error ? error.name : ''
      throw name === 'AbortError' ? error : new ApiProblem(CODES[name] ?? 'PASSKEY_UNSUPPORTED')
    }
  }
  const get = async (path: string, input: AnyInput = {}) =>
    await ask<{ options: RequestOptions }, object>(path, input, async (browser, { options }) => await browser.get(options))
  const secondStep = async (input: CallOptions): Promise<object> =>
    ({ method: 'passkey', passkey: await get('/auth/2fa/passkey/options', input) })

  return {
    isSupported: () => typeof PublicKeyCredential === 'function',
    signIn: async ({ trustDevice, autofill, signal } = {}) => {
      const askedAt = Date.now()
      const { response, pendingToken: token, forget } = await ask('/auth/passkeys/options', ALONE,
        async (browser, asked: { options: RequestOptions, pendingToken: string }) => {
          const response = await browser.get(asked.options, autofill, signal)
          return { ...asked, response, forget: () => { browser.forget(asked.options, response) } }
        })
      try {
        return await post('/auth/passkeys/verify', { token, body: withTimeZone({ response, ...(trustDevice ? { trustDevice } : {}) }) })
      } catch (error) {
        if (error instanceof ApiProblem && error.code === 'PASSKEY_INVALID' && Date.now() - askedAt < FRESH_MS) forget()
        throw error
      }
    },
    verify: async ({ trustDevice, ...rest } = {}) => {
      const input = pending(rest)
      const body = withTimeZone({ ...await secondStep(input), ...(trustDevice ? { trustDevice } : {}) })
      return await post('/auth/verify-otp', { ...input, body })
    },
    reauthenticate: async ({ token } = {}) => token === undefined
      ? await post('/auth/reauthenticate/passkey', { body: { response: await get('/auth/reauthenticate/passkey/options') } })
      : await post('/auth/reauthenticate/verify', { body: await secondStep({ token }) }),
    add: async (body = {}) => {
      const response = await ask('/users/me/passkeys/options', {},
        async (browser, { options }: { options: CreationOptions }) => await browser.create(options))
      return await post('/users/me/passkeys', { body: { response, ...body } })
    },
    list: async () => (await call<{ items: Passkey[] }>('GET', '/users/me/passkeys')).data.items,
    rename: async (id, body) => { await call('PATCH', '/users/me/passkeys/{id}', { params: { path: { id } }, body }) },
    remove: async (id) => { await call('DELETE', '/users/me/passkeys/{id}', { params: { path: { id } } }) }
  }
}
