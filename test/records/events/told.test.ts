import bcrypt from 'bcrypt'
import t from 'tap'
import { newId } from '../../../src/platform/ids.ts'
import { createReplicas } from '../../../src/platform/redis/replicas.ts'
import { createScripts, declaredScripts } from '../../../src/platform/redis/script.ts'
import { keys } from '../../../src/platform/redis/keys.ts'
import { createEventsRelay } from '../../../src/records/events/outbox-store.ts'
import type { LogEvent } from '../../../src/records/events/event.ts'
import { makeDisownToken } from '../../../src/records/links/disown-link.ts'
import { readImportLine } from '../../../src/records/transfers/import-line.ts'
import { openTransfersStore } from '../../../src/records/transfers/open-transfers-store.ts'
import { logIn, person, signUp, startApp, wrongCode } from '../../support/app.ts'
import { codeOf, letStepsPass } from '../../support/authenticator.ts'
import { decode } from '../../support/browser.ts'
import { ALL_ACCOUNTS } from '../../support/key-prefixes.ts'
import { addPasskey, signInByPasskey } from '../../support/passkeys.ts'
import { codeIn, startReceiver } from '../../support/receiver.ts'
import { until } from '../../support/redis-node.ts'
import { ageRecords } from '../../support/redis.ts'
import { shaped } from '../../support/shapes.ts'

const receiver = await startReceiver(t)
const server = await startApp(t, { env: { OTP_WEBHOOK_URL: receiver.url, SESSIONS_PER_ACCOUNT: '3' } })
const { records } = server.inside
const { client } = server.redis
const NOBODY = { ip: '192.0.2.1', device: '' }
const HASH = bcrypt.hashSync('a password', 4)
const STRONG = 'a-copper-kettle-on-the-stove'

type Signed = Awaited<ReturnType<typeof signUp>>
const sidOf = (token: string | undefined): string => String(decode(token ?? '').claims['sid'])
const sessionOf = ({ id, token }: Signed) => ({ accountId: id, sid: sidOf(token), client: NOBODY })

/** All that is told of an account. */
async function told (id: string): Promise<LogEvent[]> {
  await until(async () => await client.exists(keys.account(id).events) === 0)
  const { events } = await records.events.read({}, 10_000)
  return events.filter(({ subject }) => subject === id)
}

const brief = (events: LogEvent[]): string[] =>
  events.map(({ type, data }) => [type, ...Object.values<string | string[] | null>(data).flat()].join(' '))

/** By the script that makes the change: what it tells of the account in `id` from `act` on. */
const cases: Record<string, () => Promise<{ id: string, since?: number, wanted: string[] }>> = {
  'account-create': async () => {
    const { id, token } = await signUp(server)
    return { id, wanted: ['account.created', `session.started ${sidOf(token)}`] }
  },

  'account-import': async () => {
    const { keyring, database: { run } } = server.inside
    const store = openTransfersStore({ redis: client, run, tags: records.addressTags, keyring })
    const line = { email: person().email, name: 'Olena', passwordHash: HASH }
    await store.import(readImportLine(JSON.stringify(line), keyring))
    const owner = await records.accounts.findOwner(await records.addressTags.of(line.email))
    return { id: owner?.id ?? '', wanted: ['account.created'] }
  },

  'login-verify': async () => {
    const first = await signUp(server)
    const tokens = [first.token]
    for (let i = 0; i < 3; i++) tokens.push((await logIn(server, first.who)).token)
    const [oldest, ...others] = tokens.map(sidOf)
    const started = others.map((sid) => `session.started ${sid}`)
    return { id: first.id, since: 2, wanted: [...started.slice(0, 2), `session.ended ${oldest}`, ...started.slice(2)] }
  },

  'session-open': async () => {
    const { who, id, browser, token } = await signUp(server, { ...person(), password: STRONG })
    await browser.call('PATCH', '/users/me', { isTwoFactorEnabled: false }, { token })
    const other = server.browser()
    const answer = await other.post('/auth/login', { email: who.email, password: who.password })
    return { id, since: 4, wanted: [`session.started ${sidOf(String(answer.body['accessToken']))}`] }
  },

  'trusted-browser-login': async () => {
    const { who, id } = await signUp(server)
    const trusting = server.browser()
    await trusting.post('/auth/login', { email: who.email, password: who.password })
    await trusting.post('/auth/verify-otp', { otp: await server.smtp.code(who.email), trustDevice: true })
    const answer = await trusting.post('/auth/login', { email: who.email, password: who.password })
    return { id, since: 3, wanted: [`session.started ${sidOf(String(answer.body['accessToken']))}`] }
  },

  'session-refresh': async () => {
    const { id, browser, token } = await signUp(server)
    const stolen = browser.cookies.get('refresh') ?? ''
    await browser.post('/auth/refresh')
    await ageRecords(client, [ALL_ACCOUNTS], 11_000)
    browser.cookies.set('refresh', stolen)
    t.equal((await browser.post('/auth/refresh')).body['code'], 'REFRESH_TOKEN_REUSED')
    return { id, since: 2, wanted: [`session.ended ${sidOf(token)}`] }
  },

  'record-end': async () => {
    const { who, id, browser, token } = await signUp(server)
    const remote = await logIn(server, who)
    const trusting = server.browser()
    await trusting.post('/auth/login', { email: who.email, password: who.password })
    const { body } = await trusting.post('/auth/verify-otp', { otp: await server.smtp.code(who.email), trustDevice: true })
    const [device] = shaped<Array<{ id: string }>>((await browser.get('/users/me/devices', { token })).body['items'])
    t.equal((await browser.call('DELETE', `/users/me/devices/${device?.id}`, undefined, { token })).status, 204)
    await browser.call('DELETE', `/users/me/sessions/${sidOf(remote.token)}`, undefined, { token })
    await trusting.post('/auth/logout', undefined, { token: String(body['accessToken']) })
    return { id, since: 4, wanted: [`session.ended ${sidOf(remote.token)}`, `session.ended ${sidOf(String(body['accessToken']))}`] }
  },

  'sessions-end-all': async () => {
    const { id, browser, token } = await signUp(server)
    await browser.call('DELETE', '/users/me/sessions', undefined, { token })
    await browser.post('/auth/logout-all', undefined, { token })
    return { id, since: 2, wanted: [`sessions.ended ${sidOf(token)}`, 'sessions.ended '] }
  },

  'reauth-verify': async () => {
    const { who, id, browser, token } = await signUp(server)
    await browser.post('/auth/reauthenticate', { password: who.password }, { token })
    const otp = wrongCode(await server.smtp.code(who.email))
    for (let i = 0; i < 5; i++) await browser.post('/auth/reauthenticate/verify', { otp }, { token })
    return { id, since: 2, wanted: [`session.ended ${sidOf(token)}`] }
  },

  'session-wrong-password': async () => {
    const signed = await signUp(server)
    for (let i = 0; i < 5; i++) await records.reauthentications.bookWrongPassword(sessionOf(signed), 'reauthentication')
    return { id: signed.id, since: 2, wanted: [`session.ended ${sidOf(signed.token)}`] }
  },

  'account-patch': async () => {
    const { who, id, browser, token } = await signUp(server, { ...person(), password: STRONG })
    await browser.call('PATCH', '/users/me', { name: who.name }, { token })
    await browser.call('PATCH', '/users/me', { name: 'Olena the Second', locale: 'uk' }, { token })
    t.equal((await browser.call('PATCH', '/users/me', { isTwoFactorEnabled: false }, { token })).status, 200)
    const sid = sidOf(token)
    return { id, since: 2, wanted: ['account.updated name locale', 'account.updated isTwoFactorEnabled', `sessions.ended ${sid}`] }
  },

  'password-change': async () => {
    const { who, id, browser, token } = await signUp(server)
    await browser.call('PUT', '/users/password', { currentPassword: who.password, newPassword: STRONG }, { token })
    return { id, since: 2, wanted: ['account.updated password', `sessions.ended ${sidOf(token)}`] }
  },

  'password-reset': async () => {
    const { who, id } = await signUp(server)
    const browser = server.browser()
    await browser.post('/auth/password/forgot', { email: who.email })
    await browser.post('/auth/password/reset', { otp: await server.smtp.code(who.email), newPassword: STRONG })
    return { id, since: 2, wanted: ['account.updated password', 'sessions.ended '] }
  },

  'email-change-complete': async () => {
    const { id, browser, token } = await signUp(server)
    const { email } = person()
    await browser.post('/users/me/email', { email }, { token })
    await browser.post('/users/me/email/confirm', { otp: await server.smtp.code(email) }, { token })
    return { id, since: 2, wanted: ['account.updated email', `sessions.ended ${sidOf(token)}`] }
  },

  'phone-confirm': async () => await withPhone(await signUp(server), 2, false),
  'phone-remove': async () => await withPhone(await signUp(server), 4, true),

  'totp-confirm': async () => await withTotp(await signUp(server), 2, async () => []),
  'totp-remove': async () => await withTotp(await signUp(server), 4, async ({ browser, token }) => {
    await browser.call('DELETE', '/users/me/totp', undefined, { token })
    return ['account.updated secondFactors', `sessions.ended ${sidOf(token)}`]
  }),
  'recovery-renew': async () => await withTotp(await signUp(server), 4, async ({ browser, token }) => {
    await browser.post('/users/me/recovery-codes', undefined, { token })
    return ['account.updated recoveryCodes', `sessions.ended ${sidOf(token)}`]
  }),

  'account-administer': async () => {
    const { id } = await signUp(server, { ...person(), password: STRONG })
    const boss = await signUp(server)
    await records.administration.grant(boss.id)
    const by = { adminId: boss.id, actor: NOBODY }
    const { administration } = records
    await administration.change(id, { liftLocks: true, name: 'Olena the Third', roles: ['editor'] }, by)
    await administration.change(id, { status: 'disabled' }, by)
    await administration.change(id, { status: 'disabled' }, by)
    await administration.change(id, { status: 'active' }, by)
    await administration.change(id, { role: 'admin' }, by)
    const end = 'sessions.ended '
    const wanted = ['account.updated name roles', 'account.disabled', end, 'account.enabled', end, 'account.updated role', end]
    return { id, since: 2, wanted }
  },

  'account-factors-reset': async () => {
    const { id } = await signUp(server)
    await records.administration.resetFactors(id, NOBODY)
    return { id, since: 2, wanted: ['account.updated secondFactors', 'sessions.ended '] }
  },

  'invitation-create': async () => ({ id: (await invite()).accountId, wanted: ['account.created'] }),
  'invitation-accept': async () => {
    const link = await invite()
    const password = { record: 'x', isLong: true }
    await records.links.accept({ ...link, purpose: 'invitation' }, { name: 'Olena', locale: 'en', password }, NOBODY)
    return { id: link.accountId, since: 1, wanted: ['account.updated status name locale password'] }
  },

  'email-link-complete': async () => {
    const { id } = await signUp(server)
    const [boss, linkId, { email }] = [await signUp(server), newId(), person()]
    await records.administration.grant(boss.id)
    await records.administration.change(id, { newEmail: { email, linkId, linkLifeMs: 60_000 } }, { adminId: boss.id, actor: NOBODY })
    await records.links.complete({ purpose: 'email', accountId: id, linkId }, { email, newTag: 'new', oldTag: 'old' }, NOBODY)
    return { id, since: 2, wanted: ['account.updated email', 'sessions.ended '] }
  },

  'passkey-add': async () => {
    const { id, browser, token } = await signUp(server)
    await addPasskey(browser)
    return { id, since: 2, wanted: ['account.updated secondFactors', `sessions.ended ${sidOf(token)}`] }
  },

  'passkey-remove': async () => {
    const { id, browser, token } = await signUp(server)
    await addPasskey(browser)
    const [passkey] = shaped<Array<{ id: string }>>((await browser.get('/users/me/passkeys', { token })).body['items'])
    await browser.call('DELETE', `/users/me/passkeys/${passkey?.id}`, undefined, { token })
    return { id, since: 4, wanted: ['account.updated secondFactors', `sessions.ended ${sidOf(token)}`] }
  },

  'passkey-login': async () => {
    const { id, browser } = await signUp(server)
    const { body } = await signInByPasskey(server.browser(), await addPasskey(browser))
    return { id, since: 4, wanted: [`session.started ${sidOf(String(body['accessToken']))}`] }
  },

  'account-disown': async () => {
    const { id } = await signUp(server)
    const token = makeDisownToken(server.inside.keyring, { accountId: id, at: Date.now(), leftEmail: null })
    t.equal((await server.browser().post('/auth/disown', { token })).status, 200)
    return { id, since: 2, wanted: ['account.updated password', 'sessions.ended '] }
  },

  'account-delete': async () => {
    const { id, browser, token } = await signUp(server)
    t.equal((await browser.call('DELETE', '/users/me', undefined, { token })).status, 204)
    return { id, since: 2, wanted: ['sessions.ended ', 'account.deleted'] }
  }
}

async function invite (): Promise<{ accountId: string, linkId: string }> {
  const [accountId, linkId] = [newId(), newId()]
  await records.links.invite({ accountId, linkId, fields: { email: person().email, name: 'Olena', locale: 'en' } }, NOBODY)
  return { accountId, linkId }
}

async function withPhone ({ id, browser, token }: Signed, since: number, isRemoved: boolean) {
  await browser.post('/users/me/phone', { phone: '+380501234567' }, { token })
  await browser.post('/users/me/phone/confirm', { otp: codeIn(await receiver.next()) }, { token })
  if (isRemoved) await browser.call('DELETE', '/users/me/phone', undefined, { token })
  return { id, since, wanted: ['account.updated phone secondFactors', `sessions.ended ${sidOf(token)}`] }
}

async function withTotp (signed: Signed, since: number, next: (signed: Signed) => Promise<string[]>) {
  const { id, browser, token } = signed
  const started = await browser.post('/users/me/totp', undefined, { token })
  await browser.post('/users/me/totp/confirm', { otp: await codeOf(server, String(started.body['secret'])) }, { token })
  await letStepsPass(server, id)
  const later = await next(signed)
  return { id, since, wanted: later.length > 0 ? later : ['account.updated secondFactors', `sessions.ended ${sidOf(token)}`] }
}

for (const [name, act] of Object.entries(cases)) {
  t.test(`${name} tells what it changes`, async (t) => {
    const { id, since = 0, wanted } = await act()
    t.strictSame(brief(await told(id)).slice(since), wanted)
  })
}

t.test('every script that tells is walked through above', async (t) => {
  const telling = declaredScripts().filter(({ declaration }) => Array.isArray(declaration.tells)).map(({ name }) => name)
  t.strictSame(Object.keys(cases).sort(), telling.sort())
})

t.test('an event names no person, and has an id and a growing place of its own', async (t) => {
  const { events } = await records.events.read({}, 10_000)
  t.ok(events.length > 50)
  t.equal(new Set(events.map(({ id }) => id)).size, events.length)
  const places = events.map(({ seq }) => seq)
  t.strictSame(places, [...new Set(places)].sort((a, b) => a - b))
  // Seconds and milliseconds may look like an address.
  t.notMatch(JSON.stringify(events.map((event) => ({ ...event, at: '' }))), /@|Olena|192\.0|10\.0|Firefox|\+380/)
  for (const event of events) {
    t.strictSame(Object.keys(event), ['id', 'seq', 'type', 'at', 'subject', 'data'])
    t.ok(Math.abs(Date.parse(event.at) - Date.now()) < 300_000 && Number.isSafeInteger(event.seq))
  }
})

t.test('fifty changes at once are told once each, in the order in which they were made', async (t) => {
  const signed = await signUp(server)
  const names = Array.from({ length: 50 }, (_, n) => `Olena ${n}`)
  const session = sessionOf(signed)
  await Promise.all(names.map(async (name) => await records.credentials.change(session, { name, isTwoFactorRequired: false })))
  const end = { client: NOBODY, accountId: signed.id, sid: session.sid }
  const ended = await Promise.all(Array.from({ length: 20 }, async () => await records.sessions.end(end, 'logout')))
  t.equal(ended.filter(Boolean).length, 1)
  const events = brief(await told(signed.id)).slice(2)
  t.strictSame(events, [...names.map(() => 'account.updated name'), `session.ended ${session.sid}`])
})

t.test('what is refused is not told', async (t) => {
  const { who, id, browser, token } = await signUp(server)
  await browser.post('/auth/login', { email: who.email, password: 'wrong' })
  await browser.call('PUT', '/users/password', { currentPassword: 'wrong', newPassword: STRONG }, { token })
  await browser.call('PATCH', '/users/me', { name: '' }, { token })
  await browser.call('DELETE', '/users/me/sessions/AAAAAAAAAAAAAAAAAAAAAA', undefined, { token })
  t.equal((await told(id)).length, 2)
})

t.test('where the log is in another slot', async (t) => {
  const { durably } = createReplicas(client, 0)
  const plain = createScripts(client, durably)
  const [{ moved, announced }] = [keys.events]
  const store = (run: typeof plain) => openTransfersStore({ redis: client, run, tags: records.addressTags, keyring: server.inside.keyring })
  const make = async (run: typeof plain): Promise<string> => {
    const { email } = person()
    const line = { email, name: 'Olena', passwordHash: HASH }
    await store(run).import(readImportLine(JSON.stringify(line), server.inside.keyring))
    return (await records.accounts.findOwner(await records.addressTags.of(email)))?.id ?? ''
  }
  const left = async (): Promise<number> => await client.zcard(announced)

  await t.test('an event goes through the outbox of its account, and nothing stays behind', async (t) => {
    const relay = createEventsRelay(client, plain)
    const id = await make(createScripts(client, durably, relay, true))
    t.strictSame(brief(await told(id)), ['account.created'])
    await relay.close()
    t.strictSame([await left(), await client.exists(keys.account(id).events)], [0, 0])
  })

  await t.test('what a process that died did not move is moved by another within seconds, once', async (t) => {
    const dying = createEventsRelay(client, plain)
    const id = await make(createScripts(client, durably, { ...dying, told: () => {} }, true))
    t.equal(await client.llen(keys.account(id).events), 1)
    const others = [createEventsRelay(client, plain), createEventsRelay(client, plain), createEventsRelay(client, plain)]
    await Promise.all(others.map(async ({ sweep }) => { await sweep() }))
    t.equal(await client.llen(keys.account(id).events), 1, 'it may still be at work')
    t.ok((await dying.untoldSeconds()) > 0)
    await ageRecords(client, [announced], 2_000)
    await Promise.all(others.map(async ({ sweep }) => { await sweep() }))
    t.strictSame(brief(await told(id)), ['account.created'])
    t.equal(await left(), 1, 'the change may come late')
    await ageRecords(client, [announced], 60_000)
    await Promise.all(others.map(async ({ sweep }) => { await sweep() }))
    t.equal(await left(), 0)
  })

  await t.test('what could not even be announced is found by the next start', async (t) => {
    const id = await make(createScripts(client, durably, { announce: async () => 'unheard', told: () => {} }, true))
    await createEventsRelay(client, plain).sweep('all')
    t.strictSame(brief(await told(id)), ['account.created'])
  })

  await t.test('a move that was cut off between its steps tells nothing twice', async (t) => {
    const id = await make(createScripts(client, durably, { announce: async () => 'x', told: () => {} }, true))
    const entries = await client.lrange(keys.account(id).events, 0, -1)
    const relay = createEventsRelay(client, plain)
    await relay.sweep('all')
    await client.rpush(keys.account(id).events, ...entries)
    await relay.sweep('all')
    t.strictSame(brief(await told(id)), ['account.created'])
    t.equal(await client.zscore(moved, id), entries[0]?.split(' ')[0])
  })
})
