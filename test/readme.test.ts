import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { EVENTS } from '../src/records/activity/activity.ts'
import { schema } from '../src/platform/config/variables.ts'
import { PROBLEMS } from '../src/errors.ts'
import { newFolder, startServer } from './support/process.ts'
import { json, shaped } from './support/shapes.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const filesIn = (folder: string): string[] => readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length))
const matches = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = '']) => found)

const readme = read('README.md')
const settings = read('docs/settings.md')
const observability = read('docs/observability.md')
const documents = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...filesIn('docs').filter((path) => path.endsWith('.md'))]

/** What is neither a fenced block nor a comment. */
const prose = (path: string): string => read(path).replace(/^```[\s\S]*?^```/gm, '')

// A bare image of Node has no curl. Whoever has none cannot follow the README either.
const isMissingCurl = spawnSync('curl', ['--version']).status !== 0 && 'curl is not on PATH'

const { port, url } = await startServer(t)

t.test('the way with curl in the README works as it stands there', { skip: isMissingCurl }, async (t) => {
  const blocks = matches(readme, /<!-- flow -->\n```bash\n([\s\S]*?)```/g)
  t.equal(blocks.length, 6)
  const script = blocks.join('\n').replaceAll('localhost:3000', `localhost:${port}`)

  const { status, stdout, stderr } = await runBash(script, newFolder(t))
  t.equal(status, 0, stderr)
  const answers = stdout.split('\n').filter((line) => line !== '').map((line) => json(line))
  t.match(answers, [
    { success: true, emailSent: true, pendingToken: String },
    { success: true, message: 'E-mail confirmed! Welcome!', accessToken: String, user: { name: 'Olena' } },
    { twoFactorRequired: true, ttlMinutes: 5 },
    { user: { name: 'Olena', isTwoFactorEnabled: true } },
    { user: { name: 'Olena' } },
    { status: 401, code: 'SESSION_ENDED' },
    { ttlMinutes: 10, pendingToken: String },
    { message: String }
  ])
  t.equal(answers.length, 8)
  t.equal(answers.at(-1)?.['accessToken'], undefined, 'a reset signs nobody in')
  t.notMatch(stdout, /refresh/i, 'no answer holds a refresh token')
})

t.test('after a refused call the helper of the README ends with a sentence', { skip: isMissingCurl, timeout: 120_000 }, async (t) => {
  const [helpers = ''] = matches(readme, /<!-- flow -->\n```bash\n([\s\S]*?)```/g)
  const script = `${helpers.replaceAll('localhost:3000', `localhost:${port}`)}
    call $api/auth/register -d '{"name":"","email":"'$email'","password":"wooden-lantern-tide"}'
    code sign-up || echo "ended with $?"`
  const { stdout, stderr } = await runBash(script, newFolder(t))
  t.match(stdout, /"VALIDATION_FAILED"[\s\S]*ended with 1/)
  t.match(stderr, /^No sign-up code came to olena/m)
})

t.test('every route stands in the README, and no other', async (t) => {
  const { paths } = shaped<{ paths: Record<string, Record<string, unknown>> }>(await (await fetch(`${url}/docs/json`)).json())
  const published = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`))
  const pages = ['GET /docs', 'GET /docs/json', 'GET /mailbox']
  const told = matches(readme, /`((?:GET|POST|PUT|PATCH|DELETE) \/[^`?]*)[`?]/g)
  t.strictSame([...new Set(told)].toSorted(), [...published, ...pages].toSorted())
})

t.test('every variable is explained to operators with its default', async (t) => {
  for (const [name, { default: fallback }] of Object.entries<{ default?: unknown }>(schema.properties)) {
    const [, shown] = new RegExp(`^\\| \`${name}\` \\| ([^|]*) \\|`, 'm').exec(settings) ?? []
    t.ok(shown !== undefined, `${name} has a row in docs/settings.md`)
    if (fallback !== undefined) t.equal(shown?.replaceAll('`', ''), String(fallback), `the default of ${name}`)
    t.match(read('.env.example'), new RegExp(`^#?${name}=`, 'm'))
  }
})

t.test('the documents name no variable and no refusal that does not exist', async (t) => {
  const ofTheClient = matches(read('packages/client/src/problem.ts'), /'([A-Z_]+)'/g)
  const known = new Set([...Object.keys(schema.properties), ...Object.keys(PROBLEMS), ...ofTheClient])
  for (const path of documents) {
    const names = matches(prose(path), /`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`/g)
    t.strictSame(names.filter((name) => !known.has(name)), [], path)
  }
})

t.test('the log events in the documents are those in the code', async (t) => {
  const code = ['plugins', 'routes', 'src'].flatMap(filesIn).filter((path) => path.endsWith('.ts') && !path.startsWith('src/embedded/'))
  // After the name of a level, because events of the activity log are called `event` as well.
  const logged = new Set(code.flatMap((path) => matches(read(path), /(?:fatal|error|warn|info|debug)'?[\])]?\(\s*\{\s*event: '([\w.]+)'/g)))
  const told = matches(observability, /^\| `([a-z]+(?:\.[a-z_]+)?)` \| (?:fatal|error|warn|info|debug) \|/gm)
  t.strictSame(told.toSorted(), [...logged].toSorted())
})

t.test('the events of the activity log in the documents are those in the code', async (t) => {
  const [, table = ''] = /^## Activity$[\s\S]*?\n\| about([\s\S]*?)\n\n/m.exec(observability) ?? []
  t.strictSame(matches(table, /`([a-z]+(?:_[a-z]+)*)`/g).toSorted(), [...EVENTS].toSorted())
})

t.test('every link leads somewhere, to the very heading', async (t) => {
  for (const path of documents) {
    for (const link of matches(prose(path), /\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(link)) continue
      const [file = '', heading] = link.split('#')
      const target = file === '' ? path : join(dirname(path), file)
      t.ok(existsSync(join(root, target)), `${path} links to ${link}`)
      if (heading !== undefined) t.ok(headingsOf(target).includes(heading), `${path} links to ${link}`)
    }
  }
})

t.test('every file and folder that the documents name exists', async (t) => {
  for (const path of documents) {
    const named = matches(prose(path), /`(\.?[\w-]+(?:[./][\w.-]*)*)`/g).filter(isOurs)
    t.strictSame(named.filter((name) => !existsSync(join(root, name))), [], path)
  }
})

t.test('every command of npm in the documents exists', async (t) => {
  const { scripts } = json<{ scripts: Record<string, string> }>(read('package.json'))
  for (const path of documents) {
    const named = matches(read(path), /(?:^|`|&& )npm (?:run )?([a-z]+(?:[:-][a-z]+)*)/gm)
    t.strictSame(named.filter((name) => name !== 'ci' && name !== 'pack' && !(name in scripts)), [], path)
  }
})

t.test('each decision has a context, a decision and consequences, half a page long, and is in the list', async (t) => {
  const list = read('docs/architecture.md')
  filesIn('docs/decisions').toSorted().forEach((path, index) => {
    const number = String(index + 1).padStart(4, '0')
    t.match(path, new RegExp(`^docs/decisions/${number}-[a-z0-9-]+\\.md$`))
    const text = read(path)
    t.strictSame(matches(text, /^## (.*)$/gm), ['Context', 'Decision', 'Consequences'], path)
    t.ok(text.split('\n').length <= 36, `${path} is half a page`)
    t.match(list, `[${/^# (.*)$/m.exec(text)?.[1]}](${path.slice('docs/'.length)})`)
  })
})

const headingsOf = (path: string): string[] =>
  matches(read(path), /^#+ (.*)$/gm).map((heading) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'))

/** Whether a word in backticks is a path of this repository: something in one of our folders, or a file of code or prose. */
function isOurs (name: string): boolean {
  const folders = readdirSync(root).filter(
    (entry) => statSync(join(root, entry)).isDirectory() && !['node_modules', 'dist', '.data', '.git', '.tap'].includes(entry)
  )
  return folders.some((folder) => name.startsWith(`${folder}/`)) || /\.(ts|js|md|lua|yml|svg)$|^Dockerfile$/.test(name)
}

async function runBash (script: string, cwd: string): Promise<{ status: number | null, stdout: string, stderr: string }> {
  const bash = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], { cwd, timeout: 60_000 })
  const [stdout, stderr] = [bash.stdout.toArray(), bash.stderr.toArray()]
  await once(bash, 'exit')
  return { status: bash.exitCode, stdout: Buffer.concat(await stdout).toString(), stderr: Buffer.concat(await stderr).toString() }
}
