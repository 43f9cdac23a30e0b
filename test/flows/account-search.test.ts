import t from 'tap'
import type { User } from '../../src/records/accounts/account.ts'
import { createSearchAccounts } from '../../src/flows/account-search.ts'
import { createAdminStore } from '../../src/records/accounts/administration-store.ts'
import { type AccountsIndexStore, createAccountsIndexStore } from '../../src/records/accounts-index/accounts-index-store.ts'
import { isFoundBy } from '../../src/records/accounts-index/index-items.ts'
import { newId } from '../../src/platform/ids.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { createReplicas } from '../../src/platform/redis/replicas.ts'
import { createScripts } from '../../src/platform/redis/script.ts'
import { newAdmin } from '../support/admin.ts'
import { person, signUp, startApp } from '../support/app.ts'
import { startRedis } from '../support/redis.ts'
import { shaped } from '../support/shapes.ts'

interface Listed { id: string, email: string, status: string }
interface Page { items: Listed[], nextCursor: string | null, total: number }
type Admin = Awaited<ReturnType<typeof newAdmin>>

const list = async ({ browser, token }: Admin, query: Record<string, string> = {}): Promise<Page> =>
  shaped<Page>((await browser.get(`/admin/users?${new URLSearchParams(query).toString()}`, { token })).body)
async function rebuild (index: AccountsIndexStore): Promise<number> {
  let last = 0
  for await (const count of index.rebuild()) last = count
  return last
}
const patch = async ({ browser, token }: Admin, id: string, body: object) =>
  await browser.call('PATCH', `/admin/users/${id}`, body, { token })

t.test('an admin finds people by the beginning of address or name, in any case and in three alphabets', async (t) => {
  const server = await startApp(t, { env: { ROLES: 'editor' } })
  const admin = await newAdmin(server)
  const invite = async (email: string, name: string, roles: string[] = []) => {
    const { body } = await admin.browser.post('/admin/users', { email, name, roles }, { token: admin.token })
    return shaped<Listed>(body['user']).id
  }
  const ivan = await invite('ivan.koval@example.org', 'Іван Коваль', ['editor'])
  const yelena = await invite('el@example.net', 'Елена Ёлкина')
  const ivanka = await invite('ivanka@example.org', "Іванка Мар'яненко")
  const found = async (q: string): Promise<string[]> => (await list(admin, { q })).items.map(({ id }) => id).sort()

  t.strictSame(await found('IVAN'), [ivan, ivanka].sort())
  t.strictSame(await found('ivan.'), [ivan])
  t.strictSame(await found('іван'), [ivan, ivanka].sort())
  t.strictSame(await found('КОВ'), [ivan])
  t.strictSame(await found('елк'), [yelena], 'ё and е are one letter')
  t.strictSame(await found('МАР’ЯН'), [ivanka])
  t.strictSame(await found('іванка мар'), [ivanka], 'each word begins one')
  t.strictSame(await found('koval'), [], 'the middle of an address is no beginning')
  t.strictSame(await found('ivan.koval@example.org'), [ivan])
  t.equal((await list(admin, { q: 'іван' })).total, 2)
  t.equal((await list(admin, { q: 'e' })).total, 1, 'an account counts once, whatever of it begins so')

  t.strictSame((await list(admin)).items.map(({ id }) => id), [ivanka, yelena, ivan, admin.id], 'the newest first')
  t.match(await list(admin, { status: 'invited' }), { total: 3 })
  t.match(await list(admin, { status: 'active' }), { total: 1, items: [{ id: admin.id }] })
  t.match(await list(admin, { role: 'admin' }), { total: 1, items: [{ id: admin.id }] })
  t.match(await list(admin, { role: 'editor' }), { total: 1, items: [{ id: ivan }] })
  t.match(await list(admin, { role: 'user' }), { total: 3 })
  t.match(await list(admin, { role: 'user', status: 'active' }), { total: 0, items: [] })
  t.match(await list(admin, { q: 'iv', role: 'editor' }), { total: 1, items: [{ id: ivan }] })

  await patch(admin, ivan, { name: 'Petro', roles: [] })
  t.strictSame([await found('іван'), await found('petro')], [[ivanka], [ivan]])
  t.match(await list(admin, { role: 'editor' }), { total: 0, items: [] })
  await admin.browser.call('DELETE', `/admin/users/${ivanka}`, undefined, { token: admin.token })
  t.match([await list(admin, { q: 'іван' }), await list(admin)], [{ total: 0, items: [] }, { total: 3 }])
})

t.test('pages of 25 hold everybody once, and a cursor of another search leads nowhere else', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { links, addressBindings, addressTags } = server.inside.records
  const ids: string[] = []
  for (let i = 0; i < 130; i++) {
    const [accountId, email] = [newId(), `many.${String(i).padStart(3, '0')}@example.org`]
    await addressBindings.bind(accountId, await addressTags.of(email))
    await links.invite({ accountId, linkId: newId(), fields: { email, name: `Many ${i}`, locale: 'en' } }, { ip: '', device: '' })
    ids.push(accountId)
  }
  const walk = async (query: Record<string, string>): Promise<string[]> => {
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = await list(admin, { ...query, ...cursor === '' ? {} : { cursor } })
      t.equal(page.total, 'q' in query ? 130 : 131)
      t.ok(page.items.length <= 25)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
    }
    return seen
  }
  t.strictSame(await walk({}), [...ids.toReversed(), admin.id])
  t.strictSame((await walk({ q: 'many' })).sort(), ids.toSorted())
  const { nextCursor } = await list(admin, { q: 'many' })
  t.equal((await list(admin, { cursor: nextCursor ?? '' })).items[0]?.id, ids.at(-1))
  t.equal((await list(admin)).total, 131, 'and nothing left the index by it')
  t.equal((await admin.browser.get('/admin/users?cursor=zz', { token: admin.token })).status, 400)
})

t.test('what the index missed is there after a rebuild, and until there was one the list goes without it', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { id, who } = await signUp(server)
  const index = server.inside.records.accountsIndex
  const { client } = server.redis
  await client.del(...await client.keys('{dvokrok}:index*'))
  const scanned = await list(admin)
  t.match([scanned.total, scanned.items.map((item) => item.id).sort()], [null, [id, admin.id].sort()])
  await rebuild(index)
  t.match(await list(admin, { q: who.email.slice(0, 12) }), { total: 1, items: [{ id }] })

  // A crash between the account and the index, both ways.
  const lost = await signUp(server)
  await index.put(await server.inside.records.accounts.find(lost.id), null)
  await client.hset(keys.account(id).record, 'name', 'Nobody Knows')
  t.match(await list(admin, { q: 'nobody' }), { total: 0 })
  await rebuild(index)
  t.match(await list(admin, { q: 'nobody' }), { items: [{ id }] })
  t.match(await list(admin, { q: lost.who.email }), { items: [{ id: lost.id }] })
})

t.test('switched off there is no index, and the list goes without it', async (t) => {
  const server = await startApp(t, { env: { ACCOUNTS_INDEX: 'false' } })
  const admin = await newAdmin(server)
  const { id, who } = await signUp(server, { ...person(), name: 'Петро' })
  t.match(await list(admin, { q: 'петр' }), { total: null, items: [{ id }] })
  t.match((await admin.browser.get(`/admin/users?email=${who.email}`, { token: admin.token })).body, { items: [{ id }], total: 1 })
  t.strictSame(await server.redis.client.keys('{dvokrok}:index*'), [])
})

t.test('the index is the same as a list in memory, whatever comes and goes', { timeout: 120_000 }, async (t) => {
  const { client } = await startRedis(t)
  const index = createAccountsIndexStore(client, createScripts(client, createReplicas(client, 0).durably))
  const pick = <One>(from: readonly One[]): One => from[Math.floor(Math.random() * from.length)] ?? (() => { throw new Error('empty') })()
  const syllables = ['ма', 'мар', 'і', 'іва', 'o', 'ole', 'olena', 'k', 'ко', 'z', 'жук']
  const word = (): string => pick(syllables) + pick(syllables)
  const people = new Map<string, User>()
  const make = (id: string): User => ({
    id,
    email: `${pick(['o', 'ole', 'olena', 'k', 'zz'])}${Math.floor(Math.random() * 100)}@example.org`,
    name: `${word()} ${word()}`,
    role: Math.random() < 0.1 ? 'admin' : 'user',
    status: 'active',
    locale: 'uk',
    isTwoFactorEnabled: true,
    secondFactors: ['email'],
    createdAt: new Date(1_700_000_000_000 + Math.floor(Math.random() * 1e9)).toISOString()
  })
  for (let step = 0; step < 1500; step++) {
    const known = [...people.keys()]
    const id = known.length > 0 && Math.random() < 0.35 ? pick(known) : newId()
    const before = people.get(id) ?? null
    const after = before && Math.random() < 0.5 ? null : { ...make(id), createdAt: before?.createdAt ?? make(id).createdAt }
    await index.put(before, after)
    if (after) people.set(id, after)
    else people.delete(id)
  }
  const all = async (query: Parameters<typeof index.find>[0]): Promise<string[]> => {
    const seen: string[] = []
    for (let after: string | undefined; ;) {
      const found = await index.find(query, after, 50)
      seen.push(...found.filter(({ isRepeated }) => !isRepeated).map(({ id }) => id))
      if (found.length < 50) return seen
      after = found.at(-1)?.hexKey
    }
  }
  t.ok(people.size > 300, `${people.size} people`)
  for (const q of ['м', 'ма', 'мар', 'і', 'o', 'ol', 'olena', 'olenao', 'k', 'z', 'ж', 'ко', 'nobody']) {
    const expected = [...people.values()].filter((user) => isFoundBy(user, [q])).map(({ id }) => id).sort()
    t.strictSame((await all({ word: q })).sort(), expected, q)
    t.equal((await index.count({ word: q })).count, expected.length, `${q} counted`)
  }
  const byAge = [...people.values()].sort((one, other) => other.createdAt.localeCompare(one.createdAt))
  t.strictSame((await all({ list: 'a' })).length, byAge.length)
  const times = (await all({ list: 'a' })).map((id) => people.get(id)?.createdAt)
  t.strictSame(times, byAge.map(({ createdAt }) => createdAt))
  t.equal((await index.count({ list: 'A' })).count, byAge.filter(({ role }) => role === 'admin').length)
  for (const user of people.values()) await index.put(user, null)
  t.strictSame(await index.count({ list: 'a' }), { count: 0, isExact: true })
})

t.test('what a server that died left out of the index is found after the next start', async (t) => {
  const env = { ROLES: 'editor' }
  const server = await startApp(t, { env })
  const admin = await newAdmin(server)
  const { id } = await signUp(server)
  // As far as it got: the account is changed, the index was not told.
  const { client } = server.redis
  const store = createAdminStore(client, createScripts(client, createReplicas(client, 0).durably))
  const actor = { ip: '', device: '', by: admin.id }
  await store.change(id, { name: 'Одарка', status: 'disabled', roles: ['editor'] }, { adminId: admin.id, actor })
  t.match(await list(admin, { q: 'одар' }), { total: 0, items: [] })
  t.match(await list(admin, { status: 'active' }), { total: 2 })

  await startApp(t, { redis: server.redis, env })
  while ((await list(admin, { role: 'editor' })).total === 0) await new Promise(setImmediate)
  t.match(await list(admin, { q: 'одар' }), { total: 1, items: [{ id }] })
  t.match(await list(admin, { status: 'disabled' }), { total: 1, items: [{ id }] })
  t.match(await list(admin, { status: 'active' }), { total: 1, items: [{ id: admin.id }] })
})

t.test('of several words the rarest leads, and who has to look at too many tells no total', async (t) => {
  const server = await startApp(t)
  const { records } = server.inside
  const MANY = 300
  await Promise.all(Array.from({ length: MANY }, async (_one, i) => {
    const [accountId, email] = [newId(), `many.${i}@example.org`]
    await records.addressBindings.bind(accountId, await records.addressTags.of(email))
    const name = `Olena ${i === 7 ? 'Rare' : 'Koval'}`
    await records.links.invite({ accountId, linkId: newId(), fields: { email, name, locale: 'en' } }, { ip: '', device: '' })
  }))
  let reads = 0
  const find: typeof records.accounts.find = async (id) => {
    reads++
    return await records.accounts.find(id)
  }
  const search = createSearchAccounts({ ...records, accounts: { ...records.accounts, find }, isIndexed: true })
  t.match(await search({ q: 'olena rar' }), { items: [{ name: 'Olena Rare' }], nextCursor: null, total: 1 })
  t.equal(reads, 1, 'only who has the rarest word is looked at')

  reads = 0
  const seen: string[] = []
  for (let cursor: string | undefined; ;) {
    const { items, nextCursor, total } = await search({ q: 'olena koval', ...cursor === undefined ? {} : { cursor } })
    if (cursor === undefined) t.ok(total === null && reads <= MANY - 26, `${reads} are looked at for a page`)
    seen.push(...items.map(({ id }) => id))
    if (nextCursor === null) break
    cursor = nextCursor
  }
  t.match([seen.length, new Set(seen).size], [MANY - 1, MANY - 1])
})

t.test('who shares a beginning with many thousands is not counted, and leads no search', { timeout: 120_000 }, async (t) => {
  const server = await startApp(t)
  const { records } = server.inside
  const [accountId, email] = [newId(), 'yy-a@example.org']
  await records.addressBindings.bind(accountId, await records.addressTags.of(email))
  await records.links.invite({ accountId, linkId: newId(), fields: { email, name: 'Zz Rare', locale: 'en' } }, { ip: '', device: '' })
  const user = await records.accounts.find(accountId)
  if (!user) throw new Error('not invited')
  const MANY = 12_500
  for (let i = 0; i < MANY; i += 500) {
    await Promise.all(Array.from({ length: 500 }, async (_one, more) => {
      await records.accountsIndex.put(null, { ...user, id: newId(), name: 'Zz Zza Zzb', email: `yy${i + more}@example.org` })
    }))
  }
  t.match(await records.accountsIndex.count({ word: 'zz' }), { isExact: false })
  t.strictSame(await records.accountsIndex.count({ list: 'a' }), { count: MANY + 1, isExact: true })
  t.strictSame(await records.accountsIndex.count({ word: 'yy1234' }), { count: 11, isExact: true })

  const ledBy: unknown[] = []
  const find: AccountsIndexStore['find'] = async (query, after, most) => {
    ledBy.push(query.word)
    return await records.accountsIndex.find(query, after, most)
  }
  const search = createSearchAccounts({ ...records, accountsIndex: { ...records.accountsIndex, find }, isIndexed: true })
  t.match(await search({ q: 'zz rar' }), { items: [{ id: accountId }], nextCursor: null, total: 1 })
  t.match(await search({ q: 'zz yy' }), { items: [{ id: accountId }], total: null })
  t.strictSame([...new Set(ledBy)], ['rar', 'yy'])
})
