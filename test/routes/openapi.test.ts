import { createConfig, lintFromString } from '@redocly/openapi-core'
import type { RouteOptions } from 'fastify'
import t from 'tap'
import { EXAMPLES } from '../../src/platform/http/openapi-examples.ts'
import { withNames } from '../../src/platform/http/openapi.ts'
import { startApp } from '../support/app.ts'
import { readOpenApi, schemaChecker } from '../support/openapi.ts'

const routes: RouteOptions[] = []
const server = await startApp(t, {
  env: { PUBLIC_URL: 'https://id.example.org' },
  before: (fastify) => { fastify.addHook('onRoute', (route) => { routes.push(route) }) }
})
const { document, operations } = await readOpenApi(server)

async function lint (source: object): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'] })
  const problems = await lintFromString({ source: JSON.stringify(source), absoluteRef: 'openapi.json', config })
  return problems.map(({ severity, ruleId, message, location }) => `${severity} ${ruleId}: ${message} ${location[0]?.pointer}`)
}

t.test('a linter finds nothing wrong with the document, and would', async (t) => {
  t.strictSame(await lint(document), [])
  const broken = { ...document, paths: { '/x': { get: { responses: { 200: { description: 'x', content: 1 } } } } } }
  t.ok((await lint(broken)).some((line) => line.startsWith('error struct: Expected type')))
})

t.test('each operation has an id of its own, a name to call it by', async (t) => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({ route: `${method} ${path}`, operationId })))
  t.strictSame(operations.filter(({ operationId }) => !/^[a-z][A-Za-z0-9]+$/.test(operationId ?? '')).map(({ route }) => route), [],
    'give its schema an operationId')
  t.equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length)
})

t.test('each operation is in one group, and the document describes each', async (t) => {
  const groups = document.tags.map(({ name }) => name)
  t.strictSame(document.tags.filter(({ description }) => description === ''), [])
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  t.strictSame(operations.filter(({ tags: [group = '', ...more] }) => !groups.includes(group) || more.length > 0), [])
})

t.test('each operation names what its route lets in, service keys with their scope', async (t) => {
  const bearer = [{ access: [] }]
  const byLevel: Record<string, unknown> = {
    public: [],
    pending: [{ pending: [] }, { pendingCookie: [] }],
    refresh: [{ refreshCookie: [] }],
    session: bearer,
    'second-factor': bearer,
    recent: bearer,
    admin: bearer,
    'recent-admin': bearer,
    operator: [{ metrics: [] }, {}],
    'users:read or admin': [{ access: [] }, { serviceKey: ['users:read'] }],
    'users:write or recent-admin': [{ access: [] }, { serviceKey: ['users:write'] }],
    'events:read': [{ serviceKey: ['events:read'] }],
    introspect: [{ serviceKey: ['introspect'] }, { serviceKeyBasic: ['introspect'] }]
  }
  // Anybody may call these; what somebody brings is looked at.
  const optional: Record<string, unknown> = {
    'POST /auth/login': [{}, { pending: [] }, { pendingCookie: [] }],
    'GET /auth/session': [{}, { refreshCookie: [] }],
    'POST /auth/logout': [{}, { refreshCookie: [] }, { access: [] }],
    'POST /auth/logout-all': [{}, { refreshCookie: [] }, { access: [] }]
  }
  const seen = new Set<string>()
  for (const { method, path, security } of operations) {
    const name = `${method} ${path}`
    const route = routes.find(({ url, method: own }) => [own].flat().includes(method) && url.replace(/:(\w+)/g, '{$1}') === path)
    const access = route?.config?.access ?? 'none'
    const level = typeof access === 'string' ? access : [access.scope, ...access.or ? [access.or] : []].join(' or ')
    seen.add(level)
    t.strictSame(security, optional[name] ?? byLevel[level], `${name}: ${level}`)
  }
  for (const level of ['users:read or admin', 'users:write or recent-admin', 'events:read', 'introspect', 'recent-admin', 'refresh']) {
    t.ok(seen.has(level), level)
  }
})

t.test('what many routes share stands once, under its name', async (t) => {
  for (const name of ['User', 'Problem', 'Challenge', 'Tokens', 'SignedIn', 'Session', 'Activity', 'Introspection']) {
    t.ok(document.components.schemas[name], name)
  }
  const one = (description: string) => ({
    components: {}, paths: { '/x': { get: { responses: { 200: { schema: { title: 'X', type: 'object', description } } } } } }
  })
  const two = { components: {}, paths: { ...one('a').paths, '/y': one('b').paths['/x'] } }
  t.doesNotThrow(() => withNames(one('a'), {}))
  t.throws(() => withNames(two, {}), /Two schemas are called X/)
})

t.test('the examples are what their schemas ask for', async (t) => {
  const compile = await schemaChecker()
  for (const [name, example] of Object.entries(EXAMPLES)) {
    t.match(document.components.schemas[name], { examples: [example] }, name)
    t.equal(compile(find(operations, name) ?? {})(example), true, `${name}: ${JSON.stringify(example)}`)
  }
})

/** The schema of this title, with all that it names in its place. */
function find (node: unknown, title: string): Record<string, unknown> | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  if ('title' in node && node.title === title) return { ...node }
  for (const part of Object.values(node)) {
    const found = find(part, title)
    if (found) return found
  }
  return undefined
}
