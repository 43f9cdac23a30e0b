import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { builtProgram, newFolder, type ServerProcess, settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { portOf } from '../support/shapes.ts'
import { startSmtp } from '../support/smtp.ts'

t.setTimeout(300_000)

const ASSET = /[\w-]+-([\w-]{8})\.(?:js|css|woff2)/g
const VISITS = 20

/** The product in a folder of its own; every asset of it has another name than ours. */
async function otherBuild (t: Test, rename: (hash: string) => string): Promise<string> {
  const root = join(await builtProgram('server.js'), '../../..')
  const folder = newFolder(t)
  for (const part of ['dist/src', 'dist/plugins', 'dist/routes', 'package.json', 'web/dist']) {
    cpSync(join(root, part), join(folder, part), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  const renamed = (text: string): string => text.replace(ASSET, (name, hash: string) => name.replace(hash, rename(hash)))
  const [pages, assets] = [join(folder, 'web/dist'), join(folder, 'web/dist/assets')]
  for (const path of ['index.html', '.vite/manifest.json']) {
    writeFileSync(join(pages, path), renamed(readFileSync(join(pages, path), 'utf8')))
  }
  for (const name of readdirSync(assets)) {
    const path = join(assets, name)
    if (/\.(br|gz)$/.test(name)) rmSync(path)
    else renameSync(path, join(assets, renamed(name)))
  }
  for (const name of readdirSync(assets).filter((name) => /\.(js|css)$/.test(name))) {
    const text = renamed(readFileSync(join(assets, name), 'utf8'))
    writeFileSync(join(assets, name), text)
    writeFileSync(join(assets, `${name}.br`), brotliCompressSync(text))
  }
  return folder
}

/** One address for all servers: each request goes to the next one. */
async function roundRobin (t: Test, servers: ServerProcess[]): Promise<string> {
  let asked = 0
  const proxy = createServer((incoming, answer) => {
    const { port } = servers[asked++ % servers.length] ?? servers[0] ?? { port: 0 }
    const outgoing = request({ port, path: incoming.url, method: incoming.method, headers: incoming.headers }, (from) => {
      answer.writeHead(from.statusCode ?? 500, from.headers)
      from.pipe(answer)
    })
    outgoing.on('error', () => { answer.destroy() })
    incoming.pipe(outgoing)
  }).listen(0, '127.0.0.1')
  t.teardown(() => { proxy.close() })
  await once(proxy, 'listening')
  return `http://127.0.0.1:${portOf(proxy)}`
}

/** A page with everything that its scripts and styles name. Returns what could not be had. */
async function visit (url: string, encoding: string): Promise<string[]> {
  const headers = { accept: 'text/html', 'accept-encoding': encoding }
  const shell = await (await fetch(`${url}/login`, { headers })).text()
  const names = new Set(Array.from(shell.matchAll(ASSET), ([name]) => name))
  const missing: string[] = names.size > 0 ? [] : ['the shell names no asset']
  for (const name of names) {
    const answer = await fetch(`${url}/assets/${name}`, { headers })
    const text = await answer.text()
    const isRight = answer.status === 200 && /javascript|css|font|octet/.test(answer.headers.get('content-type') ?? '')
    if (!isRight) missing.push(`${name}: ${answer.status} ${answer.headers.get('content-type')}`)
    if (/\.(js|css)$/.test(name)) for (const [next] of text.matchAll(ASSET)) names.add(next)
  }
  return missing
}

t.test('two builds behind one address, and one whose files were replaced: every page is whole', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const env = settings(t, redis, smtp)
  const folders = [await otherBuild(t, (hash) => `${hash.slice(1)}1`), await otherBuild(t, (hash) => `${hash.slice(1)}2`)]
  const servers = await Promise.all(folders.map(async (folder) =>
    await startServer(t, { ...env, DATA_DIR: newFolder(t) }, { program: join(folder, 'dist/src/server.js') })))
  const url = await roundRobin(t, servers)

  for (let i = 0; i < VISITS; i++) t.same(await visit(url, i % 2 === 0 ? 'br' : 'identity'), [])

  const [first = ''] = folders
  rmSync(join(first, 'web/dist/assets'), { recursive: true })
  for (let i = 0; i < VISITS; i++) t.same(await visit(url, 'br'), [])
})

t.test('what somebody else wrote into Redis is not a script of ours', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const server = await startServer(t, settings(t, redis, smtp))
  const [build = ''] = await redis.client.zrange(keys.builds, '0', '-1')
  t.not(build, '')
  const fields = await redis.client.hkeys(keys.assets(build))
  const real = await redis.client.hgetBuffer(keys.assets(build), fields.find((name) => name.endsWith('.js.br')) ?? '')
  await redis.client.hset(keys.assets(build), 'evil.js', 'alert(1)', 'moved.js.br', real ?? '')
  for (const name of ['evil.js', 'moved.js']) {
    t.equal((await fetch(`${server.url}/assets/${name}`)).status, 404, name)
  }
})
