import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { buildPages } from '../support/built-pages.ts'
import { freePort, settings, startServer } from '../support/process.ts'
import { startProgram } from '../support/program.ts'
import { startRedis } from '../support/redis.ts'
import { json } from '../support/shapes.ts'
import { startSmtp } from '../support/smtp.ts'

t.setTimeout(600_000)
const here = fileURLToPath(new URL('../..', import.meta.url))
const root = here.endsWith('/dist/') ? join(here, '..') : here

/** The answer of a program that tells nobody when it listens. */
async function reachable (url: string): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await fetch(url).catch(() => null)
    if (answer) return await answer.text()
    await sleep(50)
  }
  throw new Error(`nothing answers at ${url}`)
}

t.test('packed and installed it starts, and mounts in another application, without development packages', async (t) => {
  buildPages()
  const folder = mkdtempSync(join(tmpdir(), 'dvokrok-packed-'))
  t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })
  const npm = (args: string[], cwd: string): string =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1e8 })
  const [packed] = json<Array<{ filename: string, size: number, files: Array<{ path: string }> }>>(
    npm(['pack', '--json', '--silent', '--pack-destination', folder], root))
  const files = packed?.files.map(({ path }) => path) ?? []
  t.strictSame(files.filter((path) => /(?<!\.d)\.ts$|^test|^dist\/test|\.env$|\.rdb$/.test(path)), [])
  const needed = ['dist/src/dvokrok.js', 'dist/routes/auth/login.js', 'web/dist/index.html']
  t.strictSame(needed.filter((path) => !files.includes(path)), [])
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--silent', `./${packed?.filename}`], folder)
  const installed = join(folder, 'node_modules/dvokrok')
  const packages = readdirSync(join(folder, 'node_modules'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?:^|node_modules\/)(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path)).length
  t.comment(`${packed?.size} bytes packed, ${packages} packages installed`)
  t.notOk(readdirSync(join(folder, 'node_modules')).includes('typescript'))

  t.match(execFileSync('npx', ['--no-install', 'dvokrok', 'version'], { cwd: folder, encoding: 'utf8' }), /^dvokrok \d/)
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const server = await startServer(t, settings(t, redis, smtp), { cwd: folder, program: join(installed, 'dist/src/server.js') })
  await server.ready()
  t.match(await server.browser().get('/.well-known/jwks.json'), { status: 200, body: { keys: [{}] } })
  t.match(await (await fetch(`${server.url}/login`, { headers: { accept: 'text/html' } })).text(), '<!doctype html>')

  const guide = readFileSync(join(root, 'docs/integrate.md'), 'utf8')
  const [, host = ''] = /<!-- mount -->\n```ts\n([\s\S]*?)```/.exec(guide) ?? []
  const port = await freePort()
  writeFileSync(join(folder, 'host.ts'), host.replace('port: 3000', `port: ${port}`))
  writeFileSync(join(folder, 'host.mjs'), host.replace('port: 3000', `port: ${port}`))
  // The guide's own file, by the types of the package.
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const types = join(root, 'node_modules/@types')
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', '--types', 'node', '--typeRoots', types]
  const checked = spawnSync(process.execPath, [compiler, '--noEmit', '--module', 'nodenext', '--target', 'es2023', ...strict, 'host.ts'], {
    cwd: folder, encoding: 'utf8'
  })
  t.equal(checked.stdout, '')
  const child = startProgram(['host.mjs'], { ...settings(t, redis, smtp), PUBLIC_URL: `http://localhost:${port}` }, folder)
  t.teardown(() => { child.kill('SIGKILL') })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { said += String(chunk) })
  const answer = await reachable(`http://localhost:${port}/id/health/ready`)
  t.match(answer, '"status":"ok"', said)
  t.equal(await (await fetch(`http://localhost:${port}/hello`)).text(), 'hello')
  child.kill('SIGTERM')
  t.equal((await once(child, 'exit'))[0], 0, said)
})
