import { execFile } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { newSigningKeys } from '../../../src/platform/tokens/signing-keys.ts'
import { COMMANDS } from '../../../src/tools/cli/commands.ts'
import { SECRET } from '../../support/app.ts'
import { builtProgram, freePort, newFolder, startServer } from '../../support/process.ts'
import { json } from '../../support/shapes.ts'

t.setTimeout(600_000)

const root = fileURLToPath(new URL('../../..', import.meta.url))

interface Said { code: number, out: string, err: string }

async function dvokrok (t: Test, args: string[], env: Record<string, string> = {}, cwd = newFolder(t)): Promise<Said> {
  const program = await builtProgram('dvokrok.js')
  return await new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env, cwd }, (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, err })
    })
  })
}

t.test('every command explains itself with an example and its exit codes, and npm calls the same', async (t) => {
  const { scripts, bin } = json<{ scripts: Record<string, string>, bin: object }>(readFileSync(join(root, 'package.json'), 'utf8'))
  t.strictSame(bin, { dvokrok: 'dist/src/dvokrok.js' })
  t.match(scripts['start'], 'dvokrok.js serve')
  const overview = await dvokrok(t, ['--help'])
  t.equal(overview.code, 0)
  for (const { words } of COMMANDS) {
    t.match(overview.out, `  ${words} `)
    const { code, out } = await dvokrok(t, [...words.split(' '), '--help'])
    t.match([code, out], [0, /Exit code: 0/], words)
    const script = words === 'service-key' ? 'service:key' : words.replace(' ', ':')
    t.equal(scripts[script], `node dist/src/dvokrok.js ${words}`)
    t.ok(scripts[`pre${script}`])
  }
  t.match(await dvokrok(t, ['serve', '--help']), { code: 0, out: /dvokrok serve[^]*Exit code/ })
  t.match(await dvokrok(t, ['version']), { code: 0, out: /^dvokrok \d+\.\d+\.\d+, Node v\d+/ })
  for (const args of [['nonsense'], ['admin', 'grant'], ['accounts', 'export', 'a', 'b'], ['check-config', '--what']]) {
    t.match(await dvokrok(t, args), { code: 2, err: /dvokrok/, out: '' }, args.join(' '))
  }
})

t.test('check-config tells all mistakes at once, names lookalikes, and repeats no secret', async (t) => {
  const cwd = newFolder(t)
  const env = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'id.example.org',
    REDIS_URL: 'redis://u:hunter2@h/x',
    SMTP_URL: 'smtp://u:hunter2@h:0',
    SECRET: 'hunter2',
    SIGNING_KEYS: 'none.json',
    BCRYPT_COST: '4',
    METRICS_TOKE: 'hunter2'
  }
  const { code, out } = await dvokrok(t, ['check-config'], env, cwd)
  t.equal(code, 1)
  const mistakes = [...out.matchAll(/^mistake {2}(\w+)/gm)].map(([, name]) => name)
  t.strictSame(mistakes.toSorted(), ['BCRYPT_COST', 'MAIL_FROM', 'PUBLIC_URL', 'REDIS_URL', 'SECRET', 'SIGNING_KEYS', 'SMTP_URL'])
  t.match(out, /^warning {2}METRICS_TOKE is not a setting\. Did you mean METRICS_TOKEN\?/m)
  t.notMatch(out, 'hunter2')

  const keys = join(cwd, 'keys.json')
  writeFileSync(keys, newSigningKeys('test'))
  chmodSync(keys, 0o644)
  const good = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://id.example.org',
    REDIS_URL: 'rediss://h',
    SMTP_URL: 'smtps://h',
    MAIL_FROM: 'a@b.example',
    SECRET,
    SIGNING_KEYS: keys
  }
  t.match(await dvokrok(t, ['check-config'], good, cwd), { code: 0, out: /^warning {2}SIGNING_KEYS names .*chmod 600[^]*can start/ })
  chmodSync(keys, 0o600)
  t.notMatch((await dvokrok(t, ['check-config'], good, cwd)).out, /warning/)
})

t.test('what the system says of a start or a command is a sentence with the setting and the way out', async (t) => {
  const port = await freePort()
  const first = await startServer(t, { PORT: `${port}` })
  const second = await startServer(t, { PORT: `${port}` }, { wait: false })
  t.equal(await second.exited(), 1)
  t.match(second.output(), new RegExp(`PORT ${port} is in use .*EADDRINUSE.*set PORT to another one`))
  await first.ready()

  const away = { REDIS_URL: 'redis://127.0.0.1:1', SMTP_URL: 'smtp://h', MAIL_FROM: 'a@b.example' }
  const nowhere = await startServer(t, { HOST: '192.0.2.1', ...away }, { wait: false })
  t.equal(await nowhere.exited(), 1)
  t.match(nowhere.output(), /HOST 192\.0\.2\.1 is no address of this machine/)

  const cwd = newFolder(t)
  writeFileSync(join(cwd, 'file'), '')
  const data = await startServer(t, { DATA_DIR: join(cwd, 'file') }, { wait: false })
  t.equal(await data.exited(), 1)
  t.match(data.output(), /DATA_DIR cannot be .*file: there is a file of that name/)

  const keys = await startServer(t, { SIGNING_KEYS: join(cwd, 'none.json') }, { wait: false })
  t.equal(await keys.exited(), 1)
  t.match(keys.output(), /SIGNING_KEYS names .*none\.json, which cannot be read: there is no such file/)

  writeFileSync(join(cwd, 'accounts.jsonl'), 'mine')
  mkdirSync(join(cwd, 'folder'))
  const refused = await dvokrok(t, ['accounts', 'export', 'accounts.jsonl'], {}, cwd)
  t.match(refused, { code: 1, err: /accounts\.jsonl is there already and is not overwritten/ })
  t.equal(readFileSync(join(cwd, 'accounts.jsonl'), 'utf8'), 'mine')
  t.match(await dvokrok(t, ['accounts', 'import', 'none.jsonl'], {}, cwd), { code: 1, err: /There is no none\.jsonl/ })
})

t.test('what belongs to another user is named, with whom to give it to', { skip: process.getuid?.() !== 0 }, async (t) => {
  const NOBODY = 65534
  const folder = newFolder(t)
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
  const program = await builtProgram('dvokrok.js')
  const asNobody = async (args: string[], env: Record<string, string>): Promise<string> => await new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { env, cwd: folder, uid: NOBODY, gid: NOBODY }, (_error, out, err) => {
      resolve(out + err)
    })
  })
  const folderWith = (name: string, mode: number): string => {
    mkdirSync(join(folder, name))
    chmodSync(join(folder, name), mode)
    return join(folder, name)
  }
  const ours = folderWith('ours', 0o700)
  t.match(await asNobody(['serve'], { DATA_DIR: ours }), new RegExp(`DATA_DIR ${ours} is not for this process \\(uid 65534\\) to use`))
  const half = folderWith('half', 0o777)
  writeFileSync(join(half, 'secret'), SECRET, { mode: 0o600 })
  t.match(await asNobody(['serve'], { DATA_DIR: half }), /half\/secret is not for this process \(uid 65534\) to use \(EACCES\)/)
  t.match(await asNobody(['webhook', 'secret'], { DATA_DIR: half }), /may not open .*half\/secret \(EACCES\)/)
  const redis = folderWith('redis-of-ours', 0o777)
  mkdirSync(join(redis, 'redis'), { mode: 0o700 })
  t.match(await asNobody(['serve'], { DATA_DIR: redis }), /redis-of-ours\/redis is not for this process \(uid 65534\) to use \(EACCES\)/)
  const keys = join(folder, 'keys.json')
  writeFileSync(keys, newSigningKeys('test'), { mode: 0o600 })
  t.match(await asNobody(['serve'], { SIGNING_KEYS: keys }), /SIGNING_KEYS names .*keys\.json, which .* this process \(uid 65534\) may/)
})

t.test('the log has one form a line, versions first and the addresses in it, and is readable when asked for', async (t) => {
  const plain = await startServer(t)
  await plain.ready()
  const lines = plain.output().trim().split('\n').map((line) => json(line))
  t.match(lines[0], { level: 'info', time: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/, event: 'start', version: /^\d/, node: process.version })
  const { url } = plain
  t.match(plain.events('listening'), [{ url, docs: `${url}/docs`, mailbox: `${url}/mailbox`, msg: /^Dvokrok answers at/ }])

  const pretty = await startServer(t, { LOG_FORMAT: 'pretty' })
  t.match(pretty.output(), /INFO: Dvokrok \d.* starts on Node/)
  t.notMatch(pretty.output(), /^\{/m)
})
