import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import bcrypt from 'bcrypt'
import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { dvokrok, signIn, workFolder } from '../support/commands.ts'
import { settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { shaped } from '../support/shapes.ts'
import { startSmtp } from '../support/smtp.ts'
import { isLong } from '../support/under-traffic.ts'

const KILLS = isLong ? 30 : 4
const PEOPLE = 12
/** Changes that are under way when the server is killed. */
const AT_ONCE = 6
const ROLES = ['editor', 'reader']
/** Longer than a change may take; what began before is looked up by who reads the log. */
const UNDER_WAY_MS = 60_000

interface Account { id: string, name: string, email: string, status: string, role: string, roles: string[] }
interface Page<Item> { items: Item[], nextCursor: string | null, total?: number }

t.setTimeout(isLong ? 3_600_000 : 300_000)

t.test('kill -9 in the middle of what admins do: account, log and index agree', async (t) => {
  const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
  const env = { ...settings(t, redis, smtp), ROLES: ROLES.join(','), LIMIT_MAILS_PER_ADDRESS_HOUR: '1000' }
  const server = await startServer(t, env)
  await server.ready()
  const cwd = workFolder(t)
  const password = 'correct horse battery'
  const passwordHash = bcrypt.hashSync(password, 4)
  const people = Array.from({ length: PEOPLE }, (_one, n) => ({ email: `person.${n}@example.org`, name: `Olena ${n}`, passwordHash }))
  writeFileSync(join(cwd, 'people.jsonl'), people.map((line) => JSON.stringify(line)).join('\n'))
  t.match(await dvokrok(['accounts', 'import', 'people.jsonl'], env, cwd), { code: 0 })
  const [boss = { email: '' }] = people
  t.match(await dvokrok(['admin', 'grant', boss.email], env, cwd), { code: 0 })
  const signed = await signIn(server, { email: boss.email, password }, async () => await smtp.code(boss.email))
  const admin = { browser: server.browser(), token: shaped<{ accessToken: string }>(signed.body).accessToken }

  const read = async <Body>(path: string): Promise<Body> =>
    shaped<Body>((await admin.browser.get(path, { token: admin.token })).body)
  async function all <Item> (path: string): Promise<Item[]> {
    const items: Item[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page<Item> = await read(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`.replace(/[?&]cursor=$/, ''))
      items.push(...page.items)
      cursor = page.nextCursor
    }
    return items
  }
  const others = (await all<Account>('/admin/users')).filter(({ email }) => email !== boss.email)

  let changes = 0
  const progress = { answered: 0, isKilled: false }
  const change = async (): Promise<void> => {
    const n = ++changes
    const { id } = others[n % others.length] ?? { id: '' }
    const bodies = [{ name: `Renamed${n} Olena` }, { status: n % 2 === 0 ? 'active' : 'disabled' }, { roles: [ROLES[n % 2]] }]
    const body = bodies[Math.floor(n / 3) % 4]
    const guest = { email: `guest.${n}@example.org`, name: `Guest${n}` }
    const { status } = body
      ? await server.browser().call('PATCH', `/admin/users/${id}`, body, { token: admin.token })
      : await server.browser().post('/admin/users', guest, { token: admin.token })
    if (status < 300) progress.answered++
  }
  for (let kill = 0; kill < KILLS; kill++) {
    const until = progress.answered + 5 + (kill * 7) % 20
    progress.isKilled = false
    const changing = Array.from({ length: AT_ONCE }, async () => {
      // A request whose server dies has no answer.
      while (!progress.isKilled) await change().catch(() => {})
    })
    const isFarEnough = (): boolean => progress.answered >= until
    while (!isFarEnough()) await new Promise(setImmediate)
    await server.kill9()
    progress.isKilled = true
    await Promise.all(changing)
    await server.restart()
    await server.ready()
  }

  // Time passes for what was under way.
  for (const [operation, entry] of Object.entries(await redis.client.hgetall(keys.adminIntents))) {
    const intent = shaped<{ at: number }>(JSON.parse(entry))
    await redis.client.hset(keys.adminIntents, operation, JSON.stringify({ ...intent, at: intent.at - UNDER_WAY_MS }))
  }
  const log = await all<{ action: string, accountId: string, actor: { kind: string } }>('/admin/activity')
  const ids = (await redis.client.keys(keys.account('*').record)).map((key) => /\{u:(.+?)\}/.exec(key)?.[1] ?? '')
  t.ok(ids.length > PEOPLE, `${ids.length} accounts, ${changes} changes, ${progress.answered} of them answered`)
  const accounts = await Promise.all(ids.map(async (id) => (await read<{ user: Account }>(`/admin/users/${id}`)).user))
  for (const { id, email, name } of accounts) {
    const done = (await all<{ event: string, actor: string }>(`/admin/users/${id}/activity`)).filter(({ actor }) => actor === 'admin')
    const told = log.filter(({ accountId }) => accountId === id)
    t.strictSame(told.map(({ action }) => action).sort(), done.map(({ event }) => event).sort(), `${email}: log and account agree`)
    for (const q of [email, name.split(' ')[0] ?? '']) {
      const found = await all<Account>(`/admin/users?q=${encodeURIComponent(q)}`)
      t.ok(found.some((one) => one.id === id), `${email} is found by ${q}`)
    }
  }
  for (const [filter, isIn] of [
    ['', () => true],
    ['status=active', ({ status }) => status === 'active'],
    ['status=disabled', ({ status }) => status === 'disabled'],
    ['status=invited', ({ status }) => status === 'invited'],
    ['role=editor', ({ roles }) => roles.includes('editor')],
    ['role=admin', ({ role }) => role === 'admin']
  ] as Array<[string, (account: Account) => boolean]>) {
    const wanted = accounts.filter(isIn).map(({ id }) => id).sort()
    t.strictSame((await all<Account>(`/admin/users?${filter}`)).map(({ id }) => id).sort(), wanted, `the list of ${filter || 'all'}`)
    t.equal((await read<Page<Account>>(`/admin/users?${filter}`)).total, wanted.length, `the number of ${filter || 'all'}`)
  }
  t.strictSame(server.unexpected(), [])
})
