import t from 'tap'
import { keysOf } from '../../src/records/accounts/deletions-store.ts'
import { MERGED_NOTICES } from '../../src/records/notices/notices-store.ts'
import { keys } from '../../src/platform/redis/keys.ts'
import { logIn, person, signUp, startApp, type TestApp } from '../support/app.ts'
import { mailsSettled } from '../support/observe.ts'
import { ageRecords } from '../support/redis.ts'
import { shaped } from '../support/shapes.ts'

const remove = async (browser: { call: Awaited<ReturnType<typeof signUp>>['browser']['call'] }, token: string, id = 'me') =>
  await browser.call('DELETE', `/users/${id}`, undefined, { token })

/** Every key with all that it holds, as text. */
/** All but the log of events: it names ids and nothing else, and must tell others that this one is gone. */
async function dump ({ redis: { client } }: TestApp): Promise<string> {
  const names = (await client.keys('*')).filter((name) => !name.startsWith('{events}'))
  const values = await Promise.all(names.map(async (name) => {
    switch (await client.type(name)) {
      case 'string': return await client.get(name)
      case 'hash': return await client.hgetall(name)
      case 'set': return await client.smembers(name)
      case 'zset': return await client.zrange(name, '0', '-1')
      case 'list': return await client.lrange(name, 0, -1)
      case 'stream': return await client.xrange(name, '-', '+')
    }
  }))
  return JSON.stringify(names.map((name, at) => [name, values[at]]))
}

t.test('nothing of a deleted account is left, and the address can sign up again at once', async (t) => {
  const server = await startApp(t)
  const { who, browser, token, id } = await signUp(server)
  const second = await logIn(server, who)
  await second.browser.post('/auth/login', { email: who.email, password: who.password })
  await server.smtp.code(who.email)
  const trusting = server.browser()
  await trusting.post('/auth/login', { email: who.email, password: who.password })
  await trusting.post('/auth/verify-otp', { otp: await server.smtp.code(who.email), trustDevice: true })
  await browser.post('/users/me/totp', undefined, { token })
  await browser.post('/users/me/email', { email: person().email }, { token })
  await browser.post('/users/me/email/confirm', { otp: '000000' }, { token })
  await server.browser().post('/auth/password/forgot', { email: who.email })
  await server.browser().post('/auth/register', who)
  const rival = server.browser()
  for (let i = 0; i < 5; i++) await rival.post('/auth/login', { email: who.email, password: `guess-${i}` })
  await mailsSettled(server)
  const tag = await server.inside.records.addressTags.of(who.email)
  t.match(await dump(server), id)

  const deleted = await remove(browser, token)
  t.equal(deleted.status, 204)
  t.strictSame([...browser.cookies.keys()], [], 'the browser keeps nothing')
  t.equal((await server.smtp.next(who.email, ({ subject }) => subject.includes('was deleted'))).to, who.email)
  await mailsSettled(server)
  const left = await dump(server)
  t.notMatch(left, id)
  t.notMatch(left, who.email)
  for (const name of await server.redis.client.keys(`*${tag}*`)) {
    t.match(name, /^\{a:[^}]*\}:(throttle|pressure|mails|failures|idempotency|attempts?)(:|$)/, 'of the address only what strangers see')
    t.ok(await server.redis.client.pttl(name) > 0, 'and that goes by itself')
  }

  t.match(
    [(await browser.get('/auth/me', { token })).body['code'], (await second.browser.get('/auth/me', { token: second.token })).body['code']],
    ['SESSION_ENDED', 'SESSION_ENDED']
  )
  t.equal((await second.browser.post('/auth/refresh')).status, 401)
  t.match((await second.browser.post('/auth/verify-otp', { otp: '123456' })).body['code'], 'CHALLENGE_INVALID')
  await second.browser.post('/auth/logout-all', undefined, { token: second.token })
  t.match((await remove(browser, token)).body['code'], 'SESSION_ENDED')
  t.notMatch(await dump(server), id, 'and nothing that is done with its tokens brings it back')

  const fresh = server.browser()
  await fresh.post('/auth/register', who)
  const { subject } = await server.smtp.next(who.email, (mail) => mail.subject.includes('sign-up code'))
  t.match([(await fresh.post('/auth/verify-otp', { otp: subject.slice(0, 6) })).status], [200])
})

t.test('in whatever state an account is, its deletion leaves no key of it, and nothing that comes late makes one', async (t) => {
  const server = await startApp(t)
  const { client } = server.redis
  const once = (n: number) => ({ headers: { 'idempotency-key': `a-random-key-${n}` } })
  const who = person()
  const browser = server.browser()
  await browser.post('/auth/register', who, once(1))
  const verified = await browser.post('/auth/verify-otp', { otp: await server.smtp.code(who.email) }, once(2))
  const [token, { id }] = [String(verified.body['accessToken']), shaped<{ id: string }>(verified.body['user'])]
  await server.browser().post('/auth/register', who)
  await mailsSettled(server)
  const email = person().email
  const change = await browser.post('/users/me/email', { email }, { token })
  const asked = { otp: await server.smtp.code(email), pendingToken: change.body['pendingToken'] }
  t.equal((await browser.post('/users/me/email/confirm', asked, { token })).status, 200)

  const [waiting, resetting] = [server.browser(), server.browser()]
  await waiting.post('/auth/login', { email, password: who.password })
  await resetting.post('/auth/password/forgot', { email })
  await mailsSettled(server)
  t.equal((await remove(browser, token)).status, 204)
  await mailsSettled(server)
  t.strictSame(await client.keys(`*${id}*`), [])

  const late = [
    await waiting.post('/auth/verify-otp', { otp: '123456' }, once(3)),
    await waiting.post('/auth/2fa/resend', {}),
    await resetting.post('/auth/password/reset', { otp: '123456', newPassword: 'wooden-lantern-4f2a91-tide' }, once(4)),
    await browser.call('PUT', '/users/password', { currentPassword: who.password, newPassword: 'x'.repeat(20) }, { token, ...once(5) })
  ]
  t.strictSame(late.map(({ status }) => status), [401, 401, 400, 401])
  await server.inside.records.activity.add(id, { ip: '192.0.2.1', device: '?' }, { event: 'session_ended', result: 'unknown' })
  t.strictSame(await client.keys(`*${id}*`), [], 'not even for a minute')
  const left = await dump(server)
  for (const text of [id, who.email, email]) t.notMatch(left, text)
})

t.test('a deletion is for its owner, after a recent proof, and not for an admin', async (t) => {
  const server = await startApp(t)
  const [a, b] = [await signUp(server), await signUp(server)]
  t.match((await remove(a.browser, a.token, b.id)).body['code'], 'NOT_FOUND')
  await server.redis.client.hset(keys.account(a.id).record, 'role', 'admin')
  t.match((await remove(a.browser, a.token)).body['code'], 'CONFLICT')
  const { sid } = server.inside.tokens.readAccess(a.token)
  await t.rejects(
    server.inside.records.deletions.delete({ accountId: a.id, sid, client: { ip: '', device: '' } }),
    { code: 'CONFLICT' },
    'whoever became one an instant ago'
  )
  t.equal((await a.browser.get('/auth/me', { token: a.token })).status, 200)
  await ageRecords(server.redis.client, '*', 11 * 60_000)
  t.match((await remove(b.browser, b.token)).body['code'], 'REAUTHENTICATION_REQUIRED')
  t.equal((await b.browser.get('/auth/me', { token: b.token })).status, 200)
  await mailsSettled(server)
  t.notOk(server.smtp.mails.some(({ subject }) => subject.includes('deleted')))
})

t.test('of 20 deletions at once one deletes, and one mail is sent', async (t) => {
  const server = await startApp(t)
  const { who, browser, token } = await signUp(server)
  const answers = await Promise.all(Array.from({ length: 20 }, async () => await remove(browser, token)))
  t.equal(answers.filter(({ status }) => status === 204).length, 1)
  t.ok(answers.every(({ status, body }) => status === 204 || body['code'] === 'SESSION_ENDED'))
  await mailsSettled(server)
  t.equal(server.smtp.mails.filter(({ to, subject }) => to === who.email && subject.includes('was deleted')).length, 1)
})

t.test('a deletion that a crash interrupted is finished by its mail', async (t) => {
  const server = await startApp(t)
  const { who, browser, token, id } = await signUp(server)
  const owner = keys.address(await server.inside.records.addressTags.of(who.email)).owner
  const binding = await server.redis.client.hgetall(owner)
  server.smtp.behaviour.mode = 'later'
  t.equal((await remove(browser, token)).status, 204)
  // As if the process had died between the account and its address.
  await server.redis.client.hset(owner, binding)
  server.smtp.behaviour.mode = 'ok'
  await server.smtp.next(who.email, ({ subject }) => subject.includes('was deleted'), 20_000)
  await mailsSettled(server)
  t.notMatch(await dump(server), id)
})

t.test('an address that the account left before a crash goes with the account', async (t) => {
  const server = await startApp(t)
  const { who, browser, token, id } = await signUp(server)
  const { records: { addressBindings, addressTags, emailChanges }, tokens: { readAccess, readPending } } = server.inside
  const email = person().email
  const place = readPending(String((await browser.post('/users/me/email', { email }, { token })).body['pendingToken']))
  const session = { accountId: id, sid: readAccess(token).sid, client: { ip: '', device: '' } }
  const { newTag } = await emailChanges.verifyCode(session, place, await server.smtp.code(email))
  await addressBindings.bind(id, newTag)
  await emailChanges.complete(session, place, await addressTags.of(who.email))
  t.match(await dump(server), new RegExp(`owner.*${id}`), 'the old address was not let go')
  await logIn(server, { ...who, email })
  server.smtp.behaviour.mode = 'refuse'
  t.equal((await remove(browser, token)).status, 204)
  await mailsSettled(server)
  t.notMatch(await dump(server), id, 'also when nobody takes the mail')
})

t.test('every key that an account can have is in the list for its deletion', async (t) => {
  const { record, otherAddresses, fixed, indexed } = keysOf('X')
  // Its events outlive it, until they are in the log.
  const known = [record, otherAddresses, keys.account('X').events, ...fixed, ...indexed.map(({ index }) => index)]
  for (const [name, key] of Object.entries(keys.account('X'))) {
    if (typeof key === 'string') t.ok(known.includes(key), name)
    else if (name === 'notice') for (const notice of MERGED_NOTICES.keys()) t.ok(known.includes(key(notice)), notice)
    else t.ok(indexed.some(({ prefix }) => key('Y') === `${prefix}Y`), name)
  }
})

t.test('an export holds all that is known of an account, no secret, and tells of itself', async (t) => {
  const server = await startApp(t)
  const { who, browser, token, id } = await signUp(server)
  const other = await signUp(server)
  const email = person().email
  await browser.post('/users/me/email', { email }, { token })
  const answer = await browser.get('/users/me/export', { token })
  t.equal(answer.status, 200)
  t.equal(answer.headers['content-disposition'], 'attachment; filename="dvokrok-account.json"')
  t.match(answer.body, {
    profile: { id, email: who.email, name: who.name },
    phone: null,
    knownDevices: 1,
    mailsInLastDay: 1,
    sessions: [{ device: 'Firefox on Linux', amr: ['pwd', 'otp'] }],
    trustedDevices: [],
    attempts: [{ purpose: 'email-change', destination: email }],
    activity: [{ event: 'exported', result: 'ok' }, { event: 'email_change_requested' }, { event: 'sign_up' }]
  })
  const record = await server.redis.client.hgetall(keys.account(id).record)
  t.notMatch(answer.text, String(record['passwordHash']))
  t.notMatch(answer.text, /passwordHash|codeMac|codeSealed|credentialVersion/)
  t.notMatch(answer.text, other.id)
  await ageRecords(server.redis.client, '*', 11 * 60_000)
  t.match((await browser.get('/users/me/export', { token })).body['code'], 'REAUTHENTICATION_REQUIRED')
})
