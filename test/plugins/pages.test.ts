import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { startApp } from '../support/app.ts'
import { apiTypes, checkedInApiTypes } from '../support/api-types.ts'
import { buildPages } from '../support/built-pages.ts'
import { APP, hostileAddresses } from '../support/hostile-addresses.ts'
import { SVG } from '../support/logos.ts'

buildPages()
const server = await startApp(t)
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const PAGES = [
  '/', '/register', '/verify-otp?email=olena%40example.org', '/login', '/forgot-password', '/dashboard', '/settings', '/logout', '/disown',
  '/admin', '/admin/log'
]

const get = async (url: string, headers: Record<string, string> = {}) => await server.fastify.inject({ url, headers })

t.test('every page is served under a strict policy with a nonce of its own', async (t) => {
  const nonces = new Set<string>()
  for (const url of PAGES) {
    const { statusCode, headers, body } = await get(url, HTML)
    t.equal(statusCode, 200, url)
    t.match(headers, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff'
    })
    const policy = String(headers['content-security-policy'])
    const nonce = /'nonce-([\w+/=]+)'/.exec(policy)?.[1] ?? ''
    nonces.add(nonce)
    t.notMatch(policy, /unsafe|\*|https?:/)
    for (const rule of [
      "default-src 'none'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'"
    ]) { t.ok(policy.includes(rule), rule) }
    t.notMatch(body, /\{\{|style="|<script(?![^>]* src=)/, 'no hole is left, nothing is inline')
    for (const [tag] of body.matchAll(/<(script|link rel="(modulepreload|stylesheet)")[^>]*>/g)) t.ok(tag.includes(`nonce="${nonce}"`), tag)
  }
  t.equal(nonces.size, PAGES.length)
})

t.test('the page speaks the chosen language: cookie, then Accept-Language, then the default', async (t) => {
  const langOf = async (headers: Record<string, string>): Promise<unknown> =>
    /<html lang="(\w+)"/.exec((await get('/login', headers)).body)?.[1]
  t.equal(await langOf({}), 'en')
  t.equal(await langOf({ 'accept-language': 'uk-UA,uk;q=0.9' }), 'uk')
  t.equal(await langOf({ 'accept-language': 'uk', cookie: 'locale=ru' }), 'ru')
  t.equal(await langOf({ 'accept-language': 'uk', cookie: 'locale="><script>' }), 'uk', 'nothing of a cookie gets into the page')
})

t.test('what is not there is a page for people and a problem for programs', async (t) => {
  const page = await get('/there-is-no-such-page', HTML)
  t.match([page.statusCode, page.headers['content-type']], [404, /^text\/html/])
  for (const accept of ['', '*/*', 'application/json']) {
    const { statusCode, headers: answered } = await get('/there-is-no-such-page', { accept })
    t.match([statusCode, answered['content-type']], [404, /^application\/problem\+json/])
  }
  const post = await server.fastify.inject({ method: 'POST', url: '/there-is-no-such-page', headers: HTML })
  t.match([post.statusCode, post.headers['content-type']], [404, /^application\/problem\+json/])
})

t.test('a page is found with a slash at its end, the API is not', async (t) => {
  for (const url of PAGES.filter((one) => one !== '/')) {
    const [path, query] = url.split('?')
    for (const [method, slashes] of [['GET', '/'], ['HEAD', '/'], ['GET', '//']] as const) {
      const answer = await server.fastify.inject({ method, url: `${path}${slashes}${query ? `?${query}` : ''}`, headers: HTML })
      t.match([answer.statusCode, answer.headers.location], [308, url], `${method} ${url}`)
    }
  }
  t.match(await get('/login/?next=//evil.example', HTML), { headers: { location: '/login?next=//evil.example' } })
  for (const url of ['/auth/me/', '/users/me/', '/health/live/', '//evil.example/login/', '//']) {
    const { statusCode, headers } = await get(url, { accept: '*/*' })
    t.match([statusCode, headers['content-type']], [404, /^application\/problem\+json/], url)
  }
  t.equal((await server.fastify.inject({ method: 'POST', url: '/login/' })).statusCode, 404)
})

t.test('/.well-known: password managers find the settings, everything unknown is a plain 404', async (t) => {
  const found = await get('/.well-known/change-password', HTML)
  t.match([found.statusCode, found.headers.location], [302, '/settings#password'])
  for (const url of ['/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200', '/.well-known/']) {
    const { statusCode, headers } = await get(url, HTML)
    t.match([statusCode, headers['content-type']], [404, /^application\/problem\+json/])
  }
})

t.test('assets are kept for ever and come compressed; nothing else of the build can be had', async (t) => {
  const { body } = await get('/login', HTML)
  const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(body) ?? []
  const plain = await get(script)
  t.match(
    [plain.statusCode, plain.headers],
    [200, { 'content-type': /javascript/, 'cache-control': 'public, max-age=31536000, immutable' }]
  )
  const gzip = await server.fastify.inject({ url: script, headers: { 'accept-encoding': 'gzip' } })
  t.match(gzip.headers, { 'content-encoding': 'gzip', vary: /accept-encoding/i })
  t.equal(gunzipSync(gzip.rawPayload).toString(), plain.body)
  t.match((await get(script, { 'accept-encoding': 'gzip, br' })).headers, { 'content-encoding': 'br' })
  for (const url of [
    '/assets/',
    '/assets/none.js',
    '/assets/../index.html',
    '/assets/..%2f..%2fpackage.json',
    '/index.html',
    '/.vite/manifest.json',
    '/assets/%2e%2e/.vite/manifest.json'
  ]) {
    const answer = await get(url)
    t.equal(answer.statusCode, 404, url)
    t.match(answer.headers['cache-control'], 'no-store')
  }
})

t.test('a page takes no other method', async (t) => {
  const { statusCode, headers } = await server.fastify.inject({ method: 'POST', url: '/login' })
  t.match([statusCode, headers.allow], [405, 'GET, HEAD'])
})

t.test('the types that the pages are built on are those of this server', async (t) => {
  t.equal(checkedInApiTypes(), await apiTypes(server.fastify), 'else run "npm run api:types"')
})

t.test('the brand is on every page, and nothing was built for it', async (t) => {
  const folder = t.testdir({ 'logo.svg': SVG })
  const env = {
    BRAND_NAME: 'Kobzar & <b>Söhne</b>',
    BRAND_LOGO: `${folder}/logo.svg`,
    BRAND_COLOR: '#0b6e4f',
    TERMS_URL: 'https://example.org/terms?a=1&b="2"'
  }
  const { fastify } = await startApp(t, { env, redis: server.redis, smtp: server.smtp })
  const { body, headers } = await fastify.inject({ url: '/login', headers: HTML })
  const nonce = /'nonce-([\w+/=]+)'/.exec(String(headers['content-security-policy']))?.[1]
  t.match(body, '<title>Kobzar &amp; &lt;b&gt;Söhne&lt;/b&gt;</title>')
  t.match(body, 'data-brand-name="Kobzar &amp; &lt;b&gt;Söhne&lt;/b&gt;"')
  t.match(body, 'data-terms="https://example.org/terms?a=1&amp;b=%222%22"')
  t.match(body, 'data-support=""')
  t.ok(body.includes(`<style nonce="${nonce}">html:root{--accent:#0b6e4f;`))
  const [, icon = ''] = /<link rel="icon" type="image\/svg\+xml" href="([^"]+)">/.exec(body) ?? []
  t.match(icon, /^\/brand\/logo\?v=[\w-]{12}$/)

  const logo = await fastify.inject(icon)
  t.equal(logo.body, SVG)
  t.match(logo.headers, {
    'content-type': 'image/svg+xml',
    'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'public, max-age=31536000, immutable'
  })
  for (const url of ['/brand/logo', '/brand/logo?v=older']) t.match((await fastify.inject(url)).headers, { 'cache-control': 'no-cache' })
})

t.test('without settings the pages have our name and mark, and there is no logo', async (t) => {
  const { body } = await get('/login', HTML)
  t.match(body, '<title>Dvokrok</title>')
  t.match(body, /<link rel="icon"[^>]* href="\/assets\/favicon-[\w-]+\.svg">/)
  t.notMatch(body, '<style')
  const { statusCode, headers } = await get('/brand/logo')
  t.match([statusCode, headers['content-type']], [404, /^application\/problem\+json/])
})

t.test('a page is told where the person may go back to, and nothing of what is not listed', async (t) => {
  const env = { RETURN_ORIGINS: APP, APP_URL: `${APP}/home` }
  const { fastify } = await startApp(t, { env, redis: server.redis, smtp: server.smtp })
  const toldOf = async (path: string, headers: Record<string, string> = HTML): Promise<Array<string | undefined>> => {
    const { body } = await fastify.inject({ url: path, headers })
    return ['return-to', 'app-url', 'has-session'].map((name) => new RegExp(`data-${name}="([^"]*)"`).exec(body)?.[1])
  }
  const good = `${APP}/a?b=c&d="<x>#f`
  for (const path of ['/login', '/register', '/forgot-password', '/settings', '/logout', '/verify-otp?email=a%40b.example']) {
    const url = `${path}${path.includes('?') ? '&' : '?'}return_to=${encodeURIComponent(good)}`
    t.strictSame(await toldOf(url), [`${APP}/a?b=c&amp;d=%22%3Cx%3E#f`, `${APP}/home`, 'false'], path)
  }
  for (const address of hostileAddresses) {
    t.equal((await toldOf(`/login?return_to=${encodeURIComponent(address)}`))[0], '', encodeURIComponent(address).slice(0, 80))
  }
  t.equal((await toldOf(`/login?return_to=https%3A%2F%2Fevil.example&return_to=${encodeURIComponent(APP)}`))[0], '', 'the first one counts')
  t.equal((await toldOf('/login?return_to=%'))[0], '')
  t.equal((await toldOf(`/login?a=1&return_to=${APP}/?b=2`))[0], `${APP}/?b=2`, 'a question mark may stand unencoded')
  t.equal((await toldOf('/login', { ...HTML, cookie: 'refresh=x' }))[2], 'true')
})

t.test('the docs have the brand’s name and mark', async (t) => {
  const { fastify } = await startApp(t, { env: { BRAND_NAME: 'Kobzar', BRAND_COLOR: '#0b6e4f' }, redis: server.redis, smtp: server.smtp })
  t.match((await fastify.inject('/docs/json')).json(), { info: { title: 'Kobzar' } })
  const page = await fastify.inject('/docs')
  t.match(page.body, '<title>Kobzar API</title>')
  const [, icon = ''] = /<link rel="icon"[^>]* href="([^"]+)"/.exec(page.body) ?? []
  t.match(await (await fetch(icon)).text(), /^<svg[\s\S]*#0b6e4f/)
})
