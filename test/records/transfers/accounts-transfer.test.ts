import { pbkdf2Sync, randomBytes, scryptSync } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashSync as argon2Sync } from '@node-rs/argon2'
import bcrypt from 'bcrypt'
import t, { type Test } from 'tap'
import { keys } from '../../../src/platform/redis/keys.ts'
import { openTransfersStore } from '../../../src/records/transfers/open-transfers-store.ts'
import { formatServiceKey } from '../../../src/records/service-keys/service-key.ts'
import { sealForeign } from '../../../src/platform/passwords/foreign-record.ts'
import { parseForeignHash } from '../../../src/platform/passwords/foreign.ts'
import { newAdmin } from '../../support/admin.ts'
import { logIn, person, SECRET, signUp, startApp, type TestApp } from '../../support/app.ts'
import { builtProgram, newFolder } from '../../support/process.ts'
import { addPasskey, signInByPasskey, SoftKey } from '../../support/passkeys.ts'
import { json, shaped } from '../../support/shapes.ts'

// Each command is a process of its own, which takes its time on a busy machine.
t.setTimeout(300_000)

const b64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '')
const salt = randomBytes(16)

/** The hashes of one password as other systems write them. */
const hashesOf = (password: string): Record<string, string> => ({
  bcrypt: bcrypt.hashSync(password, 4),
  'bcrypt of PHP': bcrypt.hashSync(password, 4).replace('$2b$', '$2y$'),
  argon2id: argon2Sync(password, { memoryCost: 1024, timeCost: 1 }),
  scrypt: `$scrypt$ln=10,r=8,p=1$${b64(salt)}$${b64(scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 }))}`,
  'PBKDF2 of passlib': `$pbkdf2-sha256$1000$${b64(salt)}$${b64(pbkdf2Sync(password, salt, 1000, 32, 'sha256'))}`.replaceAll('+', '.'),
  'PBKDF2 as PHC': `$pbkdf2-sha512$i=1000,l=64$${b64(salt)}$${b64(pbkdf2Sync(password, salt, 1000, 64, 'sha512'))}`,
  'PBKDF2 of Django': `pbkdf2_sha256$1000$somesalt$${pbkdf2Sync(password, 'somesalt', 1000, 32, 'sha256').toString('base64')}`
})

async function command (
  t: Test,
  server: TestApp,
  name: string,
  file: string,
  secret = SECRET,
  options: string[] = []
): Promise<{ code: number | null; output: string }> {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, REDIS_URL: server.redis.url, SECRET: secret, DATA_DIR: newFolder(t) }
  const child = spawn(process.execPath, [await builtProgram(`tools/cli/accounts-${name}.js`), ...options, file], {
    env,
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const [out, err] = [child.stdout.toArray(), child.stderr.toArray()]
  await once(child, 'close')
  return { code: child.exitCode, output: Buffer.concat((await Promise.all([out, err])).flat()).toString() }
}

t.test('whoever comes with a hash of another system signs in once by it, and then by a record of ours', async (t) => {
  const server = await startApp(t)
  const file = join(newFolder(t), 'accounts.jsonl')
  const people = Object.entries(hashesOf('correct horse battery')).map(([kind, passwordHash], n) => ({
    kind,
    line: { email: `person.${n}@example.org`, name: `Person ${n}`, passwordHash, locale: 'uk', createdAt: '2020-02-03T04:05:06.000Z' }
  }))
  writeFileSync(file, people.map(({ line }) => JSON.stringify(line)).join('\n') + '\n')
  t.match(await command(t, server, 'import', file), { code: 0, output: /100%\s+7 imported, 0 were there, 0 refused/ })
  t.notOk(existsSync(`${file}.progress`), 'nothing is left to go on with')

  const { client } = server.redis
  const stored = async (): Promise<string[]> =>
    await Promise.all((await client.keys(keys.account('*').record)).map(async (key) => (await client.hget(key, 'passwordHash')) ?? ''))
  for (const { line } of people) {
    t.notOk(
      (await stored()).some((record) => record.includes(line.passwordHash.slice(-20))),
      'no such hash lies in Redis as it was: it has no pepper'
    )
  }
  for (const { kind, line } of people) {
    const who = { ...line, password: 'correct horse battery' }
    const wrong = await server.browser().post('/auth/login', { email: line.email, password: 'correct horse batterz' })
    t.match([wrong.status, wrong.body], [401, { code: 'CREDENTIALS_INVALID' }], `${kind}: a wrong password`)
    const { verified } = await logIn(server, who)
    t.match(
      verified.body,
      { user: { email: line.email, name: line.name, locale: 'uk', createdAt: line.createdAt, isTwoFactorEnabled: true, role: 'user' } },
      kind
    )
  }
  while ((await stored()).some((record) => !/^[\w-]{4}\$2b\$10\$.{53}$/.test(record))) await new Promise(setImmediate)
  t.equal(
    (await server.browser().post('/auth/login', { email: 'person.2@example.org', password: 'correct horse battery' })).status,
    200,
    'the new record is right'
  )
})

t.test('a bad line is told by its number, without what stands in it, and the others come in', async (t) => {
  const server = await startApp(t)
  const taken = await signUp(server)
  const file = join(newFolder(t), 'accounts.jsonl')
  const passwordHash = bcrypt.hashSync('correct horse battery', 4)
  const good = (n: number): object => ({ email: `good.${n}@example.org`, name: 'Good', passwordHash })
  const lines: Array<[unknown, RegExp | null]> = [
    [good(1), null],
    ['{"email":', /is no JSON object/],
    [[], /is no JSON object/],
    [{ ...good(2), email: 'nobody' }, /email is not/],
    [{ ...good(2), email: 'a@example.org, b@example.org' }, /email is not/],
    [{ ...good(2), name: 'new\nline' }, /name is not/],
    [{ ...good(2), name: undefined }, /needs email and name/],
    [{ ...good(2), passwordHash: 'plain text' }, /passwordHash is of no known kind/],
    [{ ...good(2), passwordHash: '$argon2id$v=19$m=9999999,t=9,p=1$c29tZXNhbHRzb21l$c29tZWhhc2hzb21laGFzaHNvbWU' }, /costs too much/],
    [{ ...good(2), passwordHash: `abcd${passwordHash}` }, /under another SECRET/],
    [{ ...good(2), passwordHash: undefined, status: 'disabled' }, /is disabled and has no passwordHash/],
    [{ ...good(2), status: 'invited' }, /is invited/],
    [{ ...good(2), roles: ['two words'] }, /roles is not/],
    [{ ...good(2), claims: { long: 'x'.repeat(1100) } }, /claims is not/],
    [{ ...good(2), isAdmin: true }, /unknown field, "isAdmin"/],
    [{ ...good(2), createdAt: '2999-01-01T00:00:00Z' }, /createdAt is not/],
    [{ ...good(2), email: taken.who.email }, /belong to another account/],
    [{ ...good(2), id: taken.id }, /belong to another account/],
    [{ ...good(2), id: `${'A'.repeat(21)}B` }, /id is not/],
    [{ ...good(2), email: `${'a'.repeat(65)}@example.org` }, /email is not/],
    [{ ...good(2), name: '\u3164' }, /name is not/],
    [{ ...good(2), name: 'x\ud800' }, /name is not/],
    ['x'.repeat(100_000), /is longer than 64 KiB/],
    ['', null],
    [good(3), null]
  ]
  writeFileSync(file, lines.map(([line]) => typeof line === 'string' ? line : JSON.stringify(line)).join('\n'))
  const { code, output } = await command(t, server, 'import', file)
  t.equal(code, 2)
  lines.forEach(([, reason], index) => {
    const told = output.split('\n').filter((line) => line.startsWith(`line ${index + 1}: `))
    t.match(told, reason ? [reason] : [], `line ${index + 1}`)
    t.equal(told.length, reason ? 1 : 0)
  })
  t.match(output, /2 imported, 0 were there, 22 refused/)
  for (const secret of [passwordHash, taken.who.email, 'plain text']) t.notOk(output.includes(secret))
  await logIn(server, taken.who)
  t.equal((await server.redis.client.keys(keys.account('*').record)).length, 3)
})

t.test('an import that was cut off goes on where it was, and one that is repeated changes nothing', async (t) => {
  const server = await startApp(t)
  const file = join(newFolder(t), 'accounts.jsonl')
  const passwordHash = bcrypt.hashSync('correct horse battery', 4)
  const line = (n: number): string => JSON.stringify({ email: `many.${n}@example.org`, name: `Many ${n}`, passwordHash })
  const lines = Array.from({ length: 300 }, (_, n) => line(n))
  writeFileSync(file, lines.join('\n') + '\n')
  const { size, mtime } = statSync(file)
  const half = Buffer.byteLength(lines.slice(0, 150).join('\n')) + 1
  writeFileSync(
    `${file}.progress`,
    JSON.stringify({ size, mtimeMs: statSync(file).mtimeMs, offset: half, counts: { lines: 150, imported: 150, there: 0, refused: 0 } })
  )
  const resumed = await command(t, server, 'import', file)
  t.match(resumed, { code: 0, output: /Resuming after line 150[\s\S]*300 imported, 0 were there/ })
  t.equal((await server.redis.client.keys(keys.account('*').record)).length, 150, 'what was done is not done again')

  t.match(await command(t, server, 'import', file), { code: 0, output: /150 imported, 150 were there, 0 refused/ })
  t.equal((await server.redis.client.keys(keys.account('*').record)).length, 300)

  writeFileSync(
    `${file}.progress`,
    JSON.stringify({ size, mtimeMs: mtime.getTime(), offset: half, counts: { lines: 150, imported: 150, there: 0, refused: 0 } })
  )
  appendFileSync(file, line(300))
  utimesSync(file, mtime, mtime)
  t.match(
    await command(t, server, 'import', file),
    { output: /^(?!Resuming)[\s\S]*1 imported, 300 were there/ },
    'a file that was changed is read from its beginning'
  )
})

t.test('a line without a password makes an account that waits for its owner, who is mailed with --invite only, and once', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const folder = newFolder(t)
  const file = join(folder, 'people.jsonl')
  const people = [{ email: 'lesia@example.org', name: 'Леся Українка', locale: 'uk' }, { email: 'ivan@example.org' }]
  writeFileSync(file, people.map((line) => JSON.stringify(line)).join('\n'))
  t.match(await command(t, server, 'import', file), { code: 0, output: /2 imported/ })
  const { body: found } = await admin.browser.get('/admin/users?q=укр', { token: admin.token })
  t.match(found, { total: 1, items: [{ email: 'lesia@example.org', status: 'invited', invitation: { expiresAt: null } }] })
  const { client } = server.redis
  const waiting = async (): Promise<number> => await client.zcard('{mail}:outbox:delayed')
  t.equal(await waiting(), 0, 'nobody is mailed by an import alone')

  t.match(await command(t, server, 'import', file, SECRET, ['--invite']), { code: 0, output: /0 imported, 2 were there/ })
  const { text, subject } = await server.smtp.next('lesia@example.org')
  t.match(subject, /запрошено/)
  await server.smtp.next('ivan@example.org')
  t.match(await command(t, server, 'import', file, SECRET, ['--invite']), { code: 0, output: /0 imported, 2 were there/ })
  t.equal(await waiting(), 0, 'whoever has a link gets no second one')

  const [, token] = /\/invitation#([\w-]+)/.exec(text) ?? []
  const password = 'paper-lantern-under-4711-bridges'
  const accepted = await server.browser().call('POST', '/auth/invitation/accept', { token, name: 'Леся', password })
  t.equal(accepted.status, 200)
  t.match((await logIn(server, { name: 'Леся', email: 'lesia@example.org', password })).verified.body, { user: { status: 'active' } })

  const out = join(folder, 'out.jsonl')
  await command(t, server, 'export', out)
  const other = await startApp(t)
  t.match(await command(t, other, 'import', out), { code: 0, output: /3 imported/ })
  t.match(await command(t, server, 'import', out, SECRET, ['--mail-everybody']), { code: 2, output: /--invite/ })
})

t.test('what is exported can be imported elsewhere under the same SECRET, and nowhere else', async (t) => {
  const server = await startApp(t)
  const { who, id } = await signUp(server)
  const folder = newFolder(t)
  const passwordHash = bcrypt.hashSync('correct horse battery', 4)
  writeFileSync(join(folder, 'in.jsonl'), JSON.stringify({ email: 'moved@example.org', name: 'Moved', passwordHash }))
  await command(t, server, 'import', join(folder, 'in.jsonl'))
  const file = join(folder, 'out.jsonl')
  t.match(await command(t, server, 'export', file), { code: 0, output: /2 accounts were written/ })
  t.equal(statSync(file).mode & 0o777, 0o600)
  const lines = readFileSync(file, 'utf8').trim().split('\n').map((text) => json(text))
  t.match(
    lines.find(({ email }) => email === who.email),
    { id, name: who.name, passwordHash: /^[\w-]{4}\$2b\$10\$/, role: 'user', status: 'active', isTwoFactorEnabled: true }
  )
  t.match(lines.find(({ email }) => email === 'moved@example.org'), { passwordHash }, 'a hash of another system leaves as it came')
  t.match(await command(t, server, 'export', file), { code: 1, output: /EEXIST/ }, 'never over a file that is there')

  const unwritten = join(folder, 'unwritten.jsonl')
  const away = { ...server, redis: { ...server.redis, url: 'unix:/tmp/there-is-no-redis-here' } }
  t.match(await command(t, away, 'export', unwritten), { code: 1, output: /There is no socket at .*REDIS_URL/s })
  t.notOk(existsSync(unwritten), 'nothing is left in the way of the next try')

  const other = await startApp(t)
  t.match(await command(t, other, 'import', file), { code: 0, output: /2 imported/ })
  t.match((await logIn(other, who)).verified.body, { user: { id } })
  const stranger = await startApp(t, { secret: 'the secret of somebody else: 0123456789' })
  t.match(await command(t, stranger, 'import', file, 'the secret of somebody else: 0123456789'), {
    code: 2,
    output: /another SECRET[\s\S]*1 imported, 0 were there, 1 refused/
  })
})

t.test('accounts without a password, with roles or with passkeys come over as they are', async (t) => {
  const [server, other] = [await startApp(t, { env: { ROLES: 'teacher' } }), await startApp(t, { env: { ROLES: 'teacher' } })]
  const { who: { email: disowned }, id } = await signUp(server)
  const key = new SoftKey()
  const { browser, id: keyId } = await signUp(server)
  await addPasskey(browser, key)
  const { client: redis } = server.redis
  await redis.hset(keys.account(id).record, 'passwordHash', '', 'roles', 'teacher', 'claims', '{"school":7}')
  const asService = async ({ inside, fastify }: TestApp, url: string, payload: object) => {
    const key = formatServiceKey(await inside.records.serviceKeys.add('crm', ['users:write']))
    return await fastify.inject({ method: 'POST', url, headers: { authorization: `Bearer ${key}` }, payload })
  }
  const { user: invited } = shaped<{ user: { id: string } }>((await asService(server, '/admin/users', { email: 'new@example.org' })).json())
  const file = join(newFolder(t), 'out.jsonl')
  t.match(await command(t, server, 'export', file), { code: 0, output: /3 accounts were written/ })
  t.match(await command(t, other, 'import', file), { code: 0, output: /3 imported, 0 were there, 0 refused/ })
  const { client: there } = other.redis
  for (const one of [id, keyId, invited.id]) {
    const fields = ['email', 'name', 'passwordHash', 'status', 'roles', 'claims', 'passkeys']
    t.strictSame(await there.hmget(keys.account(one).record, ...fields), await redis.hmget(keys.account(one).record, ...fields))
  }
  const login = await other.browser().post('/auth/login', { email: disowned, password: '' })
  t.not(login.status, 200, 'an empty password opens nothing')
  t.match(await signInByPasskey(other.browser(), key), { status: 200 })
  t.equal((await asService(other, `/admin/users/${invited.id}/invite`, {})).statusCode, 200)
})

t.test('a Redis that is away for a moment ends no export', async (t) => {
  const server = await startApp(t)
  const { who } = await signUp(server)
  const { redis, database: { run }, records: { addressTags: tags }, keyring } = server.inside
  redis.disconnect(true)
  await t.rejects(redis.ping(), 'it is away')
  const lines: string[] = []
  for await (const portion of openTransfersStore({ redis, run, tags, keyring }).export()) lines.push(...portion)
  t.match(lines.map((text) => JSON.parse(text) as unknown), [{ email: who.email }])
})

t.test('a hash of another system takes the time of ours: a cheap one is topped up', async (t) => {
  const server = await startApp(t)
  const { passwords } = server.inside
  const file = join(newFolder(t), 'accounts.jsonl')
  writeFileSync(
    file,
    JSON.stringify({
      ...person(),
      password: undefined,
      email: 'cheap@example.org',
      passwordHash: bcrypt.hashSync('correct horse battery', 4)
    })
  )
  await command(t, server, 'import', file)
  const before = passwords.metrics().rounds
  await server.browser().post('/auth/login', { email: 'cheap@example.org', password: 'wrong horse battery' })
  t.ok(passwords.metrics().rounds - before >= 2 ** 9, 'at least half of it was really computed, whatever the machine did meanwhile')
})

const B64_SALT = b64(Buffer.alloc(16, 'salt'))
const B64_HASH = b64(Buffer.alloc(32, 'hash'))

t.test('no hash is taken that costs more than a few of ours, by whatever it is made dear', async (t) => {
  const dear = [
    `$2b$15$${'.'.repeat(53)}`,
    `$scrypt$ln=18,r=8,p=16$${B64_SALT}$${B64_HASH}`,
    `$scrypt$ln=17,r=8,p=3$${B64_SALT}$${B64_HASH}`,
    `$scrypt$ln=10,r=999,p=3$${B64_SALT}$${B64_HASH}`,
    `$scrypt$ln=20,r=8,p=1$${B64_SALT}$${B64_HASH}`,
    `$scrypt$ln=99,r=1,p=1$${B64_SALT}$${B64_HASH}`,
    `$pbkdf2-sha256$99999999$${B64_SALT}$${B64_HASH}`,
    `$pbkdf2-sha512$1500000$${B64_SALT}$${B64_HASH}`,
    `$pbkdf2$1000000$${B64_SALT}$${b64(Buffer.alloc(96, 'hash'))}`,
    `pbkdf2_sha256$2000001$somesalt$${B64_HASH}=`,
    `$argon2id$v=19$m=262144,t=10,p=1$${B64_SALT}$${B64_HASH}`,
    `$argon2id$v=19$m=65536,t=99,p=1$${B64_SALT}$${B64_HASH}`,
    `$argon2id$v=19$m=999999,t=1,p=1$${B64_SALT}$${B64_HASH}`
  ]
  for (const text of dear) t.equal(parseForeignHash(text), null, text)
  const unknown = [`$argon2i$v=19$m=65536,t=3,p=1$${B64_SALT}$${B64_HASH}`, `$scrypt$ln=0,r=8,p=1$${B64_SALT}$${B64_HASH}`, '', 'sha1$x$y']
  for (const text of unknown) t.equal(parseForeignHash(text), null, text)
  const usual = [
    `$2b$14$${'.'.repeat(53)}`,
    `$scrypt$ln=17,r=8,p=1$${B64_SALT}$${B64_HASH}`,
    `$scrypt$ln=14,r=8,p=5$${B64_SALT}$${B64_HASH}`,
    `$pbkdf2$1300000$${B64_SALT}$${b64(Buffer.alloc(20, 'hash'))}`,
    `$pbkdf2-sha256$600000$${B64_SALT}$${B64_HASH}`,
    `$pbkdf2-sha512$210000$${B64_SALT}$${b64(Buffer.alloc(64, 'hash'))}`,
    `pbkdf2_sha256$1200000$twelveletter$${B64_HASH}=`,
    `$argon2id$v=19$m=65536,t=3,p=4$${B64_SALT}$${B64_HASH}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${B64_SALT}$${B64_HASH}`,
    ...Object.values(hashesOf('x'))
  ]
  for (const text of usual) t.ok(parseForeignHash(text), text)
})

t.test('a hash that decodes to nothing, to little, or in more than one spelling opens nothing, at import and at use', async (t) => {
  const server = await startApp(t)
  const { who, id } = await signUp(server)
  const password = 'correct horse battery'
  const hashes = hashesOf(password)
  /** The same bytes: the last letter holds bits that belong to none. */
  const respelled = (text: string): string => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
    const [, start = '', last = '', padding = ''] = /^(.*)([^=])(=*)$/.exec(text) ?? []
    return start + alphabet[alphabet.indexOf(last) + 1] + padding
  }
  const withHash = (text: string | undefined, hash: string): string => String(text).replace(/[^$]*$/, () => hash)
  const damaged: Record<string, string> = {}
  for (const kind of ['scrypt', 'PBKDF2 of passlib', 'PBKDF2 as PHC', 'PBKDF2 of Django', 'argon2id']) {
    const text = hashes[kind] ?? ''
    Object.assign(damaged, {
      [`${kind}: no hash`]: withHash(text, '='.repeat(22)),
      [`${kind}: a hash of three bytes`]: withHash(text, `AAAA${'='.repeat(18)}`),
      [`${kind}: a hash of 15 bytes`]: withHash(text, b64(Buffer.alloc(15)).padEnd(22, '=')),
      [`${kind}: other spare bits`]: respelled(text),
      [`${kind}: too much padding`]: `${text}===`,
      ...(kind === 'PBKDF2 of Django' ? {} : { [`${kind}: no salt`]: text.replace(/\$[^$]{22,}\$([^$]*)$/, `$${'='.repeat(22)}$$$1`) })
    })
  }
  damaged['scrypt: a hash cut short that still fits'] = `$scrypt$ln=10,r=8,p=1$${b64(salt)}$${
    b64(scryptSync(password, salt, 15, { N: 1024, r: 8, p: 1 })).padEnd(22, '=')}`
  for (const [title, text] of Object.entries(damaged)) {
    t.equal(parseForeignHash(text), null, `${title} at import`)
    await server.redis.client.hset(keys.account(id).record, 'passwordHash', sealForeign(server.inside.keyring, text))
    const answer = await server.browser().post('/auth/login', { email: who.email, password })
    t.match([answer.status, answer.body], [401, { code: 'CREDENTIALS_INVALID' }], `${title} at use`)
    await server.redis.client.del(await server.redis.client.keys('*:throttle:*'))
  }
})
