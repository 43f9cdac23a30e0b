import type { RouteOptions } from 'fastify'
import t from 'tap'
import { PROBLEMS } from '../../src/errors.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { buildPages } from '../support/built-pages.ts'
import { readOpenApi, schemaChecker } from '../support/openapi.ts'
import { shaped } from '../support/shapes.ts'
import { type Method } from '../support/browser.ts'

buildPages()

/** Not of the API, and not in its document. */
const FOR_PEOPLE = [
  'GET /',
  'GET /.well-known/change-password',
  'GET /admin',
  'GET /admin/accounts/:id',
  'GET /admin/log',
  'GET /assets/*',
  'GET /brand/logo',
  'GET /client.js',
  'GET /confirm-email',
  'GET /dashboard',
  'GET /disown',
  'GET /docs',
  'GET /docs/json',
  'GET /docs/yaml',
  'GET /forgot-password',
  'GET /invitation',
  'GET /login',
  'GET /logout',
  'GET /register',
  'GET /settings',
  'GET /verify-otp'
]

const ROUTES = {
  public: [
    ...FOR_PEOPLE,
    'GET /.well-known/jwks.json',
    'GET /.well-known/oauth-authorization-server',
    'GET /.well-known/webauthn',
    'GET /auth/session',
    'GET /health/live',
    'GET /health/ready',
    'POST /auth/email/confirm',
    'POST /auth/invitation',
    'POST /auth/invitation/accept',
    'POST /auth/disown',
    'POST /auth/login',
    'POST /auth/logout',
    'POST /auth/logout-all',
    'POST /auth/passkeys/options',
    'POST /auth/password/forgot',
    'POST /auth/register'
  ].sort(),
  admin: [
    'GET /admin/activity',
    'GET /admin/roles'
  ],
  'recent-admin': [
    'POST /admin/users/:id/second-factors/reset'
  ],
  'users:read or admin': [
    'GET /admin/users',
    'GET /admin/users/:id',
    'GET /admin/users/:id/activity',
    'GET /admin/users/:id/sessions'
  ],
  'users:write or recent-admin': [
    'DELETE /admin/users/:id',
    'PATCH /admin/users/:id',
    'POST /admin/users',
    'POST /admin/users/:id/invite',
    'POST /admin/users/:id/logout'
  ],
  'events:read': [
    'GET /events'
  ],
  introspect: [
    'POST /auth/introspect'
  ],
  operator: [
    'GET /metrics'
  ],
  pending: [
    'GET /auth/2fa',
    'POST /auth/2fa/passkey/options',
    'POST /auth/2fa/resend',
    'POST /auth/passkeys/verify',
    'POST /auth/password/reset',
    'POST /auth/verify-otp'
  ],
  recent: [
    'DELETE /users/:id',
    'DELETE /users/me/passkeys/:id',
    'DELETE /users/me/phone',
    'DELETE /users/me/totp',
    'GET /users/me/export',
    'PATCH /users/me/passkeys/:id',
    'POST /users/me/email',
    'POST /users/me/email/confirm',
    'POST /users/me/passkeys',
    'POST /users/me/passkeys/options',
    'POST /users/me/phone',
    'POST /users/me/phone/confirm',
    'POST /users/me/recovery-codes',
    'POST /users/me/totp',
    'POST /users/me/totp/confirm'
  ],
  refresh: [
    'POST /auth/refresh'
  ],
  'second-factor': [
    'DELETE /users/me/devices/:id',
    'DELETE /users/me/sessions',
    'DELETE /users/me/sessions/:sid',
    'GET /auth/me',
    'GET /users/me/activity',
    'GET /users/me/devices',
    'GET /users/me/passkeys',
    'GET /users/me/recovery-codes',
    'GET /users/me/sessions',
    'PATCH /users/:id',
    'POST /auth/reauthenticate',
    'POST /auth/reauthenticate/passkey',
    'POST /auth/reauthenticate/passkey/options',
    'POST /auth/reauthenticate/verify',
    'PUT /users/password'
  ]
}

interface Route { url: string, methods: string[], options: RouteOptions }

/** The application, and every route that it registered. */
async function startWatched (
  t: Parameters<typeof startApp>[0],
  env: Record<string, string> = {}
): Promise<{ server: TestApp; routes: Route[] }> {
  const routes: Route[] = []
  // The options themselves are kept, because a later hook may still say who may call; the URL is not, because Fastify changes it.
  const look = (options: RouteOptions): void => {
    routes.push({ url: options.url, methods: [options.method].flat(), options })
  }
  const server = await startApp(t, { env, before: (fastify) => fastify.addHook('onRoute', look) })
  return { server, routes }
}

const whoMayCall = ({ options: { config } }: Route): string => {
  const access = config?.access ?? 'nobody said'
  return typeof access === 'string' ? access : `${access.scope}${access.or ? ` or ${access.or}` : ''}`
}

t.test('these are the routes, and this is who may call them', async (t) => {
  const { server, routes } = await startWatched(t)
  const found: Record<string, string[]> = {}
  for (const route of routes) {
    for (const method of route.methods) {
      const { status } = await server.browser().call(shaped<Method>(method), route.url.replace('*', 'x'))
      // A 405 is registered like a route; HEAD comes with every GET.
      if (status === 405 || method === 'HEAD') continue
      const who = whoMayCall(route)
      found[who] = [...new Set([...found[who] ?? [], `${method} ${route.url}`])].sort()
    }
  }
  t.strictSame(found, ROUTES)
  const { public: open, ...gated } = ROUTES
  for (const url of Object.values(gated).flat()) {
    const [method, path] = shaped<[Method, string]>(url.split(' '))
    const answer = await server.browser().call(method, path)
    t.match([answer.status, answer.headers['www-authenticate']], [401, /^Bearer realm=/], `${url}: nobody comes in without a token`)
  }
})

t.test('a route whose body holds a password says that it works on passwords', async (t) => {
  const { routes } = await startWatched(t)
  const takesPassword = routes.filter(({ options: { schema } }) => /"\w*password":/i.test(JSON.stringify(schema?.body ?? {})))
  t.ok(takesPassword.length >= 5)
  t.strictSame(takesPassword.filter(({ options: { config } }) => config?.worksOnPasswords !== true).map(({ url }) => url), [])
})

t.test('a route that does not say who may call it stops the boot', async (t) => {
  const addRoute = async (config: object): Promise<TestApp> => {
    let isAdded = false
    return await startApp(t, {
      before: (fastify) => fastify.addHook('onRegister', (instance, { prefix }) => {
        if (prefix !== '/health' || isAdded) return
        isAdded = true
        instance.get('/silent', { config }, async () => 'open to all')
      })
    })
  }
  await t.rejects(addRoute({}), /do not say who may call them.*: GET \/health\/silent/)
  await t.rejects(addRoute({ access: 'everybody' }), /GET \/health\/silent/)
  await t.resolves(addRoute({ access: 'public' }))
})

t.test('a server that lets other origins in registers no other routes', async (t) => {
  const { routes } = await startWatched(t, { CORS_ORIGINS: 'http://app.example.org' })
  const silent = routes.filter((route) => whoMayCall(route) === 'nobody said').map(({ url }) => url)
  t.strictSame(silent, [])
})

t.test('the OpenAPI document is valid and tells exactly the routes there are', async (t) => {
  const { server, routes } = await startWatched(t)
  const { document, operations } = await readOpenApi(server)
  t.match(document.openapi, /^3\.1\.\d$/)
  t.match(document.info, { title: 'Dvokrok', version: /^\d+\.\d+\.\d+$/ })
  t.strictSame(document.servers, [{ url: 'http://localhost:3000' }])

  const told = Object.values(ROUTES).flat().filter((route) => !FOR_PEOPLE.includes(route)).map(documented)
  t.strictSame(operations.map(({ method, path }) => `${method} ${path}`).sort(), told.sort())

  const compile = await schemaChecker()
  for (const { method, path, security, body, responses } of operations) {
    const name = `${method} ${path}`
    const route = routes.find((one) => documented(one.url) === path && one.methods.includes(method))
    t.ok(document.paths[path]?.[method.toLowerCase()]?.summary, `${name} says what it is for`)
    for (const scheme of (security ?? []).flatMap((one) => Object.keys(one))) {
      t.ok(document.components.securitySchemes[scheme], `${name}: ${scheme} is described`)
    }
    if (route && whoMayCall(route) !== 'public') t.ok(security?.length, `${name} says what a caller must bring`)
    if (method === 'GET') t.equal(body, undefined)
    if (body) t.match(body, { type: 'object', additionalProperties: false }, `${name} refuses unknown fields`)
    t.ok(Object.keys(responses).some((status) => status.startsWith('2')), `${name} says what success is`)
    const schemas = Object.values(responses).flatMap(({ content }) => Object.values(content ?? {}).map(({ schema }) => schema))
    for (const schema of body ? [body, ...schemas] : schemas) t.doesNotThrow(() => compile(schema), `${name}: a valid schema`)
  }
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]*)"/g)].map(([, to = '']) => to)
  t.strictSame(references.filter((to) => !to.startsWith('#/components/')), [], 'whole in itself')
})

t.test('every refusal is documented, with every code there is', async (t) => {
  const server = await startApp(t)
  const { operations } = await readOpenApi(server)
  for (const { method, path, responses } of operations) {
    for (const range of ['4XX', '5XX']) {
      t.match(responses[range]?.content?.['application/problem+json']?.schema, {
        required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
        properties: { code: { enum: Object.keys(PROBLEMS) } }
      }, `${method} ${path} ${range}`)
    }
  }
})

t.test('with https the document names the cookies as they are', async (t) => {
  const server = await startApp(t, { env: { PUBLIC_URL: 'https://id.example.org' } })
  const { document } = await readOpenApi(server)
  t.match(document.components.securitySchemes, { pendingCookie: { name: '__Host-pending' }, refreshCookie: { name: '__Host-refresh' } })
})

/** `/users/:id` as OpenAPI writes it. */
function documented (url: string): string {
  return url.replace(/:(\w+)/g, '{$1}')
}
