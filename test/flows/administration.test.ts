import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { logIn, SECRET, signUp, startApp, type TestApp } from '../support/app.ts'
import { builtProgram, newFolder } from '../support/process.ts'
import { shaped } from '../support/shapes.ts'

/** The operator's command, run as the operator runs it. */
async function grant (t: Test, server: TestApp, address: string): Promise<string> {
  const dataDir = newFolder(t)
  const { stdout } = await promisify(execFile)(process.execPath, [await builtProgram('tools/cli/admin-grant.js'), address], {
    env: {
      PATH: process.env['PATH'],
      REDIS_URL: server.redis.url,
      SECRET,
      DATA_DIR: dataDir,
      SMTP_URL: server.smtp.url,
      MAIL_FROM: 'a@example.org'
    }
  })
  return stdout
}

async function admin (t: Test, server: TestApp) {
  const { who, id, browser, token: before } = await signUp(server)
  await grant(t, server, who.email)
  t.equal((await browser.get('/auth/me', { token: before })).status, 401, 'a new role begins with a new sign-in')
  const { token } = await logIn(server, who, browser)
  return { who, id, browser, token }
}

t.test('the first admin is made by the operator, never by default', async (t) => {
  const server = await startApp(t)
  const { browser, token } = await signUp(server)
  for (const url of ['/admin/users', '/admin/users/x']) t.match((await browser.get(url, { token })).body['code'], 'FORBIDDEN')
  const { browser: boss, token: key, who } = await admin(t, server)
  t.match((await boss.get('/auth/me', { token: key })).body, { user: { role: 'admin', email: who.email } })
  await t.rejects(grant(t, server, 'nobody@example.org'), /no confirmed account/)
})

t.test('an admin lists, finds, disables, enables and signs out others', async (t) => {
  // Without the index: with it, see account-search.test.ts.
  const server = await startApp(t, { env: { ACCOUNTS_INDEX: 'false' } })
  const { browser, token, id: ownId } = await admin(t, server)
  const people = [await signUp(server), await signUp(server), await signUp(server)]
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page = await browser.get(`/admin/users?cursor=${cursor}`, { token })
    t.equal(page.status, 200)
    seen.push(...shaped<Array<{ id: string }>>(page.body['items']).map(({ id }) => id))
    cursor = shaped<string | null>(page.body['nextCursor'])
  }
  t.strictSame(seen.sort(), [ownId, ...people.map(({ id }) => id)].sort())

  const cursorOf = (text: string): string => Buffer.from(text).toString('base64url')
  for (const bad of [
    'x', 'cursor', cursorOf('0.e3b0c442.18446744073709551616'), cursorOf(`0.e3b0c442.${'9'.repeat(20)}`), cursorOf('16384.e3b0c442.0'),
    cursorOf('0.e3b0c442.'), `${cursorOf('0.e3b0c442.5')}A`, '0-0'
  ]) {
    const { status, body } = await browser.get(`/admin/users?cursor=${bad}`, { token })
    t.match([status, body], [400, { code: 'VALIDATION_FAILED', errors: [{ path: '/cursor' }] }], bad)
  }
  t.equal((await browser.get(`/admin/users?cursor=${cursorOf('0.e3b0c442.18446744073709551615')}`, { token })).status, 200)
  for (const url of ['/users/me/activity', `/admin/users/${ownId}/activity`]) {
    t.equal((await browser.get(`${url}?cursor=0-0`, { token })).status, 400, url)
  }

  const [first, second] = people
  if (!first || !second) throw new Error('no people')
  const found = await browser.get(`/admin/users?email=${encodeURIComponent(first.who.email.toUpperCase())}`, { token })
  t.match(found.body, { items: [{ id: first.id }], nextCursor: null })
  t.match((await browser.get(`/admin/users/${first.id}`, { token })).body, { user: { id: first.id, sessions: 1, wrongCodesInRow: 0 } })
  t.match((await browser.get('/admin/users/unknown', { token })).body['code'], 'NOT_FOUND')
  t.match((await browser.get(`/admin/users/${first.id}/activity`, { token })).body, {
    items: [{ event: 'sign_up', result: 'ok', actor: 'self' }]
  })
  t.match((await browser.get('/admin/users/unknown/activity', { token })).body['code'], 'NOT_FOUND')

  t.match((await browser.call('PATCH', `/admin/users/${first.id}`, { status: 'disabled' }, { token })).body, {
    user: { status: 'disabled' }
  })
  t.equal((await first.browser.get('/auth/me', { token: first.token })).status, 401, 'out at the next request')
  t.match(
    (await server.browser().post('/auth/login', { email: first.who.email, password: first.who.password })).body['code'],
    'CREDENTIALS_INVALID'
  )
  await browser.call('PATCH', `/admin/users/${first.id}`, { status: 'active' }, { token })
  await logIn(server, first.who)

  t.equal((await browser.post(`/admin/users/${second.id}/logout`, undefined, { token })).status, 204)
  t.equal((await second.browser.get('/auth/me', { token: second.token })).status, 401)
})

t.test('locks are lifted by an admin', async (t) => {
  const server = await startApp(t)
  const { browser, token } = await admin(t, server)
  const { who, id } = await signUp(server)
  await server.redis.client.hset(keys.account(id).record, 'wrongInRow', 100)
  const locked = await server.browser().post('/auth/login', { email: who.email, password: who.password })
  t.match([locked.status, locked.body['code']], [429, 'OTP_ATTEMPTS_EXCEEDED'])
  await browser.call('PATCH', `/admin/users/${id}`, { liftLocks: true }, { token })
  await logIn(server, who)
})

t.test('admins cannot change their own role, switch off their second step, or drop each other at once', async (t) => {
  const server = await startApp(t)
  const [a, b] = [await admin(t, server), await admin(t, server)]
  t.match((await a.browser.call('PATCH', `/admin/users/${a.id}`, { role: 'user' }, { token: a.token })).body['code'], 'FORBIDDEN')
  t.match((await a.browser.call('PATCH', `/admin/users/${a.id}`, { status: 'disabled' }, { token: a.token })).body['code'], 'FORBIDDEN')
  t.match((await a.browser.call('PATCH', '/users/me', { isTwoFactorEnabled: false }, { token: a.token })).body['code'], 'FORBIDDEN')

  for (let round = 0; round < 4; round++) {
    await Promise.all([
      a.browser.call('PATCH', `/admin/users/${b.id}`, { role: 'user' }, { token: a.token }),
      b.browser.call('PATCH', `/admin/users/${a.id}`, { role: 'user' }, { token: b.token })
    ])
    const roles = await Promise.all([a, b].map(async ({ id }) => await server.redis.client.hget(keys.account(id).record, 'role')))
    t.equal(roles.filter((role) => role === 'admin').length, 1, 'one of them stays')
    const [stays, goes] = roles[0] === 'admin' ? [a, b] : [b, a]
    await stays.browser.call('PATCH', `/admin/users/${goes.id}`, { role: 'admin' }, { token: stays.token })
    const again = await logIn(server, goes.who, goes.browser)
    goes.token = again.token
  }
})

t.test('an admin without a second step in this session may do nothing', async (t) => {
  const server = await startApp(t)
  const { browser, token, id } = await admin(t, server)
  const sid = String((await server.redis.client.zrange(keys.account(id).sessions, '0', '0'))[0])
  await server.redis.client.hset(keys.account(id).session(sid), 'amr', 'pwd device')
  t.match((await browser.get('/admin/users', { token })).body['code'], 'FORBIDDEN')
})
