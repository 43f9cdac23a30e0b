import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import ts from 'typescript'
import { shaped } from '../../support/shapes.ts'

const SOURCE = new URL('../../../src/', import.meta.url)

// As the build does it; tsx, which runs the other tests' workers, handles signals of its own.
const compilePasswords = (directory: string): string => {
  const folder = readdirSync(new URL('platform/passwords/', SOURCE))
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `platform/passwords/${name}`)
  mkdirSync(join(directory, 'platform/passwords'), { recursive: true })
  for (const path of ['errors.ts', ...folder]) {
    const { outputText } = ts.transpileModule(readFileSync(new URL(path, SOURCE), 'utf8'), {
      compilerOptions: {
        module: ts.ModuleKind.ESNext,
        target: ts.ScriptTarget.ES2023,
        rewriteRelativeImportExtensions: true,
        verbatimModuleSyntax: true
      }
    })
    writeFileSync(join(directory, path.replace(/ts$/, 'js')), outputText)
  }
  return pathToFileURL(join(directory, 'platform/passwords/pool.js')).href
}

t.test('the compiled pool works under plain Node, and its workers ignore the signals that stop the server', async t => {
  const compiled: unknown = await import(compilePasswords(t.testdir()))
  const { createPasswordPool } = shaped<typeof import('../../../src/platform/passwords/pool.ts')>(compiled)
  const pool = createPasswordPool({ size: 1, cost: 11, queueLimit: 1 })
  t.teardown(() => pool.close())
  await pool.ready()
  const job = pool.hash('an input')
  const [worker] = pool.workers()
  t.match(readFileSync(`/proc/${worker?.pid}/cmdline`, 'utf8'), /pool-worker\.js/)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.kill(worker?.pid ?? 0, signal)
  t.equal(await pool.verify('an input', await job), true)
  t.ok(await pool.estimate('пароль12345678', []) < 2)
  t.equal(pool.metrics().restarts, 0)
})
