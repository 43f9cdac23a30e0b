import neostandard, { resolveIgnoresFromGitignore } from 'neostandard'

/** Nobody in `files` may import what matches `regex`, as a type neither unless `types` is true. */
const never = (name, files, ignores, ...patterns) => ({
  name: `dvokrok/${name}`,
  files,
  ignores,
  rules: { 'no-restricted-imports': ['error', { paths: [processEnv], patterns }] }
})
const pattern = (regex, message, types = false) => ({ regex, message, allowTypeImports: types })

const environment = { object: 'process', property: 'env', message: 'Only src/platform/config/config.ts reads the environment.' }
const clock = { object: 'Date', property: 'now', message: 'Use now() of src/platform/clock.ts.' }
const processEnv = { name: 'node:process', importNames: ['env'], message: environment.message }
const http = pattern('^(fastify|fastify-plugin|@fastify/.*)$', 'src decides and knows no HTTP; routes and plugins do.')
const upwards = pattern('(^|/)(plugins|routes)/', 'src never looks up at plugins or routes.')
const redis = pattern('^(ioredis|bullmq)$', 'Only stores touch Redis: give this file what it needs, or move it to a -store.ts.')
const mail = pattern('^nodemailer', 'Only src/mail sends mail.')
const web = pattern('(^|/)web/', 'The server imports nothing of the client.')

const data = ['src/platform/redis/**', 'src/**/*-store.ts', 'src/platform/mail/**', 'src/embedded/**']
const entrances = ['src/app.ts', 'src/server.ts']

export default [
  ...neostandard({ ts: true, noJsx: true, filesTs: ['**/*.ts', '**/*.tsx'], ignores: [...resolveIgnoresFromGitignore(), 'web/src/api/schema.d.ts'] }),

  // src decides, plugins connects, routes speaks HTTP: the table of docs/architecture.md.
  never('rules', ['src/**/*.ts'], [...data, ...entrances], http, upwards, redis, mail, web),
  never('stores', ['src/platform/redis/**/*.ts', 'src/**/*-store.ts', 'src/embedded/**/*.ts'], [], http, upwards, mail, web),
  never('mail', ['src/platform/mail/**/*.ts'], ['src/**/*-store.ts'], http, upwards, web),
  never('entrances', entrances, [], redis, mail, web),
  never('plugins', ['plugins/**/*.ts'], [],
    pattern('^\\./|(^|/)plugins/', 'A plugin never imports another one: name it in `dependencies` and use its decorator.', true),
    pattern('(^|/)routes/', 'Plugins know no routes.'), web),
  never('routes', ['routes/**/*.ts'], [],
    pattern('(^|/)plugins/', 'Use what the plugin decorates the instance with.', true),
    pattern('(^|/)src/(.*-store|platform/redis/(?!errors)|platform/mail/|embedded/)', 'Routes reach data and mail through fastify.*.', true),
    pattern('^(ioredis|bullmq|nodemailer)', 'Routes reach data and mail through fastify.*.'), web),

  never('the pages', ['web/**/*.{ts,tsx}'], [],
    pattern('(^|/)(src|plugins|routes)/', 'The pages import nothing of the server: they know it by its OpenAPI document.')),

  {
    name: 'dvokrok/everywhere',
    rules: { 'no-console': 'error' }
  },
  {
    name: 'dvokrok/types',
    files: ['**/*.ts', '**/*.tsx'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error'
    }
  },
  {
    name: 'dvokrok/one-reader',
    files: ['src/**/*.ts', 'plugins/**/*.ts', 'routes/**/*.ts'],
    rules: {
      'no-restricted-properties': ['error', environment, clock],
      'no-restricted-syntax': ['error', { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clock.message }]
    }
  },
  { name: 'dvokrok/the-environment', files: ['src/platform/config/config.ts'], rules: { 'no-restricted-properties': ['error', clock] } },
  { name: 'dvokrok/the-clock', files: ['src/platform/clock.ts'], rules: { 'no-restricted-properties': ['error', environment] } },
  { name: 'dvokrok/scripts', files: ['scripts/**', 'bench/**', '*.js'], rules: { 'no-console': 'off' } }
]
