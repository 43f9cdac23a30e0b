import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { PROBLEMS } from '../../src/errors.ts'
import { sentences } from '../../src/locales/index.ts'
import { person, signUp, startApp } from '../support/app.ts'
import { type Answer, decode } from '../support/browser.ts'
import { requestsOf } from '../support/generate.ts'
import { readOpenApi, schemaChecker } from '../support/openapi.ts'

/** `npm run test:faults -- --long`. */
const isLong = process.env['FAULTS'] === 'long'
const REQUESTS = isLong ? 100_000 : 2_000
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121)
const BODY_LIMIT = 64 * 1024

t.setTimeout(isLong ? 3_600_000 : 300_000)

const told = ({ status, body, headers }: Answer): unknown[] => [status, body['code'], /^application\/problem\+json/.test(String(headers['content-type']))]
const refusal = (status: number, code: string): unknown[] => [status, code, true]

t.test(`${REQUESTS} requests made from our own document: no 5xx, and every answer is as documented`, async (t) => {
  const server = await startApp(t, { env: { LIMIT_LOGIN_PER_SOURCE: '200', LIMIT_REGISTER_PER_SOURCE: '200', ACCESS_TOKEN_TTL_MINUTES: '60' } })
  const { client } = server.redis
  const { browser, token, id, who } = await signUp(server)
  const pending = String((await server.browser().post('/auth/login', { email: who.email, password: who.password })).body['pendingToken'])
  const { operations } = await readOpenApi(server)
  const check = await schemaChecker()
  const checks = new Map(operations.flatMap(({ responses }) => Object.values(responses)).flatMap(({ content = {} }) => Object.values(content)).map(({ schema }) => [schema, check(schema)]))
  const { sid } = decode(token).claims
  const refreshCookie = { cookie: `refresh=${browser.cookies.get('refresh')}` }
  const requests = requestsOf(operations, {
    credentials: { access: { authorization: `Bearer ${token}` }, pending: { authorization: `Bearer ${pending}` }, pendingCookie: { cookie: `pending=${pending}` }, refreshCookie },
    bearer: [token, pending, '', 'x', token.slice(0, -1), '.'.repeat(50), 'a b'],
    cookie: [refreshCookie.cookie, `pending=${pending}`, 'refresh=x', 'pending=x; refresh=y', '=', `device=${'d'.repeat(9000)}`, `pending=${token}`],
    ids: [id, String(sid), 'a'.repeat(22)]
  })
  const names = [...await client.keys(`{u:${id}}:*`), ...await client.keys('{a:*}:owner')]
  const saved = await Promise.all(names.map(async (name) => [name, await client.dumpBuffer(name) ?? ''] as const))
  const seen = new Map<string, number>()
  const count = (what: string): unknown => seen.set(what, (seen.get(what) ?? 0) + 1)
  let turn = 0
  /** None when the account was just deleted. */
  const role = async (): Promise<string> => await client.hget(`{u:${id}}:account`, 'role') ?? 'user'

  await fc.assert(fc.asyncProperty(requests, async ({ operation, ...request }) => {
    // It logs out now and then, or deletes the account, and most of all would be asked without.
    if (turn++ % 5 === 0) {
      if (await role() !== 'user') throw new Error('somebody was promoted')
      await Promise.all(saved.map(async ([name, bytes]) => await client.restore(name, 0, bytes, 'REPLACE')))
    }
    const answer = await server.fastify.inject({ ...request, remoteAddress: '10.9.9.9' } as InjectOptions)
    const { statusCode: status, headers, body } = answer
    const told = `${status} ${body.slice(0, 300)}`
    const hold = (isTrue: unknown, claim: string): void => { if (!isTrue) throw new Error(`${claim}: ${told}`) }
    count(String(status))
    hold(status < 500, 'the server failed')
    hold(headers['cache-control'] !== undefined && headers['x-content-type-options'] === 'nosniff', 'headers are missing')
    if (request.method === 'HEAD' || (status >= 300 && status < 400)) return
    if (status < 300) {
      if (!operation) return
      count(`${operation.method} ${operation.path}`)
      const documented = operation.responses[status]
      hold(documented, 'a status that is not documented')
      const schema = documented?.content?.['application/json']?.schema
      hold(!body || !schema || checks.get(schema)?.(JSON.parse(body)), 'a success that is not as documented')
      return
    }
    hold(/^application\/problem\+json/.test(String(headers['content-type'])), 'no problem document')
    const problem = answer.json<Record<string, unknown>>()
    const schema = (operation ?? operations[0])?.responses['4XX']?.content?.['application/problem+json']?.schema
    hold(schema && checks.get(schema)?.(problem), 'a problem that is not as documented')
    hold(PROBLEMS[problem['code'] as keyof typeof PROBLEMS] === status && problem['status'] === status, 'code and status disagree')
    hold(problem['requestId'] === headers['x-request-id'], 'another request id')
  }), { numRuns: REQUESTS, seed: SEED })

  t.comment(`fault | fuzz, seed ${SEED} | ${turn} | ${[...seen].filter(([what]) => /^\d+$/.test(what)).sort().map(([status, times]) => `${status}: ${times}`).join(', ')} | ${turn} | 0 | - |`)
  for (const what of [
    '200', '202', '204', '400', '401', '403', '404', '405', '413', '415', '429', 'GET /auth/me', 'POST /auth/refresh', 'POST /auth/logout', 'POST /auth/password/forgot', 'GET /auth/2fa',
    'GET /users/me/sessions', 'GET /users/me/activity', 'POST /users/me/totp'
  ]) t.ok(seen.has(what), `${seen.get(what)} times ${what}`)
  t.equal((await server.browser().get('/health/ready')).status, 200)
  t.equal(await role(), 'user', 'nobody was promoted')
  t.strictSame(server.logs.filter((line) => /"level":(50|60)/.test(line)), [], 'no error was logged')
  t.equal(Reflect.get({}, 'role'), undefined, 'no prototype was polluted')
})

t.test('a body that is not the JSON we ask for is refused before anything looks at it', async (t) => {
  const server = await startApp(t)
  const browser = server.browser()
  const send = async (raw: string, type = 'application/json'): Promise<Answer> =>
    await browser.post('/auth/register', undefined, { raw, headers: { 'content-type': type } })
  for (const raw of ['{"a":', '{"email":"a@b.cc",}', '{\'a\':1}', '\ufeff{}', 'NaN', 'a=1', '{"__proto__":{"role":"admin"}}', '{"constructor":{"prototype":{"x":1}}}', '']) {
    t.strictSame(told(await send(raw)), refusal(400, 'VALIDATION_FAILED'), JSON.stringify(raw))
  }
  for (const raw of ['null', '[]', '[{}]', '"x"', '1', 'true', '{}', '['.repeat(10_000) + ']'.repeat(10_000)]) {
    t.strictSame(told(await send(raw)), refusal(400, 'VALIDATION_FAILED'), raw.slice(0, 20))
  }
  const valid = JSON.stringify(person())
  const padded = valid + ' '.repeat(BODY_LIMIT - valid.length)
  t.equal((await send(padded)).status, 201, '64 KiB are taken')
  t.strictSame(told(await send(`${padded} `)), refusal(413, 'BODY_TOO_LARGE'), 'one byte more is not')

  for (const [name, change] of [
    ['a number for text', { email: 1 }], ['a number that would do as text', { name: 12 }], ['a list that would', { name: ['Olena'] }],
    ['a truth that would', { name: true }], ['a list for text', { email: ['a@example.org'] }], ['null for text', { name: null }],
    ['an object for text', { password: {} }], ['text of another locale', { locale: 'de' }], ['an unknown field', { role: 'admin' }],
    ['a field of ours', { '2fa': true }], ['an id', { id: 'x', createdAt: 1, emailVerified: true }],
    ['an e-mail of 255', { email: `${'a'.repeat(243)}@example.org` }], ['a name of 101', { name: 'n'.repeat(101) }],
    ['a name of blanks', { name: ' ' }], ['a name of two lines', { name: 'a\nb' }], ['a name that turns the line around', { name: '\u202eanelo' }],
    ['an empty name', { name: '' }], ['a password of 257', { password: 'p'.repeat(257) }],
    ['two addresses', { email: 'a@example.org,b@example.org' }], ['an address with a header', { email: 'a@example.org\r\nBcc: b@example.org' }]
  ] as const) t.strictSame(told(await browser.post('/auth/register', { ...person(), ...change })), refusal(400, 'VALIDATION_FAILED'), name)
  t.equal((await server.redis.client.keys('{a:*}:attempt:*')).length, 1, 'only the valid one began a sign-up')
  t.strictSame(told(await browser.post('/auth/2fa/resend', undefined, { raw: '' })), refusal(429, 'RESEND_TOO_EARLY'), 'an empty body is fine where every field is optional')
  t.equal((await browser.post('/auth/logout', undefined, { raw: '' })).status, 204, 'and where none is needed')
})

t.test('whatever the content type looks like, a body is validated as JSON or not read at all', async (t) => {
  const server = await startApp(t)
  for (const [type, isJson] of [
    ['application/json', true], ['application/json; charset=utf-8', true], ['APPLICATION/JSON', true], [' application/json', true], ['application/json\t;', true], ['application/json;', true],
    ['application/json\t; charset=utf-8', true], ['application/jsonx', false], ['application/json, application/json', false], ['application/json application/json', false], ['text/plain', false], ['text/json', false],
    ['application/x-www-form-urlencoded', false], ['multipart/form-data; boundary=x', false], ['application/problem+json', false], ['*/*', false], ['json', false], ['', false]
  ] as const) {
    const call = async (body: object): Promise<Answer> =>
      await server.browser().post('/auth/register', undefined, { raw: JSON.stringify(body), headers: { 'content-type': type } })
    t.strictSame(told(await call({ email: 'x' })), isJson ? refusal(400, 'VALIDATION_FAILED') : refusal(415, 'MEDIA_TYPE_UNSUPPORTED'), `invalid, as ${JSON.stringify(type)}`)
    t.equal((await call(person())).status, isJson ? 201 : 415, `valid, as ${JSON.stringify(type)}`)
  }
})

t.test('a refusal speaks the reader’s language', async (t) => {
  const server = await startApp(t)
  const foreign = await startApp(t, { env: { DEFAULT_LOCALE: 'ru' }, redis: server.redis, smtp: server.smtp })
  for (const [header, locale] of [['en', 'en'], ['uk', 'uk'], ['ru', 'ru'], ['uk-UA,uk;q=0.9,en;q=0.8', 'uk'], ['fr,ru;q=0.5', 'ru'], ['fr', 'en'], ['', 'en']] as const) {
    const browser = server.browser({ locale: header })
    const { problems, validation } = sentences(locale)
    const expected = (code: keyof typeof PROBLEMS, facts = {}): object => ({ title: problems[code].title, detail: problems[code].detail(facts), code })
    t.match((await browser.get('/nowhere')).body, expected('NOT_FOUND'), `${header}: 404`)
    t.match((await browser.get('/%zz')).body, expected('NOT_FOUND'), `${header}: a path that is no path`)
    t.match((await browser.get('/auth/me')).body, expected('TOKEN_MISSING'), `${header}: 401`)
    t.match((await browser.get('/auth/login')).body, expected('METHOD_NOT_ALLOWED', { allow: 'POST' }), `${header}: 405`)
    t.match((await browser.post('/auth/login', undefined, { raw: 'x', headers: { 'content-type': 'text/plain' } })).body, expected('MEDIA_TYPE_UNSUPPORTED'), `${header}: 415`)
    t.match((await browser.post('/auth/login', undefined, { raw: '{' })).body, { errors: [{ path: '', message: validation.json }] }, `${header}: malformed`)
    const { errors, ...rest } = (await browser.post('/auth/login', { email: 'x', extra: 1 })).body
    t.match(rest, expected('VALIDATION_FAILED'))
    t.strictSame((errors as Array<{ path: string }>).sort((a, b) => a.path < b.path ? -1 : 1), [
      { path: '/email', message: validation.email },
      { path: '/extra', message: validation.additionalProperties('extra') },
      { path: '/password', message: validation.required('password') }
    ], `${header}: the fields`)
    await browser.post('/auth/register', person())
    const early = await browser.post('/auth/2fa/resend', {})
    t.match(early.body, expected('RESEND_TOO_EARLY', { retryAfterSeconds: early.body['retryAfterSeconds'] }), `${header}: 429 with its plural`)
    t.equal(early.headers['retry-after'], String(early.body['retryAfterSeconds']))
  }
  t.match((await foreign.browser({ locale: '' }).get('/nowhere')).body, { title: sentences('ru').problems.NOT_FOUND.title }, 'the operator’s default')
  t.match((await foreign.browser({ locale: 'uk' }).get('/nowhere')).body, { title: sentences('uk').problems.NOT_FOUND.title })
})
