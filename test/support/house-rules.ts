/** Who may import what. The first zone whose pattern matches a path holds that file; test/house.test.ts enforces the table. */
export interface Zone {
  name: string
  files: RegExp
  /** Zones that its files may import from, besides the zone itself. Types count like values. */
  imports: string[]
  /** Files that it may not import although their zone is listed (or is its own), and the exceptions from that. */
  never?: { files: RegExp, except?: RegExp, why: string }
}

/** Read downwards: routes, plugins -> flows -> records -> platform. */
export const zones: Zone[] = [
  // Needs no server, so the pages share it.
  { name: 'texts', files: /^src\/platform\/locales\/((bind-texts|texts|text-args)\.ts|en\/.*\.json)$/, imports: [] },
  { name: 'web', files: /^web\//, imports: ['texts'] },
  {
    name: 'routes',
    files: /^routes\//,
    imports: ['flows', 'records', 'texts', 'platform', 'schemas', 'errors'],
    never: {
      files: /^src\/(.*-store\.ts$|platform\/(redis|mail)\/)/,
      why: 'a route calls a flow, which reaches data and mail'
    }
  },
  // The composition root may name the types of what it composes.
  {
    name: 'composition',
    files: /^plugins\/flows\.ts$/,
    imports: ['plugins', 'flows', 'records', 'texts', 'platform', 'app', 'schemas', 'errors']
  },
  {
    name: 'plugins',
    files: /^plugins\//,
    imports: ['flows', 'records', 'texts', 'platform', 'app', 'schemas', 'errors'],
    never: { files: /^plugins\//, why: 'a plugin uses the decorator of another one and names it in `dependencies`' }
  },
  { name: 'command', files: /^src\/dvokrok\.ts$/, imports: ['server', 'tools', 'texts', 'platform'] },
  { name: 'server', files: /^src\/server\.ts$/, imports: ['app', 'embedded', 'records', 'texts', 'platform', 'errors'] },
  // What other applications import.
  { name: 'mount', files: /^src\/mount\.ts$/, imports: ['app', 'embedded', 'texts', 'platform', 'errors'] },
  { name: 'mail-worker', files: /^src\/mail-worker\.ts$/, imports: ['flows', 'records', 'texts', 'platform', 'errors'] },
  { name: 'app', files: /^src\/app(-options)?\.ts$/, imports: ['flows', 'records', 'texts', 'platform', 'errors'] },
  { name: 'schemas', files: /^src\/(passkey-)?schemas\.ts$/, imports: ['flows', 'records', 'texts', 'platform', 'errors'] },
  { name: 'errors', files: /^src\/errors\.ts$/, imports: [] },
  { name: 'tools', files: /^src\/tools\//, imports: ['embedded', 'records', 'texts', 'platform', 'errors'] },
  { name: 'embedded', files: /^src\/embedded\//, imports: ['records', 'texts', 'platform', 'errors'] },
  {
    name: 'flows',
    files: /^src\/flows\//,
    imports: ['records', 'texts', 'platform', 'errors'],
    never: {
      files: /^src\/platform\/redis\//,
      except: /^src\/platform\/redis\/errors\.ts$/,
      why: 'a flow sends no Redis command: it calls a store'
    }
  },
  { name: 'records', files: /^src\/records(\.ts$|\/)/, imports: ['texts', 'platform', 'errors'] },
  { name: 'platform', files: /^src\/platform\//, imports: ['texts', 'errors'] }
]

/** Libraries that only some files may import, and files that may import their types alone. */
export const libraries: Array<{ name: RegExp, files: RegExp, typesIn?: RegExp }> = [
  {
    name: /^(fastify|fastify-plugin|@fastify\/.+)$/,
    files: /^(plugins|routes)\/|^src\/(app|app-options|mount|server|schemas)\.ts$/,
    typesIn: /^src\/platform\/http\//
  },
  {
    name: /^ioredis$/,
    files: /^src\/(platform\/redis|tools|embedded)\/|^plugins\/platform\//,
    typesIn: /^src\/records\/.*-store\.ts$/
  },
  { name: /^(bullmq|nodemailer)(\/|$)/, files: /^src\/platform\/mail\// }
]

/** Upper limits: with more of them nobody can tell any more what an instance or a request has. */
export const decoratorLimits = { instance: 16, requestAndReply: 4 }

/** Instance decorators that a library adds in the plugin that registers it. */
export const libraryDecorators: Record<string, string[]> = {
  '@fastify/redis': ['redis'],
  '@fastify/jwt': ['jwt'],
  '@fastify/swagger': ['swagger'],
  '@fastify/under-pressure': ['isUnderPressure', 'memoryUsage'],
  '@fastify/rate-limit': ['rateLimit', 'createRateLimit']
}
