// Builds src, plugins and routes into dist/. With --if-stale only when dist is missing or older than what it is made from.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folders = ['src', 'plugins', 'routes']
const madeFrom = [...folders, 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/build.js']
const dataExtensions = new Set(['.lua', '.bin', '.json', '.svg', '.txt'])
const stamp = join('dist', '.built')

process.chdir(root)
if (!process.argv.includes('--if-stale') || isStale()) build()

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

function isStale () {
  const builtAtMs = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs
  if (builtAtMs === undefined) return true
  // Production images carry dist alone, or no compiler: what is there is what runs.
  if (!existsSync('src') || !findCompiler()) return false
  // Folders count too: their time moves when a file in them is removed.
  const paths = madeFrom.flatMap((path) => [path, ...(folders.includes(path) ? walk(path, true) : [])])
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

function fail (message) {
  console.error(message)
  process.exit(1)
}
