import { fileURLToPath } from 'node:url'
import t from 'tap'
import {
  fileCircles, forbiddenImports, forbiddenLibraries, parseTree, readTree, roomCircles, type Source, tooManyDecorators,
  undeclaredDependencies
} from './support/house.ts'
import { decoratorLimits } from './support/house-rules.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const serverTree = readTree(root, ['src', 'plugins', 'routes'])
const server = parseTree(serverTree)
const pages = parseTree(readTree(root, ['web/src']))

const treeOf = (files: Record<string, string>): Source[] => parseTree(new Map(Object.entries(files)))

t.test('the tree that is checked is the whole server', async (t) => {
  t.ok(server.length > 150, `${server.length} files`)
  t.ok(server.some(({ path }) => path === 'src/app.ts') && server.some(({ path }) => path.startsWith('routes/.')), 'with hidden folders')
  t.ok(pages.length > 50, `${pages.length} files of the pages`)
})

t.test('imports lead downwards only, as the table says', async (t) => {
  t.strictSame(forbiddenImports([...server, ...pages]), [])
})

t.test('no file imports itself by way of others', async (t) => {
  t.strictSame(fileCircles(server), [])
})

t.test('no room imports itself by way of others', async (t) => {
  t.strictSame(roomCircles(server), [])
})

t.test('Fastify, Redis and mail libraries stay in the rooms that may touch them', async (t) => {
  t.strictSame(forbiddenLibraries(server), [])
})

t.test('decorators are few', async (t) => {
  t.strictSame(tooManyDecorators(server), [])
})

t.test('a plugin declares the plugins whose decorators it uses', async (t) => {
  t.strictSame(undeclaredDependencies(server), [])
})

t.test('what the benchmarks import of the server is there', async (t) => {
  const fromBuild = /import \{([^}]+)\} from '(?:\.\.\/)+dist\/([^']+)\.js'/g
  const imports = [...readTree(root, ['bench'], /^(?!.*node_modules).*\.js$/)].flatMap(([path, text]) =>
    [...text.matchAll(fromBuild)].map(([, names, file]) => ({ path, names, file })))
  t.ok(imports.length > 10, `${imports.length} imports`)
  for (const { path, names = '', file = '' } of imports) {
    const source = serverTree.get(`${file}.ts`) ?? ''
    for (const name of names.split(',')) {
      t.match(source, new RegExp(`export (async )?(function|const|class) ${name.trim()}\\b`), `${path}: ${name.trim()} of ${file}`)
    }
  }
})

t.test('an import against the table is found, in whatever form it is written', async (t) => {
  const target = '../../flows/login.ts'
  const forms = {
    'static import': `import { login } from '${target}'`,
    'type import': `import type { Login } from '${target}'`,
    'inline type': `let login: import('${target}').Login`,
    'dynamic import': `const { login } = await import('${target}')`,
    're-export': `export * from '${target}'`,
    'side effect': `import '${target}'`,
    '.js extension': `import { login } from '${target.replace('.ts', '.js')}'`
  }
  for (const [form, text] of Object.entries(forms)) {
    t.strictSame(forbiddenImports(treeOf({ 'src/records/sessions/session.ts': text })),
      ['src/records/sessions/session.ts imports src/flows/login.ts: records may not import flows'], form)
  }
})

t.test('each wall of the table holds', async (t) => {
  const cases: Array<[from: string, to: string, isAllowed: boolean]> = [
    ['routes/auth/login.ts', '../../src/flows/login.ts', true],
    ['routes/auth/login.ts', '../../plugins/http/cookies.ts', false],
    ['routes/auth/login.ts', '../../src/records/sessions/sessions-store.ts', false],
    ['routes/auth/login.ts', '../../src/platform/redis/keys.ts', false],
    ['routes/auth/login.ts', '../../src/platform/mail/outbox.ts', false],
    ['routes/auth/login.ts', '../../web/src/main.tsx', false],
    ['plugins/http/access.ts', '../../src/flows/login.ts', true],
    ['plugins/http/access.ts', '../../src/schemas.ts', true],
    ['plugins/http/access.ts', './cookies.ts', false],
    ['plugins/http/access.ts', '../../routes/auth/login.ts', false],
    ['plugins/http/access.ts', '../../src/embedded/mailbox.ts', false],
    ['plugins/flows.ts', './platform/mailer.ts', true],
    ['src/flows/login.ts', '../records/sessions/sessions-store.ts', true],
    ['src/flows/login.ts', '../platform/redis/errors.ts', true],
    ['src/flows/login.ts', '../platform/redis/keys.ts', false],
    ['src/flows/login.ts', '../schemas.ts', false],
    ['src/platform/ids.ts', '../errors.ts', true],
    ['src/platform/ids.ts', '../records/sessions/session.ts', false],
    ['src/embedded/mailbox.ts', '../platform/ids.ts', true],
    ['src/embedded/mailbox.ts', '../app.ts', false],
    ['src/tools/cli/doctor.ts', '../../embedded/mailbox.ts', true],
    ['src/tools/cli/doctor.ts', '../../flows/login.ts', false],
    ['src/app.ts', './embedded/mailbox.ts', false],
    ['src/server.ts', './embedded/mailbox.ts', true],
    ['web/src/main.tsx', '../../src/errors.ts', false],
    ['src/ids.ts', './errors.ts', false]
  ]
  for (const [from, to, isAllowed] of cases) {
    t.equal(forbiddenImports(treeOf({ [from]: `import type { X } from '${to}'` })).length, isAllowed ? 0 : 1, `${from} -> ${to}`)
  }
})

t.test('circles between files and between rooms are found, by types too', async (t) => {
  const files = treeOf({
    'src/records/a/one.ts': "import './two.ts'",
    'src/records/a/two.ts': "import './three.ts'",
    'src/records/a/three.ts': "import type { One } from './one.ts'",
    'src/records/a/four.ts': "import './one.ts'"
  })
  t.strictSame(fileCircles(files), ['src/records/a/one.ts, src/records/a/three.ts, src/records/a/two.ts'])
  t.strictSame(roomCircles(files), [], 'a room may hold it')

  const rooms = treeOf({
    'src/records/a/one.ts': "import '../b/two.ts'",
    'src/records/b/two.ts': 'export {}',
    'src/records/b/deep/three.ts': "import '../../a/four.ts'",
    'src/records/a/four.ts': "import '../../errors.ts'",
    'src/errors.ts': 'export {}'
  })
  t.strictSame(fileCircles(rooms), [])
  t.strictSame(roomCircles(rooms), ['src/records/a, src/records/b'])
  t.strictSame(roomCircles(treeOf({
    'src/app.ts': "import './server.ts'",
    'src/server.ts': "import './app.ts'"
  })), ['src/app.ts, src/server.ts'], 'a file in src is a room of its own')
})

t.test('a library in the wrong room is found; types where only they are allowed', async (t) => {
  const cases: Array<[path: string, text: string, isAllowed: boolean]> = [
    ['routes/auth/login.ts', "import fp from 'fastify-plugin'", true],
    ['src/flows/login.ts', "import type { FastifyRequest } from 'fastify'", false],
    ['src/flows/login.ts', "import type { FastifyJWT } from '@fastify/jwt'", false],
    ['src/platform/http/problem.ts', "import type { FastifyReply } from 'fastify'", true],
    ['src/platform/http/problem.ts', "import { type FastifyReply } from 'fastify'", true],
    ['src/platform/http/problem.ts', "import { fastify } from 'fastify'", false],
    ['src/platform/redis/connect.ts', "import { Redis } from 'ioredis'", true],
    ['src/records/sessions/sessions-store.ts', "import type { Redis } from 'ioredis'", true],
    ['src/records/sessions/sessions-store.ts', "import { Redis } from 'ioredis'", false],
    ['src/records/sessions/session.ts', "import type { Redis } from 'ioredis'", false],
    ['plugins/platform/redis.ts', "import { Redis } from 'ioredis'", true],
    ['plugins/http/access.ts', "import { Redis } from 'ioredis'", false],
    ['src/platform/mail/outbox.ts', "import { Queue } from 'bullmq'", true],
    ['src/platform/redis/connect.ts', "import { Queue } from 'bullmq'", false],
    ['src/tools/doctor/mail.ts', "import smtp from 'nodemailer/lib/smtp-connection/index.js'", false],
    ['routes/auth/login.ts', "const { createTransport } = await import('nodemailer')", false]
  ]
  for (const [path, text, isAllowed] of cases) {
    t.equal(forbiddenLibraries(treeOf({ [path]: text }))
      .length, isAllowed ? 0 : 1, `${path}: ${text}`)
  }
})

t.test('too many decorators are found; one that is added in two files counts once', async (t) => {
  const decorate = (method: string, count: number): string =>
    Array.from({ length: count }, (_, i) => `fastify.${method}('name${i}', null)`).join('\n')
  const { instance, requestAndReply } = decoratorLimits

  const full = { 'plugins/a.ts': decorate('decorate', instance), 'plugins/b.ts': decorate('decorateRequest', requestAndReply) }
  t.strictSame(tooManyDecorators(treeOf({ ...full, 'plugins/c.ts': decorate('decorate', 1) })), [])
  t.match(tooManyDecorators(treeOf({ ...full, 'src/app.ts': "fastify.decorate<Config>('config', config)" })), [/^17 instance decorators/])
  t.match(tooManyDecorators(treeOf({ ...full, 'plugins/c.ts': "fastify.decorateReply('more')" })), [/^5 request and reply decorators/])
  t.match(tooManyDecorators(
    treeOf({ ...full, 'plugins/c.ts': 'fastify.decorate(name, value)' })
  ), [/^17 .*\bname\b/], 'a computed name too')
})

t.test('a decorator whose plugin is not declared is found', async (t) => {
  const makers = {
    'plugins/a.ts': "export default fp(async (fastify) => { fastify.decorate('answer', 42) }, { name: 'a' })",
    'plugins/b.ts': "export default fp(async (fastify) => { fastify.decorateRequest('who', null) }, { name: 'b' })",
    'plugins/redis.ts': "import redis from '@fastify/redis'\nexport default fp(async () => {}, { name: 'redis' })",
    'src/app.ts': "fastify.decorate('config', {})"
  }
  const userOf = (body: string, dependencies: string): Source[] => treeOf({
    ...makers,
    'plugins/user.ts': `export default fp(async (fastify) => { ${body} }, { name: 'user', dependencies: [${dependencies}] })`
  })
  const uses = {
    'fastify.answer': 'answer without naming a',
    'const { answer: found } = fastify': 'answer without naming a',
    'request.server.answer': 'answer without naming a',
    'request.who': 'who without naming b',
    'fastify.redis.get(key)': 'redis without naming redis'
  }
  for (const [body, missing] of Object.entries(uses)) {
    t.strictSame(undeclaredDependencies(userOf(body, "'other'")), [`plugins/user.ts uses ${missing}`], body)
    t.strictSame(undeclaredDependencies(userOf(body, "'a', 'b', 'redis'")), [], `${body}, declared`)
  }
  t.strictSame(undeclaredDependencies(userOf('fastify.config', '')), [], 'the application itself is no plugin')
})
