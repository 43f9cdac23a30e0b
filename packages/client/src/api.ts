import type { paths } from './schema.d.ts'
import type { OnWork } from './transport.ts'

export interface CallOptions {
  /** Sent as Bearer: a pending token. `null` sends none. Default: the access token, where there is a session. */
  token?: string | null | undefined
  /** Without it a call waits at most 20 s. */
  signal?: AbortSignal
  headers?: Record<string, string>
  onWork?: OnWork
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
type PathsWith<M extends Method> = { [Path in keyof paths]: paths[Path] extends Record<M, object> ? Path : never }[keyof paths]
type Operation<Path extends keyof paths, M extends Method> = Exclude<paths[Path][M & keyof paths[Path]], undefined>

type JsonOf<Content> = Content extends { content: { 'application/json': infer Body } } ? Body : undefined
type Given<Part> = Exclude<Part, undefined>

type Body<Op> = Op extends { requestBody: infer Given }
  ? { body: JsonOf<Given> }
  : Op extends { requestBody?: infer Given } ? { body?: JsonOf<Given> } : unknown
type InPath<Op> = Op extends { parameters: { path: infer Path extends object } } ? { params: { path: Path } } : unknown
type InQuery<Op> = Op extends { parameters: { query?: infer Query } }
  ? [Given<Query>] extends [never] ? unknown : { params?: { query?: Query } }
  : unknown

/** What a call of this route needs: `body`, and the `path` and `query` of its `params`. */
export type Input<Op> = Body<Op> & InPath<Op> & InQuery<Op>

/** What it answers when it succeeds. */
export type Output<Op> = Op extends { responses: infer Responses } ? JsonOf<Responses[keyof Responses & (200 | 201 | 202 | 204)]> : never

export type BodyOf<Path extends keyof paths, M extends Method = 'post'> =
  Input<Operation<Path, M>> extends { body?: infer Json } ? Given<Json> : never
export type AnswerOf<Path extends keyof paths, M extends Method = 'post'> = Output<Operation<Path, M>>

export interface Result<Data> { data: Data, response: Response }

type Caller<M extends Method> = <Path extends PathsWith<M>>(
  path: Path,
  ...input: object extends Input<Operation<Path, M>>
    ? [input?: Input<Operation<Path, M>> & CallOptions]
    : [input: Input<Operation<Path, M>> & CallOptions]
) => Promise<Result<Output<Operation<Path, M>>>>

/** Every route of the OpenAPI document. @throws ApiProblem for every refusal */
export interface Api {
  GET: Caller<'get'>
  POST: Caller<'post'>
  PUT: Caller<'put'>
  PATCH: Caller<'patch'>
  DELETE: Caller<'delete'>
}

export interface AnyInput extends CallOptions {
  /** Neither sends cookies nor keeps any. */
  credentials?: 'omit'
  body?: unknown
  params?: { path?: Record<string, unknown>, query?: Record<string, unknown> }
}

/** The types promise what the document says; nothing is looked at here. */
export type AnyCall = <Data>(method: string, path: string, input?: AnyInput) => Promise<Result<Data>>

export function createApi (call: AnyCall): Api {
  return {
    GET: async (path, input?) => await call('GET', path, input),
    POST: async (path, input?) => await call('POST', path, input),
    PUT: async (path, input?) => await call('PUT', path, input),
    PATCH: async (path, input?) => await call('PATCH', path, input),
    DELETE: async (path, input?) => await call('DELETE', path, input)
  }
}

export function toRequest (base: string, method: string, path: string, input: AnyInput): Request {
  const { body, params = {}, headers, signal, credentials } = input
  const filled = path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(params.path?.[name])))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params.query ?? {})) if (value !== undefined && value !== null) query.set(name, String(value))
  return new Request(`${base}${filled}${query.size > 0 ? `?${query}` : ''}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
    ...(credentials ? { credentials } : {})
  })
}
