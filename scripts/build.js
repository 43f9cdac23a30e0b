// Builds src, plugins and routes into dist/, and the pages into web/dist/. With --if-stale only what is missing or older than
// what it is made from; with --pages only the pages.
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folders = ['src', 'plugins', 'routes']
const madeFrom = [...folders, 'package-lock.json', 'scripts/build.js', 'scripts/transpile.js']
const pages = join('web', 'dist')
const pagesMadeFrom = [
  'web/src', 'web/build', 'web/index.html', 'web/vite.config.ts', 'web/package.json', 'package-lock.json', 'scripts/build.js',
  'packages/client/src', 'packages/client/build.js'
]
const dataExtensions = new Set(['.lua', '.bin', '.json', '.svg', '.txt'])
const stamp = join('dist', '.built')
const pagesStamp = join(pages, '.built')

process.chdir(root)
const always = !process.argv.includes('--if-stale')
if (!process.argv.includes('--pages') && (always || isStale(stamp, madeFrom, existsSync('src') && findCompiler()))) await build()
if (always || isStale(pagesStamp, pagesMadeFrom, existsSync(join('web', 'src')) && findVite())) await buildPages()

async function build () {
  if (!findCompiler()) {
    fail('Dvokrok cannot be built: TypeScript is missing. Install it with: npm ci --include=dev\n' +
      '(npm leaves development packages out when NODE_ENV is production.)')
  }
  const { transpile } = await import('./transpile.js')
  // Built apart and moved at the end: no file of an older build stays, and a failed build leaves the last one in place.
  const target = join('dist', `.new-${process.pid}`)
  try {
    for (const file of folders.flatMap((folder) => walk(folder))) {
      const to = join(target, file)
      mkdirSync(dirname(to), { recursive: true })
      if (extname(file) === '.ts') writeFileSync(to.replace(/\.ts$/, '.js'), transpile(file))
      else if (dataExtensions.has(extname(file))) cpSync(file, to)
    }
    await bundleThread(join(target, 'src', 'mail-worker.js'))
    await writeTypes(join(target, 'src'))
  } catch (error) {
    rmSync(target, { recursive: true, force: true })
    fail(`Dvokrok was not built: ${error.message}`)
  }
  for (const folder of folders) {
    rmSync(join('dist', folder), { recursive: true, force: true })
    renameSync(join(target, folder), join('dist', folder))
  }
  rmSync(target, { recursive: true })
  // npm does so where it installs the package, and nobody else.
  chmodSync(join('dist', 'src', 'dvokrok.js'), 0o755)
  writeFileSync(stamp, '')
}

/** What `import dvokrok from 'dvokrok'` is, for TypeScript. */
async function writeTypes (folder) {
  const { schema } = await import(resolve(folder, 'platform', 'config', 'variables.js'))
  writeFileSync(join(folder, 'mount.d.ts'), [
    "import type { FastifyPluginAsync } from 'fastify'",
    '/** The settings by their names, as docs/settings.md has them. */',
    `export type SettingName = ${Object.keys(schema.properties).map((name) => `'${name}'`).join(' | ')}`,
    'export type DvokrokOptions = { [Name in SettingName]?: string | number | boolean | undefined }',
    'declare const dvokrok: FastifyPluginAsync<DvokrokOptions>',
    'export default dvokrok',
    ''
  ].join('\n'))
}

/** The thread with all that it loads, in one file: it is there four times as fast as out of hundreds. Native addons stay where they are. */
async function bundleThread (file) {
  const { build: bundle } = await import('esbuild')
  const ownUrls = {
    name: 'a file finds what lies beside it',
    setup: ({ onLoad }) => onLoad({ filter: /[\\/]dist[\\/]\.new-\d+[\\/].*\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8')
      const url = `new URL('${relative(dirname(resolve(file)), path).replaceAll('\\', '/')}', import.meta.url).href`
      return { contents: text.replaceAll('import.meta.url', url) }
    })
  }
  await bundle({
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external: ['msgpackr-extract', 'bcrypt'],
    // Packages in CommonJS ask for Node's own.
    banner: { js: "import { createRequire } from 'node:module'\nconst require = createRequire(import.meta.url)" },
    plugins: [ownUrls],
    logLevel: 'warning'
  })
}

/** As with the server: built apart, and moved at the end. */
async function buildPages () {
  const vite = findVite()
  if (!vite) fail('The pages of Dvokrok cannot be built: Vite is missing. Install it with: npm ci --include=dev')
  const { build: viteBuild } = await import(vite)
  const target = `${pages}.new-${process.pid}`
  try {
    await viteBuild({ root: 'web', logLevel: 'warn', build: { outDir: join(root, target), emptyOutDir: true } })
    const { bundle } = await import('../packages/client/build.js')
    await bundle(join(root, target), 'assets/client-[name]-[hash]')
  } catch (error) {
    rmSync(target, { recursive: true, force: true })
    fail(`The pages of Dvokrok were not built: ${error.message}`)
  }
  rmSync(pages, { recursive: true, force: true })
  renameSync(target, pages)
  writeFileSync(pagesStamp, '')
}

/** Without sources or tools (a production image carries neither) what is there is what runs. */
function isStale (stampFile, sources, canBuild) {
  const builtAtMs = statSync(stampFile, { throwIfNoEntry: false })?.mtimeMs
  if (builtAtMs === undefined) return true
  if (!canBuild) return false
  // Folders count too: their time moves when a file in them is removed.
  const paths = sources.flatMap((path) => [path, ...(statSync(path, { throwIfNoEntry: false })?.isDirectory() ? walk(path, true) : [])])
  return paths.some((path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) > builtAtMs)
}

function walk (folder, withFolders = false) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => withFolders || entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
}

function findCompiler () {
  try {
    return createRequire(import.meta.url).resolve('typescript')
  } catch {
    return undefined
  }
}

function findVite () {
  try {
    return createRequire(join(root, 'web', 'package.json')).resolve('vite')
  } catch {
    return undefined
  }
}

function fail (message) {
  console.error(message)
  process.exit(1)
}
