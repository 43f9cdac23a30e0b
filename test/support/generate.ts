import type { Operation, Schema } from './openapi.ts'

/** The same numbers in [0, 1) for the same seed (mulberry32). */
export function randomOf (seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface GeneratedRequest {
  method: string
  url: string
  headers: Record<string, string>
  payload?: string
}

const NASTY: unknown[] = [
  null, true, 0, 1, -1, 1.5, 1e308, '', ' ', '1', [], ['a'], {}, { toString: 'x' }, 'a'.repeat(300), 'a'.repeat(5000), '\u0000', 'a\r\nBcc: x@example.org',
  '\u202eolena', '💥'.repeat(80), '１２３４５６', 'olena@example.org,eve@example.org', 'olena@EXAMPLE.org ', '"<x>"@example.org', '../../etc/passwd', '{u:x}:account',
  '%00%0d%0a', '{{7*7}}', "'; DROP TABLE users; --", '<script>alert(1)</script>', { $gt: '' }, [[[[[]]]]], 'true', 'NaN', '9007199254740993'
]
const NAMES = ['__proto__', 'constructor', 'role', 'id', '2fa', 'emailVerified', 'captcha', '', 'a'.repeat(100), 'email', 'token', 'hasOwnProperty']
const TYPES = ['application/json', 'application/json', 'application/json', 'application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', ' application/json', 'application/json\t;',
  'application/json;', 'application/jsonx', 'application/json, application/json', 'text/plain', '', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded']
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
const LOCALES = ['en', 'uk', 'ru', 'uk-UA,uk;q=0.9', '*', '', 'x'.repeat(500), 'en;q=nope', '../ru', '__proto__']
const TAILS = ['', '', '', '', '?', '?a=1', '?__proto__=1', '/', '/x', '%00', '%', '%2e%2e/', '//', ';v=1', '?'.padEnd(3000, 'q')]

/** Valid and invalid requests of these operations. `credentials` are header values that are good at times. */
export function requestsOf (operations: Operation[], seed: number, credentials: { bearer: string[], cookie: string[] }): () => GeneratedRequest {
  const random = randomOf(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const chance = (share: number): boolean => random() < share

  function value (schema: Schema): unknown {
    if (chance(0.15)) return pick(NASTY)
    if (schema.examples?.length) return pick(schema.examples)
    if ('const' in schema) return schema['const']
    if (Array.isArray(schema['anyOf'])) return value(pick(schema['anyOf'] as Schema[]))
    if (schema.properties) return object(schema)
    return pick(NASTY)
  }

  function object ({ properties = {}, required = [] }: Schema): object {
    const entries = Object.entries(properties)
      .filter(([name]) => chance(required.includes(name) ? 0.95 : 0.4))
      .map(([name, schema]): [string, unknown] => [name, value(schema)])
    if (chance(0.1)) entries.push([pick(NAMES), pick(NASTY)])
    return Object.fromEntries(entries)
  }

  function payload (schema: Schema | undefined): string | undefined {
    if (!schema) return chance(0.8) ? undefined : pick(['', '{}', '[]', 'null', '{"a":'])
    if (chance(0.03)) return '{"name":'.repeat(2000)
    if (chance(0.05)) return pick(['', 'null', '[]', '"x"', '1', '{', '{"a":1,}', '\ufeff{}', 'a=1', '{"__proto__":{"role":"admin"}}', ' '.repeat(65_537)])
    return JSON.stringify(object(schema))
  }

  return () => {
    const operation = pick(operations)
    const body = payload(operation.body)
    const optional: Array<[string, number, () => string]> = [
      ['authorization', 0.4, () => `${pick(['Bearer', 'Bearer', 'bearer', 'Basic', ''])} ${pick(credentials.bearer)}`],
      ['cookie', 0.5, () => pick(credentials.cookie)],
      ['accept-language', 0.5, () => pick(LOCALES)],
      ['origin', 0.1, () => pick(['http://localhost:3000', 'null', 'http://evil.example.com', ''])],
      ['sec-fetch-site', 0.1, () => pick(['same-origin', 'cross-site', 'none', 'x'])],
      ['user-agent', 0.3, () => pick(['curl/8.0', '', '\u001b[31mred', 'x'.repeat(4000), 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'])]
    ]
    return {
      method: chance(0.9) ? operation.method : pick(METHODS),
      url: operation.path + (chance(0.85) ? '' : pick(TAILS)),
      headers: {
        ...(body === undefined ? {} : { 'content-type': pick(TYPES) }),
        ...Object.fromEntries(optional.filter(([, share]) => chance(share)).map(([name, , make]) => [name, make()]))
      },
      ...(body === undefined ? {} : { payload: body })
    }
  }
}
