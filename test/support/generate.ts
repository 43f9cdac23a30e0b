import fc from 'fast-check'
import type { Operation, Schema } from './openapi.ts'
import { shaped } from './shapes.ts'

export interface GeneratedRequest {
  method: string
  url: string
  headers: Record<string, string>
  payload?: string
  /** Undefined where the address or the method was spoiled. */
  operation: Operation | undefined
}

const NASTY: unknown[] = [
  null,
  true,
  0,
  1,
  -1,
  1.5,
  1e308,
  '',
  ' ',
  '1',
  [],
  ['a'],
  {},
  { toString: 'x' },
  'a'.repeat(300),
  'a'.repeat(5000),
  '\u0000',
  'a\r\nBcc: x@example.org',
  '\u202eolena',
  '💥'.repeat(80),
  '１２３４５６',
  'olena@example.org,eve@example.org',
  'olena@EXAMPLE.org ',
  '"<x>"@example.org',
  '../../etc/passwd',
  '{u:x}:account',
  '%00%0d%0a',
  '{{7*7}}',
  "'; DROP TABLE users; --",
  '<script>alert(1)</script>',
  { $gt: '' },
  [[[[[]]]]],
  'true',
  'NaN',
  '9007199254740993'
]
const NAMES = [
  '__proto__',
  'constructor',
  'role',
  'id',
  '2fa',
  'emailVerified',
  'captcha',
  '',
  'a'.repeat(100),
  'email',
  'token',
  'hasOwnProperty'
]
const BODIES = [
  '',
  'null',
  '[]',
  '"x"',
  '1',
  '{',
  '{"a":1,}',
  '\ufeff{}',
  'a=1',
  '{"__proto__":{"role":"admin"}}',
  ' '.repeat(65_537),
  '{"name":'.repeat(2000)
]
const TYPES = [
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  ' application/json',
  'application/json\t;',
  'application/json;',
  'application/jsonx',
  'application/json, application/json',
  'text/plain',
  '',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded'
]
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
const LOCALES = ['en', 'uk', 'ru', 'uk-UA,uk;q=0.9', '*', '', 'x'.repeat(500), 'en;q=nope', '../ru', '__proto__']
const QUERIES = ['?', '?a=1', '?__proto__=1', '?cursor=1-1', '?cursor=x', '?limit=-1', '?'.padEnd(3000, 'q')]
const TAILS = ['/', '/x', '%00', '%', '%2e%2e/', '//', ';v=1']
const AGENTS = ['curl/8.0', '', '\u001b[31mred', 'x'.repeat(4000), 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0']

/** Mostly the first, and in `per` of a hundred the other. */
const mostly = <T, U>(usual: fc.Arbitrary<T>, per: number, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 100 - per, arbitrary: usual }, { weight: per, arbitrary: other })
const nasty = fc.oneof(fc.constantFrom(...NASTY), fc.jsonValue({ maxDepth: 3 }))

function fitting (schema: Schema): fc.Arbitrary<unknown> {
  const {
    pattern,
    minLength = 0,
    maxLength = 100,
    examples
  } = schema as { pattern?: string; minLength?: number; maxLength?: number; examples?: unknown[] }
  if ('const' in schema) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum'] as unknown[])
  if (Array.isArray(schema['anyOf'])) return fc.oneof(...shaped<Schema[]>(schema['anyOf']).map(valueOf))
  if (schema.properties) return objectOf(schema)
  if (schema.type === 'boolean') return fc.boolean()
  if (schema.type !== 'string') return nasty
  // What looks ahead cannot be turned around; then the examples must do.
  const text =
    pattern && !/\(\?|\\p/.test(pattern) ? fc.stringMatching(new RegExp(pattern)) : fc.string({ unit: 'grapheme', minLength, maxLength })
  return examples ? fc.oneof(fc.constantFrom(...examples), text) : text
}

const valueOf = (schema: Schema): fc.Arbitrary<unknown> => mostly(fitting(schema), 10, nasty)

function objectOf ({ properties = {}, required = [] }: Schema): fc.Arbitrary<object> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, valueOf(schema)]))
  const complete = fc.record(fields, { requiredKeys: required })
  const spoiled = fc.tuple(fc.record(fields, { requiredKeys: [] }), fc.constantFrom(...NAMES), nasty)
    .map(([object, name, value]) => Object.fromEntries([...Object.entries(object), [name, value]]))
  return mostly(complete, 15, spoiled)
}

const bodyOf = (schema: Schema | undefined): fc.Arbitrary<string | undefined> => schema
  ? mostly(objectOf(schema).map((value) => JSON.stringify(value)), 8, fc.constantFrom(...BODIES))
  : mostly(fc.constant(undefined), 20, fc.constantFrom('', '{}', '[]', 'null', '{"a":'))

export interface Known {
  /** What opens an operation, by the name of its scheme in the document. */
  credentials: Record<string, { authorization?: string, cookie?: string }>
  /** More values of headers, good and bad. */
  bearer: string[]
  cookie: string[]
  /** What may stand in a path. */
  ids: string[]
}

/** Valid and invalid requests of these operations. */
export function requestsOf (operations: Operation[], known: Known): fc.Arbitrary<GeneratedRequest> {
  const anyCredentials = fc.record(
    {
      authorization: fc
        .tuple(fc.constantFrom('Bearer', 'bearer', 'Basic', ''), fc.constantFrom(...known.bearer))
        .map((parts) => parts.join(' ')),
      cookie: fc.constantFrom(...known.cookie)
    },
    { requiredKeys: [] }
  )
  const credentialsOf = ({ security = [] }: Operation): fc.Arbitrary<{ authorization?: string; cookie?: string }> =>
    mostly(
      fc.constantFrom(...security.flatMap(Object.keys).map((name) => known.credentials[name] ?? {}), ...(security.length > 0 ? [] : [{}])),
      25,
      anyCredentials
    )
  const headers = fc.record({
    'accept-language': fc.constantFrom(...LOCALES),
    origin: mostly(fc.constant('http://localhost:3000'), 20, fc.constantFrom('null', 'http://evil.example.com', '')),
    'sec-fetch-site': mostly(fc.constant('same-origin'), 20, fc.constantFrom('cross-site', 'none', 'x')),
    'user-agent': fc.constantFrom(...AGENTS)
  }, { requiredKeys: [] })
  const inPath = mostly(
    fc.constantFrom('me', ...known.ids),
    20,
    fc.oneof(fc.constantFrom(...NASTY.filter((one) => typeof one === 'string')), fc.string()).map(encodeURIComponent)
  )

  return fc.constantFrom(...operations).chain((operation) => fc.record({
    method: mostly(fc.constant(operation.method), 8, fc.constantFrom(...METHODS)),
    id: inPath,
    query: mostly(fc.constant(''), 10, fc.constantFrom(...QUERIES)),
    tail: mostly(fc.constant(''), 6, fc.constantFrom(...TAILS)),
    headers: fc.tuple(headers, credentialsOf(operation)).map(([some, more]) => ({ ...some, ...more })),
    type: mostly(fc.constant('application/json'), 12, fc.constantFrom(...TYPES)),
    payload: bodyOf(operation.body)
  }).map(({ method, id, query, tail, headers, type, payload }) => ({
    method,
    url: operation.path.replace(/\{\w+\}/g, () => id) + tail + query,
    headers: { ...headers, ...(payload === undefined ? {} : { 'content-type': type }) },
    ...(payload === undefined ? {} : { payload }),
    operation: method === operation.method && tail === '' ? operation : undefined
  })))
}
