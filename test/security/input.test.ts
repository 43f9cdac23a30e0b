import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { PROBLEMS } from '../../src/errors.ts'
import { detailOf } from '../../src/platform/http/problem-document.ts'
import { sentences } from '../../src/platform/locales/index.ts'
import { person, signUp, startApp } from '../support/app.ts'
import type { Answer } from '../support/browser.ts'
import { shaped } from '../support/shapes.ts'

const BODY_LIMIT = 64 * 1024

t.setTimeout(300_000)

const told = ({ status, body, headers }: Answer): unknown[] => [
  status,
  body['code'],
  /^application\/problem\+json/.test(String(headers['content-type']))
]
const refusal = (status: number, code: string): unknown[] => [status, code, true]

t.test('a body that is not the JSON we ask for is refused before anything looks at it', async (t) => {
  const server = await startApp(t)
  const browser = server.browser()
  const send = async (raw: string, type = 'application/json'): Promise<Answer> =>
    await browser.post('/auth/register', undefined, { raw, headers: { 'content-type': type } })
  for (const raw of [
    '{"a":',
    '{"email":"a@b.cc",}',
    "{'a':1}",
    '\ufeff{}',
    'NaN',
    'a=1',
    '{"__proto__":{"role":"admin"}}',
    '{"constructor":{"prototype":{"x":1}}}',
    ''
  ]) {
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
    ['a number for text', { email: 1 }],
    ['a number that would do as text', { name: 12 }],
    ['a list that would', { name: ['Olena'] }],
    ['a truth that would', { name: true }],
    ['a list for text', { email: ['a@example.org'] }],
    ['null for text', { name: null }],
    ['an object for text', { password: {} }],
    ['text of another locale', { locale: 'de' }],
    ['an unknown field', { role: 'admin' }],
    ['a field of ours', { '2fa': true }],
    ['an id', { id: 'x', createdAt: 1, emailVerified: true }],
    ['an e-mail of 255', { email: `${'a'.repeat(243)}@example.org` }],
    ['a name of 101', { name: 'n'.repeat(101) }],
    ['a name of blanks', { name: ' ' }],
    ['a name of two lines', { name: 'a\nb' }],
    ['a name that turns the line around', { name: '\u202eanelo' }],
    ['an empty name', { name: '' }],
    ['a name that nobody sees', { name: '\u200b' }],
    ['a name of Hangul fillers', { name: '\u3164\u115f\uffa0' }],
    ['a name of what Braille has no dots for', { name: '\u2800' }],
    ['a name of marks and blanks', { name: ' \u0301\ufe0f\u{e0020}' }],
    ['half of a surrogate pair in a name', { name: 'Olena \ud800' }],
    ['the other half', { name: '\udc00lena' }],
    ['half of a pair in a password', { password: 'wooden-lantern-\ud83d-tide' }],
    ['half of a pair in an e-mail', { email: 'a\ud800@example.org' }],
    ['half of a pair in a field’s name', { 'x\ud800': 1 }],
    ['a local part of 65', { email: `${'a'.repeat(65)}@example.org` }],
    ['a password of 257', { password: 'p'.repeat(257) }],
    ['two addresses', { email: 'a@example.org,b@example.org' }],
    ['an address with a header', { email: 'a@example.org\r\nBcc: b@example.org' }]
  ] as const) {
    t.strictSame(told(await browser.post('/auth/register', { ...person(), ...change })), refusal(400, 'VALIDATION_FAILED'), name)
  }
  t.equal((await server.redis.client.keys(keys.address('*').attempt('*'))).length, 1, 'only the valid one began a sign-up')
  t.strictSame(
    told(await browser.post('/auth/2fa/resend', undefined, { raw: '' })),
    refusal(429, 'RESEND_TOO_EARLY'),
    'an empty body is fine where every field is optional'
  )
  t.equal((await browser.post('/auth/logout', undefined, { raw: '' })).status, 204, 'and where none is needed')
})

t.test('bytes that are no UTF-8 are refused: read all the same, two passwords would be one', async (t) => {
  const server = await startApp(t)
  const { email } = person()
  for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98]]) {
    const raw = Buffer.concat([Buffer.from(`{"email":"${email}","password":"wooden`), Buffer.from(bytes), Buffer.from('"}')])
    const answer = await server.fastify.inject({
      method: 'POST', url: '/auth/login', headers: { 'content-type': 'application/json' }, payload: raw
    })
    t.match([answer.statusCode, answer.json()], [400, { code: 'VALIDATION_FAILED' }])
  }
})

t.test('where a person can change a name, it stays visible and well-formed', async (t) => {
  const server = await startApp(t)
  const { browser, token, who } = await signUp(server)
  for (const name of ['\u200b', '\u3164', '\u2800\u00ad', 'Olena \udfff']) {
    const { status, body } = await browser.call('PATCH', '/users/me', { name }, { token })
    t.match([status, body], [400, { errors: [{ path: '/name' }] }], JSON.stringify(name))
  }
  t.match((await browser.get('/auth/me', { token })).body, { user: { name: who.name } })
  for (const name of ['Олена', '李', '👩\u200d🚀', 'می\u200cخواهم', '-']) {
    t.equal((await browser.call('PATCH', '/users/me', { name }, { token })).status, 200, name)
  }
})

t.test('whatever the content type looks like, a body is validated as JSON or not read at all', async (t) => {
  const server = await startApp(t)
  for (const [type, isJson] of [
    ['application/json', true],
    ['application/json; charset=utf-8', true],
    ['APPLICATION/JSON', true],
    [' application/json', true],
    ['application/json\t;', true],
    ['application/json;', true],
    ['application/json\t; charset=utf-8', true],
    ['application/jsonx', false],
    ['application/json, application/json', false],
    ['application/json application/json', false],
    ['text/plain', false],
    ['text/json', false],
    ['application/x-www-form-urlencoded', false],
    ['multipart/form-data; boundary=x', false],
    ['application/problem+json', false],
    ['*/*', false],
    ['json', false],
    ['', false]
  ] as const) {
    const call = async (body: object): Promise<Answer> =>
      await server.browser().post('/auth/register', undefined, { raw: JSON.stringify(body), headers: { 'content-type': type } })
    t.strictSame(
      told(await call({ email: 'x' })),
      isJson ? refusal(400, 'VALIDATION_FAILED') : refusal(415, 'MEDIA_TYPE_UNSUPPORTED'),
      `invalid, as ${JSON.stringify(type)}`
    )
    t.equal((await call(person())).status, isJson ? 201 : 415, `valid, as ${JSON.stringify(type)}`)
  }
})

t.test('a refusal speaks the reader’s language', async (t) => {
  const server = await startApp(t)
  const foreign = await startApp(t, { env: { DEFAULT_LOCALE: 'ru' }, redis: server.redis, smtp: server.smtp })
  for (const [header, locale] of [
    ['en', 'en'],
    ['uk', 'uk'],
    ['ru', 'ru'],
    ['uk-UA,uk;q=0.9,en;q=0.8', 'uk'],
    ['fr,ru;q=0.5', 'ru'],
    ['fr', 'en'],
    ['', 'en']
  ] as const) {
    const browser = server.browser({ locale: header })
    const texts = sentences(locale)
    const { problems, validation } = texts
    const expected = (code: keyof typeof PROBLEMS, facts = {}): object => ({
      title: problems[code].title,
      detail: detailOf({ code, facts }, texts),
      code
    })
    t.match((await browser.get('/nowhere')).body, expected('NOT_FOUND'), `${header}: 404`)
    t.match((await browser.get('/%zz')).body, expected('NOT_FOUND'), `${header}: a path that is no path`)
    t.match((await browser.get('/auth/me')).body, expected('TOKEN_MISSING'), `${header}: 401`)
    t.match((await browser.get('/auth/login')).body, expected('METHOD_NOT_ALLOWED', { allow: 'POST' }), `${header}: 405`)
    t.match(
      (await browser.post('/auth/login', undefined, { raw: 'x', headers: { 'content-type': 'text/plain' } })).body,
      expected('MEDIA_TYPE_UNSUPPORTED'),
      `${header}: 415`
    )
    t.match(
      (await browser.post('/auth/login', undefined, { raw: '{' })).body,
      { errors: [{ path: '', message: validation.json }] },
      `${header}: malformed`
    )
    const { errors, ...rest } = (await browser.post('/auth/login', { email: 'x', extra: 1 })).body
    t.match(rest, expected('VALIDATION_FAILED'))
    t.strictSame(
      shaped<Array<{ path: string }>>(errors).sort((a, b) => (a.path < b.path ? -1 : 1)),
      [
        { path: '/email', message: validation.email },
        { path: '/extra', message: validation.additionalProperties({ field: 'extra' }) },
        { path: '/password', message: validation.required({ field: 'password' }) }
      ],
      `${header}: the fields`
    )
    await browser.post('/auth/register', person())
    const early = await browser.post('/auth/2fa/resend', {})
    t.match(
      early.body,
      expected('RESEND_TOO_EARLY', { retryAfterSeconds: early.body['retryAfterSeconds'] }),
      `${header}: 429 with its plural`
    )
    t.equal(early.headers['retry-after'], String(early.body['retryAfterSeconds']))
  }
  t.match(
    (await foreign.browser({ locale: '' }).get('/nowhere')).body,
    { title: sentences('ru').problems.NOT_FOUND.title },
    'the operator’s default'
  )
  t.match((await foreign.browser({ locale: 'uk' }).get('/nowhere')).body, { title: sentences('uk').problems.NOT_FOUND.title })
})
