// Builds src, plugins and routes into dist/, and the pages into web/dist/. With --if-stale only what is missing or older than
// what it is made from; with --pages only the pages.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folders = ['src', 'plugins', 'routes']
const madeFrom = [...folders, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/build.js']
const pages = join('web', 'dist')
const pagesMadeFrom = [
  'web/src', 'web/build', 'web/index.html', 'web/vite.config.ts', 'web/package.json', 'package-lock.json', 'scripts/build.js'
]
const dataExtensions = new Set(['.lua', '.bin', '.json', '.svg', '.txt'])
const stamp = join('dist', '.built')
const pagesStamp = join(pages, '.built')

process.chdir(root)
const always = !process.argv.includes('--if-stale')
if (!process.argv.includes('--pages') && (always || isStale(stamp, madeFrom, existsSync('src') && findCompiler()))) build()
if (always || isStale(pagesStamp, pagesMadeFrom, existsSync(join('web', 'src')) && findVite())) await buildPages()

function build () {
  const compiler = findCompiler()
  if (!compiler) {
    fail('Dvokrok cannot be built: TypeScript is missing. Install it with: npm ci --include=dev\n' +
      '(npm leaves development packages out when NODE_ENV is production.)')
  }
  // Built apart and moved at the end: no file of an older build stays, and a failed build leaves the last one in place.
  const target = join('dist', `.new-${process.pid}`)
  const { status } = spawnSync(process.execPath, [compiler, '--project', 'tsconfig.build.json', '--outDir', target], { stdio: 'inherit' })
  if (status !== 0) {
    rmSync(target, { recursive: true, force: true })
    fail('Dvokrok was not built: the compiler found the mistakes above.')
  }
  copyData(target)
  for (const folder of folders) {
    rmSync(join('dist', folder), { recursive: true, force: true })
    renameSync(join(target, folder), join('dist', folder))
  }
  rmSync(target, { recursive: true })
  chmodSync(join('dist', 'src', 'dvokrok.js'), 0o755)
  writeFileSync(stamp, '')
}

/** tsc emits only code. It also passes over folders that begin with a dot unless they are named, so nothing may be missing. */
function copyData (target) {
  for (const file of folders.flatMap((folder) => walk(folder))) {
    if (dataExtensions.has(extname(file))) cpSync(file, join(target, file))
    const compiled = join(target, file.replace(/\.ts$/, '.js'))
    if (extname(file) === '.ts' && !file.endsWith('.d.ts') && !existsSync(compiled)) {
      rmSync(target, { recursive: true, force: true })
      fail(`Dvokrok was not built: the compiler left ${file} out. Make "include" in both tsconfig files match it.`)
    }
  }
}

/** As with the server: built apart, and moved at the end. */
async function buildPages () {
  const vite = findVite()
  if (!vite) fail('The pages of Dvokrok cannot be built: Vite is missing. Install it with: npm ci --include=dev')
  const { build: viteBuild } = await import(vite)
  const target = `${pages}.new-${process.pid}`
  try {
    await viteBuild({ root: 'web', logLevel: 'warn', build: { outDir: join(root, target), emptyOutDir: true } })
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
    return createRequire(import.meta.url).resolve('typescript/lib/tsc.js')
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
