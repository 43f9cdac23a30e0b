import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { formatServiceKey, type Scope } from '../../src/records/service-keys/service-key.ts'
import { logIn, person, signUp, startApp, type TestApp } from '../support/app.ts'
import { type Browser, decode } from '../support/browser.ts'
import { newAdmin } from '../support/admin.ts'
import { ageRecords } from '../support/redis.ts'
import { ofAccount } from '../support/key-prefixes.ts'
import { shaped } from '../support/shapes.ts'

// Thirteen servers of its own.
t.setTimeout(300_000)

interface Admin { browser: Browser, token: string, id: string }
interface LogItem { action: string, accountId: string, reason?: string, actor: { kind: string, id: string, name: string } }

const patch = async ({ browser, token }: Admin, id: string, body: unknown, headers: Record<string, string> = {}) =>
  await browser.call('PATCH', `/admin/users/${id}`, body, { token, headers })
const logOf = async ({ browser, token }: Admin): Promise<LogItem[]> =>
  shaped<LogItem[]>((await browser.get('/admin/activity', { token })).body['items'])
const isAdmin = async (server: TestApp, id: string): Promise<boolean> =>
  await server.redis.client.hget(keys.account(id).record, 'role') === 'admin'

t.test('roles and claims are in me at once and in tokens at the next refresh', async (t) => {
  const server = await startApp(t, { env: { ROLES: 'editor,billing', TOKEN_CLAIMS: 'roles,claims' } })
  const admin = await newAdmin(server)
  const { id, browser, token } = await signUp(server)
  t.match(decode(token).claims, { roles: [], claims: {} })
  t.notMatch(Object.keys(shaped<object>((await browser.get('/auth/me', { token })).body['user'])), ['roles'], 'nobody has any at first')

  const claims = { plan: 'team', seats: 5 }
  const changed = await patch(admin, id, { roles: ['editor'], claims })
  t.match([changed.status, changed.body], [200, { user: { id, roles: ['editor'], claims, role: 'user' } }])
  t.match((await browser.get('/auth/me', { token })).body, { user: { roles: ['editor'], claims } })
  const refreshed = await browser.post('/auth/refresh')
  t.strictSame(
    [decode(String(refreshed.body['accessToken'])).claims['roles'], decode(String(refreshed.body['accessToken'])).claims['claims']],
    [['editor'], claims]
  )

  for (const [body, path] of [
    [{ roles: ['owner'] }, '/roles/0'], [{ roles: ['editor', 'admin'] }, '/roles/1'], [{ claims: { a: 'x'.repeat(1024) } }, '/claims'],
    [{ claims: [] }, '/claims'], [{ roles: 'editor' }, '/roles']
  ] as const) {
    const refused = await patch(admin, id, body)
    t.match([refused.status, refused.body], [400, { code: 'VALIDATION_FAILED', errors: [{ path }] }], JSON.stringify(body))
  }
  const largest = { a: 'x'.repeat(1024 - '{"a":""}'.length) }
  t.match((await patch(admin, id, { claims: largest })).body, { user: { claims: largest } })
  t.match((await patch(admin, id, { roles: [], claims: {} })).body, { user: { roles: [], claims: {} } })
  t.equal(await server.redis.client.hget(keys.account(id).record, 'claims'), null)
})

t.test('without TOKEN_CLAIMS tokens say nothing of roles', async (t) => {
  const server = await startApp(t, { env: { ROLES: 'editor' } })
  const { token } = await signUp(server)
  t.notOk('roles' in decode(token).claims || 'claims' in decode(token).claims)
})

t.test('every change by an admin needs a fresh proof of this session', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { id } = await signUp(server)
  await ageRecords(server.redis.client, [ofAccount(admin.id)], 11 * 60_000)
  const changes = [
    ['PATCH', `/admin/users/${id}`, { name: 'X' }], ['DELETE', `/admin/users/${id}`], ['POST', `/admin/users/${id}/logout`],
    ['POST', `/admin/users/${id}/invite`], ['POST', `/admin/users/${id}/second-factors/reset`],
    ['POST', '/admin/users', { email: 'a@b.example' }]
  ] as const
  for (const [method, path, body] of changes) {
    const { status, body: { code } } = await admin.browser.call(method, path, body, { token: admin.token })
    t.strictSame([status, code], [403, 'REAUTHENTICATION_REQUIRED'], `${method} ${path}`)
  }
  for (const path of ['', `/${id}`, `/${id}/sessions`, `/${id}/activity`]) {
    t.equal((await admin.browser.get(`/admin/users${path}`, { token: admin.token })).status, 200, 'looking needs none')
  }
})

t.test('a new address is the account’s when its owner has opened the link, and not before', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { id, who, browser, token } = await signUp(server)
  const other = await signUp(server)
  t.equal((await patch(admin, id, { email: other.who.email })).status, 409, 'an admin may know that it is taken')

  const email = person().email
  t.match((await patch(admin, id, { email })).body, { user: { email: who.email, newEmail: { email } } })
  t.match(await server.smtp.next(who.email, ({ subject }) => subject.includes('about to change')), {})
  const link = /\/confirm-email#([\w-]+)/.exec((await server.smtp.next(email)).text)?.[1] ?? ''
  t.not(link, '')
  t.equal((await browser.get('/auth/me', { token })).status, 200, 'until then nothing ends')
  t.notMatch(JSON.stringify(await server.redis.client.hgetall(keys.account(id).record)), link, 'no copy of Redis holds the link')

  const use = async () => await server.browser().post('/auth/email/confirm', { token: link })
  const answers = await Promise.all(Array.from({ length: 20 }, use))
  t.equal(answers.filter(({ status }) => status === 200).length, 1, 'once')
  t.match(answers.filter(({ status }) => status !== 200).map(({ body }) => body['code']), Array(19).fill(/CHALLENGE_INVALID|CONFLICT/))
  t.equal((await browser.get('/auth/me', { token })).status, 401, 'everything has ended')
  await logIn(server, { ...who, email })
  t.equal((await server.browser().post('/auth/login', { email: who.email, password: who.password })).status, 401)
  t.ok(await server.smtp.next(who.email, ({ subject }) => subject.includes('was changed')), 'the old address is told')
  await signUp(server, { ...person(), email: who.email })
})

t.test('the address of now, a new password and a new link each kill a link that waits', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { id, who, browser, token } = await signUp(server)
  const linkTo = async (email: string): Promise<string> => {
    await patch(admin, id, { email })
    return /\/confirm-email#([\w-]+)/.exec((await server.smtp.next(email)).text)?.[1] ?? ''
  }
  const use = async (link: string): Promise<number> => (await server.browser().post('/auth/email/confirm', { token: link })).status
  const cancelled = await linkTo(person().email)
  t.match((await patch(admin, id, { email: who.email })).body, { user: { newEmail: null } })
  const overtaken = await linkTo(person().email)
  const beforePassword = await linkTo(person().email)
  await browser.call('PUT', '/users/password', { currentPassword: who.password, newPassword: 'another-lantern-of-paper-4711' }, { token })
  t.strictSame([await use(cancelled), await use(overtaken), await use(beforePassword), await use('nonsense')], [401, 401, 401, 401])
  t.match((await browser.get('/auth/me', { token })).body, { user: { email: who.email } })
})

t.test('who has lost every second factor signs in with a mailed code again', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { id, who, browser, token } = await signUp(server)
  const { record, totp, recovery, passkeys, trustedBrowsers } = keys.account(id)
  const { client } = server.redis
  await Promise.all([
    client.hset(record, 'totp', 1, 'emailCode', 0), client.hset(totp, 'secret', 'x'), client.sadd(recovery, 'x'),
    client.hset(passkeys, 'x', 'y'),
    client.zadd(trustedBrowsers, Date.now() + 100_000, 'x')
  ])
  const answer = await admin.browser.post(`/admin/users/${id}/second-factors/reset`, undefined, { token: admin.token })
  t.match([answer.status, answer.body], [200, { user: { secondFactors: ['email'], isTwoFactorEnabled: true } }])
  for (const key of [totp, recovery, passkeys, trustedBrowsers]) t.equal(await client.exists(key), 0, key.replace(id, ''))
  t.equal((await browser.get('/auth/me', { token })).status, 401)
  t.ok(await server.smtp.next(who.email, ({ subject }) => subject.includes('two-step verification was reset')))
  await logIn(server, who)
  const own = await admin.browser.post(`/admin/users/${admin.id}/second-factors/reset`, undefined, { token: admin.token })
  t.equal(own.body['code'], 'FORBIDDEN', 'not for oneself')
})

t.test('nobody changes, signs out or deletes themselves', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const call = async (method: 'PATCH' | 'DELETE' | 'POST', path: string, body?: unknown) =>
    (await admin.browser.call(method, `/admin/users/${admin.id}${path}`, body, { token: admin.token })).body['code']
  t.strictSame(
    [await call('PATCH', '', { name: 'X' }), await call('PATCH', '', { roles: [] }), await call('DELETE', ''),
      await call('POST', '/logout')],
    Array(4).fill('FORBIDDEN')
  )
  t.strictSame(await logOf(admin), (await logOf(admin)).filter(({ actor }) => actor.kind === 'cli'), 'and nothing of it is in the log')
})

t.test('the last admin stays, however many drop each other at once', async (t) => {
  const server = await startApp(t)
  const admins = [await newAdmin(server), await newAdmin(server), await newAdmin(server)]
  const drops: Array<Promise<unknown>> = []
  for (let i = 0; i < 48; i++) {
    const [by, whom] = [admins[i % 3], admins[(i + 1 + i % 2) % 3]]
    if (!by || !whom) throw new Error('no admins')
    const path = `/admin/users/${whom.id}`
    drops.push(i % 4 === 0
      ? by.browser.call('DELETE', path, undefined, { token: by.token })
      : by.browser.call('PATCH', path, i % 2 === 0 ? { role: 'user' } : { status: 'disabled' }, { token: by.token }))
  }
  await Promise.all(drops)
  const left = (await Promise.all(admins.map(async ({ id }) => await isAdmin(server, id) &&
    await server.redis.client.hget(keys.account(id).record, 'status') === 'active'))).filter((one) => one)
  t.equal(left.length, 1)
})

t.test('an account is deleted once, and its address is free again', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { id, who, browser, token } = await signUp(server)
  const headers = { 'idempotency-key': 'the-same-deletion' }
  const remove = async (withKey: boolean) => (await admin.browser.call('DELETE', `/admin/users/${id}`, undefined,
    { token: admin.token, ...withKey ? { headers } : {} })).status
  t.strictSame([await remove(true), await remove(true), await remove(false)], [204, 204, 404])
  t.equal((await browser.get('/auth/me', { token })).status, 401)
  t.match(await logOf(admin), [
    { action: 'account_deleted', accountId: id, actor: { kind: 'admin', id: admin.id } }, { actor: { kind: 'cli' } }
  ])
  await signUp(server, { ...person(), email: who.email })
})

t.test('the log of admins tells who did what, why and when, newest first', async (t) => {
  const server = await startApp(t, { env: { ROLES: 'editor' } })
  const admin = await newAdmin(server)
  const { id } = await signUp(server)
  await patch(admin, id, { status: 'disabled', reason: 'asked by phone' })
  await patch(admin, id, { status: 'active', roles: ['editor'], name: 'Another' })
  await patch(admin, id, { name: 'Another' })
  await admin.browser.post(`/admin/users/${id}/logout`, undefined, { token: admin.token })
  const log = await logOf(admin)
  t.strictSame(log.map(({ action }) => action),
    ['sessions_ended_by_admin', 'account_enabled', 'roles_changed', 'profile_changed', 'account_disabled', 'role_changed'])
  t.match(log[4], { actor: { kind: 'admin', id: admin.id, name: String }, accountId: id, reason: 'asked by phone', ip: String })
  t.match(log[5], { actor: { kind: 'cli' }, accountId: admin.id })
  const own = (await admin.browser.get(`/admin/users/${id}/activity`, { token: admin.token })).body
  t.match(own, { items: [{ event: 'sessions_ended_by_admin', actor: 'admin' }] })
  t.notMatch(JSON.stringify(own), /asked by phone/, 'the reason is not for the owner')
})

t.test('the same change with the same key is made once, also many at once', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { id } = await signUp(server)
  const headers = { 'idempotency-key': 'the-same-change' }
  const answers = await Promise.all(Array.from({ length: 20 }, async () => await patch(admin, id, { status: 'disabled' }, headers)))
  t.ok(answers.every(({ status }) => status === 200 || status === 409))
  t.match(await patch(admin, id, { status: 'disabled' }, headers), { status: 200 })
  t.equal((await logOf(admin)).filter(({ action }) => action === 'account_disabled').length, 1)
  t.equal((await patch(admin, id, { status: 'active' }, headers)).status, 400, 'another change with the same key is a mistake')
})

t.test('what a server that died was doing is in the log when it was done, and only then', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const [done, undone, gone] = [await signUp(server), await signUp(server), await signUp(server)]
  const { administration, adminLog, deletions } = server.inside.records
  const client = { ip: '192.0.2.7', device: 'a browser' }
  const entry = (accountId: string, aim: 'account_disabled' | 'account_deleted') =>
    ({ at: Date.now() - 60_000, aim, actor: { kind: 'admin' as const, id: admin.id, name: 'A' }, accountId, ...client })
  const by = (operation: string) => ({ adminId: admin.id, actor: { ...client, by: admin.id, operation } })
  await adminLog.begin('one', entry(done.id, 'account_disabled'))
  await administration.change(done.id, { status: 'disabled' }, by('one'))
  await adminLog.begin('two', entry(undone.id, 'account_disabled'))
  await adminLog.begin('three', entry(gone.id, 'account_deleted'))
  await deletions.deleteBy(gone.id, by('three').actor, { mayBeAdmin: false })
  await adminLog.begin('four', { ...entry(undone.id, 'account_deleted') })

  for (let times = 0; times < 2; times++) {
    const told = (await logOf(admin)).filter(({ actor }) => actor.kind === 'admin').map(({ action, accountId }) => [action, accountId])
    t.strictSame(told.sort(), [['account_deleted', gone.id], ['account_disabled', done.id]].sort())
  }
  t.equal(await server.redis.client.exists(keys.adminIntents), 0)
})

t.test('a service does with its key what its scopes say, stands in the log by its name, and never touches an admin', async (t) => {
  const server = await startApp(t, { env: { ROLES: 'editor' } })
  const admin = await newAdmin(server)
  const { id, browser, token } = await signUp(server)
  const keyFor = async (name: string, scopes: Scope[]) => formatServiceKey(await server.inside.records.serviceKeys.add(name, scopes))
  const [reading, writing] = [await keyFor('reports', ['users:read']), await keyFor('crm', ['users:read', 'users:write'])]
  const call = async (key: string, method: 'GET' | 'PATCH' | 'POST' | 'DELETE', path: string, payload?: object) => {
    const headers = { authorization: `Bearer ${key}` }
    const { statusCode, body } = await server.fastify.inject({ method, url: `/admin${path}`, headers, ...payload ? { payload } : {} })
    return [statusCode, body === '' ? {} : shaped<Record<string, unknown>>(JSON.parse(body))] as const
  }
  for (const path of ['/users', `/users/${id}`, `/users/${id}/sessions`, `/users/${id}/activity`]) {
    t.equal((await call(reading, 'GET', path))[0], 200, path)
  }
  t.match(await call(reading, 'PATCH', `/users/${id}`, { name: 'X' }), [403, { code: 'SCOPE_MISSING' }])
  t.match(await call(writing, 'PATCH', `/users/${id}`, { roles: ['editor'], name: 'Named by CRM' }), [200, { user: { roles: ['editor'] } }])
  t.match(await call(writing, 'POST', `/users/${id}/logout`), [204, {}])
  t.equal((await browser.get('/auth/me', { token })).status, 401)
  t.match(await call(writing, 'GET', `/users/${id}/activity`), [200, {
    items: [
      { event: 'sessions_ended_by_admin', actor: 'crm' }, { event: 'roles_changed', actor: 'crm' },
      { event: 'profile_changed', actor: 'crm' }
    ]
  }])
  const [status, invited] = await call(writing, 'POST', '/users', { email: person().email })
  t.equal(status, 201)
  t.match(await call(writing, 'DELETE', `/users/${shaped<{ id: string }>(invited['user']).id}`), [204, {}])

  for (const change of [{ role: 'admin' }, { role: 'user' }]) {
    t.match(await call(writing, 'PATCH', `/users/${id}`, change), [403, { code: 'FORBIDDEN' }], JSON.stringify(change))
  }
  for (const change of [{ status: 'disabled' }, { name: 'X' }, { email: person().email }, { roles: [] }, { liftLocks: true }]) {
    t.match(await call(writing, 'PATCH', `/users/${admin.id}`, change), [403, { code: 'FORBIDDEN' }], JSON.stringify(change))
  }
  t.match(await call(writing, 'DELETE', `/users/${admin.id}`), [403, { code: 'FORBIDDEN' }])
  t.match(await call(writing, 'POST', `/users/${admin.id}/logout`), [403, { code: 'FORBIDDEN' }])
  for (const [method, path] of [['POST', `/users/${id}/second-factors/reset`], ['GET', '/activity']] as const) {
    t.match((await call(writing, method, path))[0], 401, `${path} is for people`)
  }
  t.match((await logOf(admin)).filter(({ actor }) => actor.kind === 'key').map(({ action, actor: { name } }) => [action, name]), [
    ['account_deleted', 'crm'], ['invited', 'crm'], ['sessions_ended_by_admin', 'crm'], ['roles_changed', 'crm'], ['profile_changed', 'crm']
  ])
})
