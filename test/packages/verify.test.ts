import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import type * as Verify from '../../packages/verify/src/index.ts'
import type * as Express from '../../packages/verify/src/express.ts'
import type * as ForFastify from '../../packages/verify/src/fastify.ts'
import { formatServiceKey } from '../../src/records/service-keys/service-key.ts'
import { logIn, person, signUp, startApp } from '../support/app.ts'
import { freePort } from '../support/process.ts'
import { newKey, startStub } from '../support/verify-stub.ts'
import { json, shaped } from '../support/shapes.ts'

t.setTimeout(300_000)

// As others get it: packed, and installed beside nothing of ours.
const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'dvokrok-verify-'))
t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
const npm = (args: string[], cwd: string): string =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
const rootOfSources = root.endsWith('/dist/') ? join(root, '..') : root
const [packed] = json<Array<{ filename: string, files: Array<{ path: string }> }>>(
  npm(['pack', '--json', '--silent', '--pack-destination', folder], join(rootOfSources, 'packages/verify')))
writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', `./${packed?.filename}`], folder)
const load = async <Module>(file: string): Promise<Module> =>
  shaped<Module>(await import(pathToFileURL(join(folder, 'node_modules/@dvokrok/verify/dist', file)).href))
const { createVerifier, TokenRefused } = await load<typeof Verify>('index.js')
const { requireToken } = await load<typeof Express>('express.js')
const { default: dvokrokVerify } = await load<typeof ForFastify>('fastify.js')

const codeOf = async (answer: Promise<unknown>): Promise<string> => await answer.then(() => 'taken', (error: unknown) => {
  if (error instanceof TokenRefused) return error.code
  throw error
})

type Stub = Awaited<ReturnType<typeof startStub>>

async function start (t: Test, stub: Stub, options: Partial<Verify.FeedOptions> = {}) {
  const verifier = createVerifier({ issuer: stub.issuer, serviceKey: 'key', onFeedLost: 'refuse', ...options })
  t.teardown(verifier.close)
  await verifier.ready()
  return { verifier, check: async (token: string) => await codeOf(verifier.verify(token)) }
}

/** Until it is so: what was told is on its way. */
async function until (isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}

t.test('the package holds code and types alone, and needs fast-jwt alone', async (t) => {
  const files = packed?.files.map(({ path }) => path) ?? []
  t.strictSame(files.filter((path) => !/^(?:package\.json|README\.md|dist\/[\w-]+\.(?:js|d\.ts))$/.test(path)), [])
  t.ok(files.includes('dist/index.d.ts'))
  const { dependencies } = json<{ dependencies: object }>(readFileSync(join(folder, 'node_modules/@dvokrok/verify/package.json'), 'utf8'))
  t.strictSame(Object.keys(dependencies), ['fast-jwt'])
})

t.test('the types say whether a verifier knows endings', async (t) => {
  mkdirSync(join(folder, 'src'), { recursive: true })
  writeFileSync(join(folder, 'src/use.ts'), `
    import { createVerifier, type Claims } from '@dvokrok/verify'
    import { requireToken } from '@dvokrok/verify/express'
    const bare = createVerifier({ issuer: 'https://id.example.org' })
    const blind: false = bare.knowsEndings
    const full = createVerifier({ issuer: 'https://id.example.org', serviceKey: 'dvk', onFeedLost: 'introspect' })
    const seeing: true = full.knowsEndings
    const claims: Claims = await full.verify('x', { secondFactor: true, role: 'editor' })
    // @ts-expect-error -- who asks for endings says what happens without them
    createVerifier({ issuer: 'https://id.example.org', serviceKey: 'dvk' })
    // @ts-expect-error -- it has no events to wait for
    bare.ready()
    export { blind, seeing, claims, requireToken }
  `)
  const settings = ['--module', 'nodenext', '--target', 'es2023', '--strict', '--noEmit', '--skipLibCheck', '--types', 'node',
    '--typeRoots', join(rootOfSources, 'node_modules/@types')]
  const tsc = join(rootOfSources, 'node_modules/.bin/tsc')
  t.doesNotThrow(() => execFileSync(tsc, [...settings, 'src/use.ts'], { cwd: folder, stdio: 'inherit' }))
})

t.test('signature, type, issuer, audience and times are checked, for both algorithms', async (t) => {
  const stub = await startStub(t)
  stub.keys.push(newKey('two', 'ES256'))
  const verifier = createVerifier({ issuer: stub.issuer })
  const check = async (token: string): Promise<string> => await codeOf(verifier.verify(token))
  t.equal(verifier.knowsEndings, false)
  t.match(await verifier.verify(stub.sign()), { sub: 'olena', sid: 's1', '2fa': true })
  t.equal(await check(stub.sign({}, stub.keys[1])), 'taken', 'ES256')
  const [header = '', payload = ''] = stub.sign().split('.')
  const refused = {
    'of a stranger': stub.sign({}, newKey('one')),
    'with the other key’s name': stub.sign({}, stub.keys[1], { kid: 'one' }),
    'of another type': stub.sign({}, stub.keys[0], { typ: 'pending+jwt' }),
    'with crit': stub.sign({}, stub.keys[0], { crit: ['x'] }),
    'of another issuer': stub.sign({ iss: 'https://other.example' }),
    'for another audience': stub.sign({ aud: 'https://other.example' }),
    'for several': stub.sign({ aud: [stub.issuer, 'https://other.example'] }),
    'from the future': stub.sign({ iat: Math.floor(Date.now() / 1000) + 60 }),
    'without a session': stub.sign({ sid: undefined }),
    unsigned: `${Buffer.from('{"alg":"none","typ":"at+jwt","kid":"one"}').toString('base64url')}.${payload}.`,
    cut: `${header}.${payload}`,
    none: 'nonsense'
  }
  for (const [what, token] of Object.entries(refused)) t.equal(await check(token), 'TOKEN_INVALID', what)
  t.equal(await check(stub.sign({ iat: 1, exp: 2 })), 'TOKEN_EXPIRED')
  t.ok(Object.isFrozen(await verifier.verify(stub.sign())), 'nobody changes what others get')
})

t.test('an unknown key is asked for once, a new one is found at once, a removed one is worth nothing', async (t) => {
  const stub = await startStub(t)
  const verifier = createVerifier({ issuer: stub.issuer })
  const check = async (token: string): Promise<string> => await codeOf(verifier.verify(token))
  const first = stub.sign()
  await Promise.all(Array.from({ length: 20 }, async () => await verifier.verify(stub.sign())))
  t.equal(stub.asked, 1)
  const unknown = newKey('unknown')
  for (let i = 0; i < 100; i++) t.equal(await check(stub.sign({}, unknown)), 'TOKEN_INVALID')
  t.equal(stub.asked, 2)
  const next = newKey('next')
  stub.keys = [next]
  t.equal(await check(stub.sign({}, next)), 'taken')
  t.equal(stub.asked, 3)
  t.equal(await check(first), 'TOKEN_INVALID', 'also from memory')
  for (let i = 0; i < 100; i++) await check(stub.sign({}, newKey(`other-${i}`)))
  t.ok(stub.asked < 10, `strangers with many names: ${stub.asked}`)
})

t.test('a second factor and a role are asked for where they are needed', async (t) => {
  const stub = await startStub(t)
  const verifier = createVerifier({ issuer: stub.issuer })
  const [without, editor] = [stub.sign({ '2fa': false }), stub.sign({ roles: ['editor'] })]
  for (let round = 0; round < 2; round++) {
    t.equal(await codeOf(verifier.verify(without)), 'taken')
    t.equal(await codeOf(verifier.verify(without, { secondFactor: true })), 'SECOND_FACTOR_REQUIRED')
    t.equal(await codeOf(verifier.verify(editor, { secondFactor: true, role: 'editor' })), 'taken')
    t.equal(await codeOf(verifier.verify(editor, { role: 'owner' })), 'FORBIDDEN')
    t.equal(await codeOf(verifier.verify(without, { role: 'editor' })), 'FORBIDDEN')
  }
})

t.test('what has ended is refused, before the verifier came as well, and what goes on is not', async (t) => {
  const stub = await startStub(t)
  const ago = (seconds: number) => ({ iat: Math.floor(Date.now() / 1000) - seconds })
  stub.tell('session.ended', { sid: 'before' })
  const { verifier, check } = await start(t, stub)
  const tokens = {
    before: stub.sign({ sid: 'before' }),
    one: stub.sign({ sid: 'one', ...ago(60) }),
    two: stub.sign({ sid: 'two', ...ago(60) }),
    other: stub.sign({ sub: 'taras', sid: 'three', ...ago(60) })
  }
  t.equal(await check(tokens.before), 'SESSION_ENDED')
  t.same([await check(tokens.one), await check(tokens.two)], ['taken', 'taken'])

  stub.tell('session.ended', { sid: 'one' })
  await until(() => verifier.endings === 2)
  t.same([await check(tokens.one), await check(tokens.two)], ['SESSION_ENDED', 'taken'])

  stub.tell('sessions.ended', { keptSid: 'two' })
  await until(() => verifier.endings === 3)
  t.same([await check(stub.sign({ sid: 'four', ...ago(60) })), await check(tokens.two)], ['SESSION_ENDED', 'taken'])

  stub.tell('account.disabled', {}, { subject: 'taras' })
  await until(() => verifier.endings === 4)
  t.equal(await check(tokens.other), 'SESSION_ENDED')
  t.equal(stub.introspected, 0, 'the events told it all')
})

t.test('a session that began right after all others ended is taken', async (t) => {
  const stub = await startStub(t)
  const { verifier, check } = await start(t, stub)
  stub.tell('sessions.ended', { keptSid: null })
  await until(() => verifier.endings === 1)
  const old = stub.sign({ sid: 'old' })
  const fresh = stub.sign({ sid: 'fresh' })
  stub.isActive = false
  t.equal(await check(old), 'SESSION_ENDED', 'issued in the same second: the server knows')
  stub.isActive = true
  t.equal(await check(fresh), 'taken')
  stub.hasScope = false
  t.equal(await check(fresh), 'taken', 'asked once')
  stub.tell('session.started', { sid: 'third' })
  stub.tell('session.ended', { sid: 'mark' })
  await until(() => verifier.endings === 2)
  t.equal(await check(stub.sign({ sid: 'third' })), 'taken', 'told by the events')
  t.equal(await check(stub.sign({ sid: 'fourth' })), 'SESSION_ENDED', 'a key that may not ask refuses')
  stub.tell('sessions.ended', { keptSid: null })
  stub.tell('session.ended', { sid: 'another mark' })
  await until(() => verifier.endings === 3)
  t.equal(await check(fresh), 'SESSION_ENDED', 'what was alive then has ended since')
})

t.test('without the feed a verifier does what its owner chose, and goes on without a gap when it is back', async (t) => {
  const stub = await startStub(t)
  const states: string[] = []
  const refusing = await start(t, stub, { onFeedState: (state) => { states.push(state) } })
  const asking = await start(t, stub, { onFeedLost: 'introspect' })
  const accepting = await start(t, stub, { onFeedLost: 'accept' })
  const token = stub.sign()
  t.same([await refusing.check(token), await asking.check(token), await accepting.check(token)], ['taken', 'taken', 'taken'])
  t.equal(stub.introspected, 0)
  // Real time is the subject: three seconds without a heartbeat.
  stub.beats = false
  await until(() => [refusing, asking, accepting].every(({ verifier }) => verifier.feedState === 'lost'))
  t.same([await refusing.check(token), await asking.check(token), await accepting.check(token)], ['SERVICE_UNAVAILABLE', 'taken', 'taken'])
  t.equal(stub.introspected, 1)
  stub.isActive = false
  t.equal(await asking.check(token), 'SESSION_ENDED')
  stub.isActive = true

  // Told while nobody was connected.
  stub.cut()
  stub.tell('session.ended', { sid: 's1' })
  stub.beats = true
  await Promise.all([refusing, asking, accepting].map(async ({ verifier }) => { await verifier.ready() }))
  t.same([await refusing.check(token), await asking.check(token), await accepting.check(token)], Array(3).fill('SESSION_ENDED'))
  t.equal(await refusing.check(stub.sign({ sid: 's2' })), 'taken')
  await until(() => states.length >= 3)
  t.same(states, ['current', 'lost', 'current'])
})

t.test('after a reset older tokens are not trusted without a word', async (t) => {
  const stub = await startStub(t)
  const { verifier, check } = await start(t, stub)
  const old = stub.sign({ iat: Math.floor(Date.now() / 1000) - 60 })
  t.equal(await check(old), 'taken')
  stub.send('event: reset\ndata:\n\n')
  stub.tell('session.ended', { sid: 'mark' })
  await until(() => verifier.endings === 1)
  t.equal(await check(old), 'SERVICE_UNAVAILABLE')
  const asking = await start(t, stub, { onFeedLost: 'introspect', tokenLifeMinutes: 1 / 60 })
  t.equal(await asking.check(old), 'taken', 'older than the events it has read: it asks')
  t.equal(stub.introspected, 1)
})

t.test('memory is bounded: the oldest endings are forgotten, and what they may concern is not trusted', async (t) => {
  const stub = await startStub(t)
  const { verifier, check } = await start(t, stub, { mostEndings: 10 })
  const old = stub.sign({ sid: 'forgotten', iat: Math.floor(Date.now() / 1000) - 60 })
  for (let i = 0; i < 20; i++) stub.tell('session.ended', { sid: i === 0 ? 'forgotten' : `s${i}` })
  await until(() => verifier.endings === 10)
  stub.tell('session.ended', { sid: 'mark' })
  t.equal(await check(old), 'SERVICE_UNAVAILABLE')
})

t.test('a key that the server refuses is told, and opens nothing', async (t) => {
  const stub = await startStub(t)
  const errors: unknown[] = []
  const onError = (error: unknown): void => { errors.push(error) }
  const verifier = createVerifier({ issuer: stub.issuer, serviceKey: 'other', onFeedLost: 'refuse', onError })
  t.teardown(verifier.close)
  await t.rejects(verifier.ready(300))
  t.match(String(errors[0]), /answers 401/)
  const silent = shaped<Verify.VerifierOptions & Verify.FeedOptions>({ issuer: stub.issuer, serviceKey: 'key' })
  t.throws(() => createVerifier(silent), /onFeedLost/)
})

t.test('Fastify and Express answer refusals as problems, with WWW-Authenticate', async (t) => {
  const stub = await startStub(t)
  const { verifier } = await start(t, stub)
  const fastify = Fastify()
  await fastify.register(dvokrokVerify, { verifier })
  fastify.get('/', { onRequest: fastify.requireToken() }, async ({ token }) => ({ who: token?.sub }))
  fastify.get('/strict', { onRequest: fastify.requireToken({ secondFactor: true }) }, async ({ token }) => ({ who: token?.sub }))
  const middleware = { '/': requireToken(verifier), '/strict': requireToken(verifier, { secondFactor: true }) }
  const express = createServer((request: Express.VerifiedRequest, response) => {
    const answer = (): void => { response.end(JSON.stringify({ who: request.token?.sub })) }
    middleware[request.url === '/strict' ? '/strict' : '/'](request, response, answer)
  })
  await new Promise<void>((resolve) => { express.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => {
    express.close()
    await fastify.close()
  })
  const address = express.address()
  const bases = [await fastify.listen({ port: 0 }), `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`]
  for (const base of bases) {
    const ask = async (path: string, token?: string) => {
      const answer = await fetch(base + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
      return [answer.status, await answer.json(), answer.headers.get('www-authenticate'), answer.headers.get('content-type')]
    }
    const weak = stub.sign({ '2fa': false })
    t.match(await ask('/', weak), [200, { who: 'olena' }, null])
    t.match(await ask('/'), [401, { code: 'TOKEN_MISSING', status: 401 }, 'Bearer', /^application\/problem\+json/])
    t.match(await ask('/', 'nonsense'), [401, { code: 'TOKEN_INVALID' }, 'Bearer error="invalid_token"'])
    t.match(await ask('/strict', weak), [403, { code: 'SECOND_FACTOR_REQUIRED' }, null])
  }
})

t.test('a real server’s endings arrive: whatever ends a session, its token is refused elsewhere', async (t) => {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const server = await startApp(t, { env: { PUBLIC_URL: issuer } })
  await server.fastify.listen({ port, host: '127.0.0.1' })
  const ours = () => server.browser({ origin: issuer })
  const serviceKey = formatServiceKey(await server.inside.records.serviceKeys.add('shop', ['events:read', 'introspect']))
  const verifier = createVerifier({ issuer, serviceKey, onFeedLost: 'refuse' })
  t.teardown(verifier.close)
  await verifier.ready()

  /** Milliseconds from the answer until the token is refused. */
  const refusedAfter = async (token: string): Promise<number> => {
    const start = performance.now()
    while (await codeOf(verifier.verify(token)) !== 'SESSION_ENDED') await new Promise((resolve) => setTimeout(resolve, 2))
    return performance.now() - start
  }
  const waits: number[] = []
  const endings: Record<string, (signed: Awaited<ReturnType<typeof signUp>>) => Promise<unknown>> = {
    'a logout': async ({ browser, token }) => await browser.post('/auth/logout', undefined, { token }),
    'a logout everywhere': async ({ browser, token }) => await browser.post('/auth/logout-all', undefined, { token }),
    'a deletion': async ({ browser, token }) => await browser.call('DELETE', '/users/me', undefined, { token }),
    'an account that is disabled': async ({ id }) => await server.inside.records.administration.change(
      id, { status: 'disabled' }, { adminId: (await admin()).id, actor: { ip: '192.0.2.1', device: '' } })
  }
  async function admin (): Promise<{ id: string }> {
    const boss = await signUp(server, person(), ours())
    await server.inside.records.administration.grant(boss.id)
    return boss
  }
  for (const [what, end] of Object.entries(endings)) {
    const signed = await signUp(server, person(), ours())
    const token = String(signed.token)
    t.match(await verifier.verify(token), { sub: signed.id }, `before ${what}`)
    await end(signed)
    waits.push(await refusedAfter(token))
    t.pass(what)
  }

  const { who, browser, token } = await signUp(server, person(), ours())
  const other = await logIn(server, who, ours())
  t.equal(await codeOf(verifier.verify(String(other.token))), 'taken')
  await browser.call('PUT', '/users/password', { currentPassword: who.password, newPassword: 'a-copper-kettle-on-the-stove' }, { token })
  waits.push(await refusedAfter(String(other.token)))
  t.equal(await codeOf(verifier.verify(String(token))), 'taken', 'the session that changed the password lives on')
  t.comment(`refused after ${waits.map((wait) => wait.toFixed(1)).join(', ')} ms`)
})
