import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { logIn, person, signUp, startApp, type TestApp } from '../support/app.ts'
import { decode, type Answer, type Browser, type Method } from '../support/browser.ts'
import { mailsSettled } from '../support/observe.ts'
import { readOpenApi } from '../support/openapi.ts'
import { portOf, shaped } from '../support/shapes.ts'

const ALWAYS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'strict-transport-security': /^max-age=\d{8}/,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-request-id': /^[\w-]{22}$/
}
const OWN = 'http://localhost:3000'

t.test('every answer, whatever its status, carries the headers that keep a browser safe', async (t) => {
  const trap = new Error('connect redis://:secret-password@10.0.0.1:6379 failed at /srv/app.js:1')
  let isAdded = false
  const server = await startApp(t, {
    before: (fastify) => fastify.addHook('onRegister', (instance, { prefix }) => {
      if (prefix !== '/health' || isAdded) return
      isAdded = true
      instance.get('/broken', { config: { access: 'public' } }, async () => { throw trap })
    })
  })
  const { browser, who } = await signUp(server)
  const answers: Answer[] = [
    await browser.get('/health/live'),
    await server.browser().post('/auth/register', person()),
    await server.browser().post('/auth/logout'),
    await browser.post('/auth/login', {}),
    await browser.get('/auth/me'),
    await browser.post('/auth/refresh', undefined, { headers: { origin: 'http://evil.example.com' } }),
    await browser.get('/nowhere'),
    await browser.get('/%c0%ae%zz'),
    await browser.call('PUT', '/auth/login', {}),
    await browser.post('/auth/login', undefined, { raw: ' '.repeat(65_537) }),
    await browser.post('/auth/login', undefined, { raw: 'a=1', headers: { 'content-type': 'text/plain' } }),
    await browser.get('/health/broken')
  ]
  await browser.post('/auth/login', { email: who.email, password: who.password })
  answers.push(await browser.post('/auth/2fa/resend', {}))
  await mailsSettled(server)
  await server.redis.kill9()
  answers.push(await browser.post('/auth/refresh'))

  t.strictSame(answers.map(({ status }) => status), [200, 201, 204, 400, 401, 403, 404, 404, 405, 413, 415, 500, 429, 503])
  for (const { status, headers, text, body } of answers) {
    t.match(headers, ALWAYS, `${status}`)
    for (const name of ['server', 'x-powered-by', 'via', 'access-control-allow-origin']) {
      t.equal(headers[name], undefined, `${status}: no ${name}`)
    }
    if (text) t.match(headers['content-type'], /^application\/(problem\+)?json; charset=utf-8$/, `${status}`)
    if (status >= 400) {
      t.match(body, { status, type: /^urn:/, title: /./, detail: /./, code: /^[A-Z_]+$/, requestId: headers['x-request-id'] }, `${status}`)
    }
    t.equal(headers['www-authenticate'] !== undefined, status === 401, `${status}: asks for a Bearer only with 401`)
    t.equal(headers['retry-after'], body['retryAfterSeconds'] === undefined ? undefined : String(body['retryAfterSeconds']), `${status}`)
    t.notMatch(
      text + JSON.stringify(headers),
      /secret-password|redis|fastify|FST_|node_modules|\.[jt]s\b|ioredis|Error:/i,
      `${status} tells nothing of the inside`
    )
  }
  t.match((await browser.get('/.well-known/jwks.json')).headers, { ...ALWAYS, 'cache-control': 'public, max-age=300' })
})

t.test('a known path with another method is 405 and says what it takes', async (t) => {
  const server = await startApp(t)
  const { operations } = await readOpenApi(server)
  for (const path of new Set(operations.map((one) => one.path))) {
    const taken = operations.filter((one) => one.path === path).flatMap(({ method }) => method === 'GET' ? ['GET', 'HEAD'] : [method])
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
      if (taken.includes(method)) continue
      const answer = await server.browser().call(method, path)
      t.match([answer.status, String(answer.headers['allow']).split(', ').sort()], [405, [...taken].sort()], `${method} ${path}`)
      if (method !== 'HEAD') t.equal(answer.body['code'], 'METHOD_NOT_ALLOWED')
    }
  }
})

const foreignHeaders: Array<Record<string, string>> = [
  ...[
    'http://evil.example.com',
    'null',
    '',
    'https://localhost:3000',
    'http://localhost:3001',
    'http://localhost',
    'http://localhost:3000.example.com',
    'http://evil.localhost:3000',
    'http://LOCALHOST:3000/',
    `${OWN}, http://evil.example.com`,
    'file://'
  ].map((origin) => ({ origin })),
  { 'sec-fetch-site': 'cross-site' }
]

t.test('another site can make a browser change nothing', async (t) => {
  const server = await startApp(t)
  const { browser, who, token } = await signUp(server)
  const { operations } = await readOpenApi(server)
  await mailsSettled(server)
  // The mail worker's own mark comes and goes by itself.
  const keysNow = async (): Promise<string[]> =>
    (await server.redis.client.keys('*')).filter((key) => !key.endsWith(':stalled-check')).sort()
  const before = { mails: server.smtp.mails.length, keys: await keysNow(), refresh: browser.cookies.get('refresh') }
  const changing = operations.filter(({ method }) => method !== 'GET')
  t.ok(changing.length >= 7)
  for (const headers of foreignHeaders) {
    for (const { method, path } of changing) {
      const answer = await server.fastify.inject({
        method: shaped<Method>(method),
        url: path,
        headers: { authorization: `Bearer ${token}`, cookie: `refresh=${before.refresh}`, 'content-type': 'application/json', ...headers },
        payload: { email: who.email, password: who.password, name: who.name, otp: '123456' }
      })
      t.match([answer.statusCode, answer.json()], [403, { code: 'ORIGIN_FORBIDDEN' }], `${path} ${JSON.stringify(headers)}`)
      t.equal(answer.headers['set-cookie'], undefined)
    }
    // So many injected answers would keep the event loop from turning, and the server would call itself overloaded.
    await new Promise(setImmediate)
  }
  await mailsSettled(server)
  t.equal(server.smtp.mails.length, before.mails, 'no mail')
  t.strictSame(await keysNow(), before.keys, 'no key')
  t.equal(
    (await browser.get('/auth/me', { token, headers: { origin: 'http://evil.example.com' } })).status,
    200,
    'the session lives, and reading is not forbidden'
  )
  t.equal((await browser.post('/auth/refresh')).status, 200)
})

t.test('our own pages pass, under both names of this machine, and so does curl', async (t) => {
  const server = await startApp(t)
  const deployed = await startApp(t, { env: { PUBLIC_URL: 'https://id.example.org' }, redis: server.redis, smtp: server.smtp })
  const logout = async ({ fastify }: TestApp, headers: Record<string, string>): Promise<number> =>
    (await fastify.inject({ method: 'POST', url: '/auth/logout', headers })).statusCode
  for (const origin of [OWN, 'http://127.0.0.1:3000', 'http://[::1]:3000']) {
    t.equal(await logout(server, { origin, 'sec-fetch-site': 'same-origin' }), 204, origin)
  }
  t.equal(await logout(server, {}), 204, 'curl says nothing of where it is')
  for (const site of ['same-origin', 'none']) t.equal(await logout(server, { 'sec-fetch-site': site }), 204, site)
  t.equal(await logout(server, { 'sec-fetch-site': 'cross-site' }), 403)
  t.equal(await logout(deployed, { origin: 'https://id.example.org' }), 204)
  for (const origin of [OWN, 'http://id.example.org', 'https://id.example.org.evil.com', 'https://evil.id.example.org']) {
    t.equal(await logout(deployed, { origin, host: new URL(origin).host }), 403, `${origin}: the Host header decides nothing`)
  }
})

t.test('only the origins that the operator names may read across sites', async (t) => {
  const server = await startApp(t, {
    env: { PUBLIC_URL: 'https://id.example.org', CORS_ORIGINS: 'https://app.example.org, https://partner.example.com' }
  })
  const call = async (method: 'GET' | 'POST' | 'OPTIONS', path: string, origin: string): Promise<Answer> =>
    await server
      .browser({ origin })
      .call(method, path, undefined, {
        headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type,authorization' }
      })
  const granted = ({ headers }: Answer): unknown[] => [headers['access-control-allow-origin'], headers['access-control-allow-credentials']]

  for (const [origin, credentials, why] of [
    ['https://app.example.org', 'true', 'same site: cookies too'],
    ['https://partner.example.com', undefined, 'another site: Bearer only']
  ] as const) {
    for (const [method, path, status] of [
      ['GET', '/health/live', 200],
      ['POST', '/auth/logout', 204],
      ['OPTIONS', '/auth/login', 204],
      ['POST', '/auth/login', 400]
    ] as const) {
      const answer = await call(method, path, origin)
      t.equal(answer.status, status)
      t.strictSame(granted(answer), [origin, credentials], `${origin} ${method} ${path}: ${why}`)
      t.match(answer.headers, { ...ALWAYS, vary: /\bOrigin\b/ })
    }
    const preflight = await call('OPTIONS', '/auth/me', origin)
    t.match(preflight.headers, {
      'access-control-allow-methods': /\bPOST\b/,
      'access-control-allow-headers': 'content-type,authorization',
      'access-control-max-age': '600'
    })
  }
  for (const origin of [
    'https://evil.example.net',
    'null',
    '',
    'https://app.example.org.evil.com',
    'http://app.example.org',
    'https://app.example.org:8443',
    'https://xapp.example.org',
    'https://good.example.evil.com'
  ]) {
    for (const [method, path, status] of [
      ['GET', '/health/live', 200],
      ['POST', '/auth/logout', 403],
      ['OPTIONS', '/auth/login', 405],
      ['OPTIONS', '/nowhere', 404]
    ] as const) {
      const answer = await call(method, path, origin)
      t.equal(answer.status, status, `${origin} ${method}`)
      t.strictSame(
        Object.keys(answer.headers).filter((name) => name.startsWith('access-control-')),
        [],
        `${origin} ${method} is told nothing`
      )
    }
  }
  const plain = await startApp(t, { redis: server.redis, smtp: server.smtp })
  const preflight = await plain
    .browser({ origin: OWN })
    .call('OPTIONS', '/auth/login', undefined, { headers: { 'access-control-request-method': 'POST' } })
  t.match([preflight.status, granted(preflight)], [405, [undefined, undefined]], 'where no origins are named nothing is granted')
})

t.test('with https every cookie is bound to this host, Secure, HttpOnly and Strict', async (t) => {
  const secure = await startApp(t, { env: { PUBLIC_URL: 'https://id.example.org' } })
  const plain = await startApp(t)
  for (const [server, origin, prefix, flags] of [
    [secure, 'https://id.example.org', '__Host-', '; Secure'],
    [plain, OWN, '', '']
  ] as const) {
    const { browser, who, answer, verified } = await signUp(server, person(), server.browser({ origin }))
    const again = server.browser({ origin })
    const login = await logIn(server, who, again)
    const refreshed = await browser.post('/auth/refresh')
    const logout = await browser.post('/auth/logout')
    const lines = [answer, verified, login.answer, login.verified, refreshed, logout].flatMap(({ setCookies }) => setCookies)
    const names = new Set(lines.map((line) => line.split('=')[0]))
    t.strictSame(names, new Set([`${prefix}pending`, `${prefix}refresh`, `${prefix}device`]))
    for (const line of lines) {
      const [pair = '', maxAge, ...rest] = line.split('; ')
      t.match(maxAge, /^Max-Age=\d+$/, pair.split('=')[0] ?? '')
      t.equal(`; ${rest.sort().join('; ')}`, `; HttpOnly; Path=/; SameSite=Strict${flags}`)
    }
    t.match(logout.setCookies, [`${prefix}refresh=; Max-Age=0`, `${prefix}pending=; Max-Age=0`])
    t.equal(browser.cookies.has(`${prefix}refresh`), false)
  }
  const { browser } = await signUp(secure, person(), secure.browser({ origin: 'https://id.example.org' }))
  const value = (one: Browser): string => one.cookies.get('__Host-refresh') ?? ''
  const bare = await browser.post('/auth/refresh', undefined, { headers: { cookie: `refresh=${value(browser)}` } })
  t.match([bare.status, bare.body['code']], [401, 'TOKEN_MISSING'], 'a cookie without the prefix may come from anywhere and is not read')
  t.equal((await browser.post('/auth/refresh')).status, 200)
})

t.test('bytes that are no HTTP get a problem document or a closed connection, never a word about the inside', async (t) => {
  const server = await startApp(t)
  await server.fastify.listen({ host: '127.0.0.1', port: 0 })
  const port = portOf(server.fastify.server)
  async function send (bytes: string | Buffer): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => { answer += chunk.toString() })
    socket.on('error', () => {})
    socket.write(bytes)
    await once(socket, 'close')
    return answer
  }
  const head = 'Host: localhost\r\nConnection: close\r\n'
  for (const [name, bytes, status] of [
    ['noise', 'GARBAGE\r\n\r\n', 400],
    ['TLS', Buffer.from('16030100a5010000a10303', 'hex'), 400],
    ['an unknown method', `BREW /auth/me HTTP/1.1\r\n${head}\r\n`, 400],
    ['two lengths', `POST /auth/login HTTP/1.1\r\n${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    [
      'a broken chunk',
      `POST /auth/login HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n`,
      400
    ],
    ['a negative length', `POST /auth/login HTTP/1.1\r\n${head}Content-Length: -1\r\n\r\n`, 400],
    ['a header without a name', `GET / HTTP/1.1\r\n${head}: x\r\n\r\n`, 400],
    ['a line feed in a header', `GET / HTTP/1.1\r\n${head}X: a\rb\r\n\r\n`, 400],
    ['headers of 200 kB', `GET /auth/me HTTP/1.1\r\n${head}Cookie: refresh=${'x'.repeat(200_000)}\r\n\r\n`, 431],
    ['headers of 17 kB', `GET /auth/me HTTP/1.1\r\n${head}Cookie: ${'theirs=x; '.repeat(1_700)}\r\n\r\n`, 431],
    ['a path of 17 kB', `GET /${'x'.repeat(17_000)} HTTP/1.1\r\n${head}\r\n`, 431],
    ['HTTP/9', `GET / HTTP/9.9\r\n${head}\r\n`, 400],
    ['a path that is no path', `GET /%zz HTTP/1.1\r\n${head}\r\n`, 404],
    ['a NUL in the path', `GET /\0 HTTP/1.1\r\n${head}\r\n`, 400],
    ['another host’s address', `GET http://evil.example.com/auth/me HTTP/1.1\r\n${head}\r\n`, 401],
    ['a method we never take', `PROPFIND /auth/me HTTP/1.1\r\n${head}\r\n`, 404],
    ['no host', 'GET /health/live HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['two hosts', `GET /health/live HTTP/1.1\r\n${head}Host: localhost\r\n\r\n`, 400],
    ['HTTP/0.9', `GET /health/live HTTP/0.9\r\n${head}\r\n`, 400],
    ['HTTP/0.9 as it was', 'GET /health/live\r\n\r\n', 400],
    ['HTTP/2 in clear', `GET /health/live HTTP/2.0\r\n${head}\r\n`, 400],
    ['an expectation', `GET /health/live HTTP/1.1\r\n${head}Expect: tea\r\n\r\n`, 417],
    ['an expectation before a body', 'POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: tea\r\n\r\n', 417],
    ['a tunnel', `CONNECT localhost:6379 HTTP/1.1\r\n${head}\r\n`, null]
  ] as const) {
    const answer = await send(bytes)
    t.notMatch(answer, /fastify|FST_|HPE_|node|v?\d+\.\d+\.\d+|\bat \/|Error:/i, `${name}: tells nothing`)
    // What Node itself turns away has no body.
    if (status === null) {
      t.match(answer, /^(HTTP\/1\.1 4\d\d [\w ]+\r\n(?:(?!\r\n\r\n)[\s\S])*\r\n\r\n(0\r\n\r\n)?)?$/, name)
      continue
    }
    const [lines = '', body = ''] = answer.split('\r\n\r\n')
    t.match(lines, new RegExp(`^HTTP/1\\.1 ${status} `), name)
    const headers = Object.fromEntries(
      lines
        .split('\r\n')
        .slice(1)
        .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)])
    )
    t.match(headers, { ...ALWAYS, 'content-type': 'application/problem+json; charset=utf-8' }, name)
    t.match(JSON.parse(body), { status, type: /^urn:/, title: /./, detail: /./, code: /^[A-Z_]+$/, requestId: /^[\w-]{22}$/ }, name)
  }
  t.match(await send(`GET /health/live HTTP/1.1\r\n${head}\r\n`), /^HTTP\/1\.1 200 OK\r\n/, 'and the server lives on')
})

t.test('a browser that sends too many cookies of a neighbour is told in its language what to clear', async (t) => {
  const server = await startApp(t, { env: { PUBLIC_URL: 'https://id.example.org' } })
  await server.fastify.listen({ host: '127.0.0.1', port: 0 })
  const port = portOf(server.fastify.server)
  for (const [locale, words, size] of [
    ['uk', /забагато.*файли cookie сайту id\.example\.org/s, 1_700], ['ru', /слишком много/, 1_700], ['en', /too many/, 9_000]
  ] as const) {
    for (const path of ['/login', '/there-is-nothing']) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        headers: { accept: 'text/html,application/xhtml+xml', 'accept-language': locale, cookie: 'theirs=x; '.repeat(size) }
      })
      const text = await answer.text()
      t.match([answer.status, answer.headers.get('content-type')], [431, /^text\/html/], `${locale} ${path}`)
      t.match(text, words)
      t.notMatch(text, /theirs|<script|<link|src=/, 'whole in itself')
      t.match(answer.headers.get('content-security-policy'), /^default-src 'none'; style-src 'sha256-/)
      t.match(text, answer.headers.get('x-request-id') ?? 'no id')
    }
  }
  const fine = await fetch(`http://127.0.0.1:${port}/health/live`, { headers: { cookie: 'theirs=x; '.repeat(1_500) } })
  t.equal(fine.status, 200, '15 kB are taken')
  const old = connect(port, '127.0.0.1').end('GET /health/live HTTP/1.0\r\n\r\n')
  t.match(Buffer.concat(shaped<Buffer[]>(await old.toArray())).toString(), /^HTTP\/1\.1 200 /, 'HTTP/1.0 needs no Host')
})

t.test('links, issuer and cookies come from the configuration, whatever a request says of the host', async (t) => {
  const server = await startApp(t)
  const evil = {
    host: 'evil.example.com',
    'x-forwarded-host': 'evil.example.com',
    forwarded: 'host=evil.example.com;proto=https',
    'x-forwarded-proto': 'https'
  }
  const who = person()
  for (const url of ['/auth/register', 'http://evil.example.com/auth/password/forgot']) {
    const answer = await server.browser().post(url, url.endsWith('register') ? who : { email: who.email }, { headers: evil })
    t.match(answer.status, /20[12]/)
    t.notMatch(JSON.stringify([answer.headers, answer.body, decode(String(answer.body['pendingToken'])).claims]), /evil/)
    t.match(decode(String(answer.body['pendingToken'])).claims, { iss: 'http://localhost:3000' })
  }
  const mail = await server.smtp.next(who.email)
  t.notMatch(mail.raw, /evil/)
})
