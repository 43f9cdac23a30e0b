import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import cookie from '@fastify/cookie'
import jwt from '@fastify/jwt'
import rateLimit from '@fastify/rate-limit'
import redisPlugin from '@fastify/redis'
import Fastify, { type FastifyInstance } from 'fastify'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import t, { type Test } from 'tap'
import dvokrok, { type DvokrokOptions } from '../src/mount.ts'
import { ConfigError } from '../src/platform/config/config.ts'
import { person, SECRET } from './support/app.ts'
import { Browser } from './support/browser.ts'
import { buildPages } from './support/built-pages.ts'
import { dvokrok as command } from './support/commands.ts'
import { freePort, newFolder, settings } from './support/process.ts'
import { startRedis } from './support/redis.ts'
import { portOf, shaped } from './support/shapes.ts'
import { startSmtp, type TestSmtp } from './support/smtp.ts'

t.setTimeout(300_000)
buildPages()

/** A slow machine that runs the sources needs longer than the 10 s of Fastify. */
const newHost = (): FastifyInstance => Fastify({ pluginTimeout: 60_000 })

interface Mounted { host: FastifyInstance, smtp: TestSmtp, url: string, redis: { url: string } }

/** Another application with routes and plugins of its own, and Dvokrok under /id, on a port. */
async function startHost (t: Test, { prefix = '/id', ...options }: DvokrokOptions & { prefix?: string } = {}): Promise<Mounted> {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const port = await freePort()
  const url = `http://localhost:${port}`
  const host = newHost()
  t.teardown(async () => { await host.close() })
  await host.register(redisPlugin, { url: redis.url })
  await host.register(jwt, { secret: 'a secret of the host', cookie: { cookieName: 'refresh', signed: false } })
  await host.register(cookie, { secret: 'another secret of the host' })
  await host.register(rateLimit, { max: 1000 })
  host.setErrorHandler((error, _request, reply) => { reply.code(418).send({ host: String(error) }) })
  host.setNotFoundHandler((_request, reply) => { reply.code(404).send('the host knows no such page') })
  host.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) => { done(null, body) })
  // By types the name is ours alone.
  shaped<{ decorate: (name: string, value: string) => void }>(host).decorate('config', 'of the host')
  host.get('/orders', async (request) => ({ cookies: request.cookies, config: shaped<{ config: unknown }>(host).config }))
  host.post('/orders', { schema: { body: { type: 'object', properties: { n: { type: 'number' } } } } }, async (request) => request.body)
  host.get('/fails', async () => { throw new Error('on purpose') })
  await host.register(dvokrok, {
    ...settings(t, redis, smtp),
    PUBLIC_URL: url,
    BCRYPT_COST: 10,
    BRAND_NAME: 'Kobzar',
    CORS_ORIGINS: 'http://localhost:5173',
    prefix,
    ...options
  })
  host.get('/later', async () => 'registered after it')
  await host.listen({ host: '127.0.0.1', port })
  return { host, smtp, url, redis }
}

t.test('under a prefix of another application people sign up, sign in, refresh and are mailed links that lead there', async (t) => {
  const { host, smtp, url } = await startHost(t)
  const browser = new Browser(host, { origin: url })
  const who = person()
  t.match(await browser.post('/id/auth/register', who), { status: 201, body: { success: true } })
  t.match(browser.cookies.has('pending'), true)
  const signedUp = await browser.post('/id/auth/verify-otp', { otp: await smtp.code(who.email) })
  t.match(signedUp, { status: 200, body: { user: { email: who.email } } })
  t.match(signedUp.setCookies, signedUp.setCookies.map(() => /; Path=\/;/))
  t.match(await browser.post('/id/auth/login', { email: who.email, password: who.password }), { status: 200 })
  const signedIn = await browser.post('/id/auth/verify-otp', { otp: await smtp.code(who.email) })
  const token = String(signedIn.body['accessToken'])
  t.match(await browser.get('/id/auth/me', { token }), { status: 200, body: { user: { name: who.name } } })
  t.match(await browser.post('/id/auth/refresh'), { status: 200, body: { user: { name: who.name } } })

  const keys = createRemoteJWKSet(new URL(`${url}/id/.well-known/jwks.json`))
  t.match((await jwtVerify(token, keys, { issuer: `${url}/id`, audience: `${url}/id` })).payload, { '2fa': true })

  await new Browser(host, { origin: url }).post('/id/auth/register', who)
  const notice = await smtp.next(who.email, ({ html }) => html.includes('href'))
  const links = [...notice.html.matchAll(/href="(http[^"]+)"/g)].map(([, link = '']) => link)
  t.strictSame(links.filter((link) => !link.startsWith(`${url}/id`)), [])
  t.ok(links.length > 0)
})

t.test('every address that Dvokrok says begins with the prefix', async (t) => {
  const { url } = await startHost(t)
  const asPage = { headers: { accept: 'text/html' }, redirect: 'manual' as const }
  for (const path of ['', '/', '/login', '/no-such-page']) {
    const html = await (await fetch(`${url}/id${path}`, asPage)).text()
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file).filter((file) => !file.startsWith('data:'))
    t.ok(files.length > 5, path)
    t.strictSame(files.filter((file) => !file.startsWith('/id/assets/')), [], path)
    t.strictSame(await Promise.all(files.map(async (file) => (await fetch(url + file)).status)), files.map(() => 200))
    t.match(html, 'data-base-path="/id"')
  }
  t.equal((await fetch(`${url}/id/login/`, asPage)).headers.get('location'), '/id/login')
  t.equal((await fetch(`${url}/id/.well-known/change-password`, asPage)).headers.get('location'), '/id/settings#password')
  t.match(await (await fetch(`${url}/id/.well-known/oauth-authorization-server`)).json(), {
    issuer: `${url}/id`, jwks_uri: `${url}/id/.well-known/jwks.json`, introspection_endpoint: `${url}/id/auth/introspect`
  })
  t.strictSame(await (await fetch(`${url}/id/.well-known/webauthn`)).json(), { origins: [url, 'http://localhost:5173'] })
  const document = shaped<{ servers: unknown, paths: object }>(await (await fetch(`${url}/id/docs/json`)).json())
  t.match(document, { servers: [{ url: `${url}/id` }], paths: { '/auth/login': { post: {} } } })
  const docs = await (await fetch(`${url}/id/docs`, asPage)).text()
  const style = /href="([^"]+\.css)"/.exec(docs)?.[1] ?? ''
  t.equal((await fetch(new URL(style, `${url}/id/docs`))).status, 200, style)
  t.match((await fetch(`${url}/id/client.js`)).headers.get('content-type'), /javascript/)
  t.match(await (await fetch(`${url}/id/health/ready`)).json(), { status: 'ok' })
})

t.test('the host and Dvokrok do not notice each other', async (t) => {
  const { host, url } = await startHost(t)
  t.notOk(host.hasDecorator('records') || host.hasDecorator('mailer') || host.hasDecorator('swagger'))
  const orders = await host.inject({ url: '/orders', headers: { cookie: 'refresh=x' } })
  t.match(orders.json(), { cookies: { refresh: 'x' }, config: 'of the host' })
  t.equal((await host.inject('/later')).body, 'registered after it')
  t.match(await host.inject('/fails'), { statusCode: 418, body: /on purpose/ })
  t.match(await host.inject('/unknown'), { statusCode: 404, body: 'the host knows no such page' })
  t.match(await host.inject('/identity'), { statusCode: 404, body: 'the host knows no such page' })
  t.match(await host.inject({ method: 'DELETE', url: '/orders' }), { statusCode: 404, body: 'the host knows no such page' })
  const own = await host.inject({ method: 'POST', url: '/orders', payload: { n: '1' } })
  t.strictSame([own.statusCode, own.json()], [200, { n: 1 }], 'its own validation still coerces')
  t.strictSame([own.headers['content-security-policy'], own.headers['x-request-id']], [undefined, undefined])
  const foreign = { origin: 'https://evil.example' }
  t.equal((await host.inject({ method: 'POST', url: '/orders', payload: {}, headers: foreign })).statusCode, 200)

  const browser = new Browser(host, { origin: url })
  t.match(await browser.get('/id/nowhere'), { status: 404, body: { code: 'NOT_FOUND' } })
  t.match(await browser.get('/%69d/auth/me'), { status: 404, body: { code: 'NOT_FOUND' } }, 'an address in disguise is no address')
  t.match(await browser.get('/id/auth/login'), { status: 405, headers: { allow: 'POST' } })
  t.match(await browser.post('/id/auth/login', undefined, { raw: 'text', headers: { 'content-type': 'text/plain' } }), {
    status: 415, body: { code: 'MEDIA_TYPE_UNSUPPORTED' }
  })
  t.match(await browser.post('/id/auth/login', { email: 1 }), { status: 400, body: { code: 'VALIDATION_FAILED' } })
  t.match(await browser.post('/id/auth/login', undefined, { raw: `{"a":"${'x'.repeat(70_000)}"}` }), { status: 413 })
  t.match(await browser.post('/id/auth/logout', undefined, { headers: foreign }), { status: 403, body: { code: 'ORIGIN_FORBIDDEN' } })
  const preflight = await fetch(`${url}/id/auth/session`, {
    method: 'OPTIONS', headers: { origin: 'http://localhost:5173', 'access-control-request-method': 'GET' }
  })
  t.strictSame([preflight.status, preflight.headers.get('access-control-allow-origin')], [204, 'http://localhost:5173'])
})

t.test('at the root it answers what the host does not', async (t) => {
  const { host, url } = await startHost(t, { prefix: '/' })
  t.equal((await host.inject('/later')).body, 'registered after it')
  t.match((await host.inject('/.well-known/oauth-authorization-server')).json(), { issuer: url })
  t.match((await host.inject('/nowhere')).json(), { code: 'NOT_FOUND' })
  t.match(await (await fetch(`${url}/login`, { headers: { accept: 'text/html' } })).text(), 'data-base-path=""')
})

t.test('what cannot be right is refused when it is registered, in a sentence', async (t) => {
  const mount = async (prefix: string, options: DvokrokOptions = {}, host: FastifyInstance = newHost()): Promise<void> => {
    t.teardown(async () => { await host.close() })
    await host.register(dvokrok, { prefix, ...options })
  }
  await t.rejects(mount('/:tenant/id'), { message: /the prefix must be plain/ })
  await t.rejects(mount('/a b'), { message: /the prefix must be plain/ })
  await t.rejects(mount('/id', {}, shaped(Fastify({ http2: true }))), { message: /HTTP\/2/ })
  await t.rejects(mount('/id', { NODE_ENV: 'production' }), ConfigError)
  await t.rejects(mount('/id', { PUBLIC_URL: 'https://example.org/id' }), { message: /PUBLIC_URL must be .* without a path/ })
  await t.rejects(mount('/id', { BCRYPT_COST: 3 }), { message: /BCRYPT_COST must be/ })
})

t.test('closing the host closes all of it, its own Redis and mailbox too', async (t) => {
  const folder = newFolder(t)
  const host = newHost()
  await host.register(dvokrok, { prefix: '/id', DATA_DIR: folder, BCRYPT_COST: 10, PASSWORD_WORKERS: 1 })
  await host.listen({ host: '127.0.0.1', port: 0 })
  const at = `http://127.0.0.1:${portOf(host.server)}/id`
  t.match(await (await fetch(`${at}/health/ready`)).json(), { status: 'ok' })
  t.match(await (await fetch(`${at}/mailbox/messages`)).json(), { items: [] })
  t.match(await host.inject({ url: '/id/mailbox', headers: { host: 'localhost' }, remoteAddress: '10.1.2.3' }), { statusCode: 403 })
  const [lock] = readdirSync(folder).filter((name) => name.startsWith('lock.'))
  t.ok(lock)
  await host.close()
  t.notOk(existsSync(join(folder, lock ?? '')))
  await t.rejects(fetch(`${at}/health/ready`))
})

t.test('a stream of events does not hold the host open', async (t) => {
  const { host, redis, url } = await startHost(t)
  const { out } = await command(['service-key', 'add', 'shop', 'events:read'], { REDIS_URL: redis.url, SECRET }, newFolder(t))
  const key = /dvk_\w+/.exec(out)?.[0] ?? ''
  const stream = await fetch(`${url}/id/events`, { headers: { accept: 'text/event-stream', authorization: `Bearer ${key}` } })
  t.equal(stream.headers.get('content-type'), 'text/event-stream')
  const [, told] = await Promise.all([host.close(), stream.text()])
  t.match(told, ':')
})
