// Bundles the package; nothing has to lie beside client.js until a proof of work or a passkey is asked for. Run by itself it fills dist/,
// with types.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('.', import.meta.url))

export async function bundle (outdir, chunkNames) {
  const { build } = await import('esbuild')
  await build({
    absWorkingDir: folder,
    entryPoints: { client: 'src/index.ts' },
    outdir,
    bundle: true,
    splitting: true,
    chunkNames,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'warning'
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = join(folder, 'dist')
  rmSync(dist, { recursive: true, force: true })
  await bundle(dist, 'client-[name]')
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript')), 'tsc.js')
  execFileSync(process.execPath, [compiler, '--project', folder], { stdio: 'inherit' })
  mkdirSync(join(dist, 'types'), { recursive: true })
  copyFileSync(join(folder, 'src', 'schema.d.ts'), join(dist, 'types', 'schema.d.ts'))
}
