import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { newAdmin } from '../support/admin.ts'
import { logIn, person, signUp, startApp, type TestApp } from '../support/app.ts'
import { mailsSettled } from '../support/observe.ts'
import { shaped } from '../support/shapes.ts'
import { isLong } from '../support/under-traffic.ts'

type Admin = Awaited<ReturnType<typeof newAdmin>>

const HOUR = 3_600_000
const PEOPLE = isLong ? 1_000 : 200
const patience = { timeout: isLong ? 1_200_000 : 240_000 }
const password = 'paper-lantern-under-4711-bridges'

const invite = async ({ browser, token }: Admin, body: object, headers: Record<string, string> = {}) =>
  await browser.call('POST', '/admin/users', body, { token, headers })
const idOf = ({ body }: { body: Record<string, unknown> }): string => shaped<{ id: string }>(body['user']).id
const linkIn = (text: string): string => /http:\/\/localhost:3000\/invitation#([\w-]+)/.exec(text)?.[1] ?? ''
const linkOf = async (server: TestApp, email: string): Promise<string> =>
  linkIn((await server.smtp.next(email, ({ text }) => linkIn(text) !== '')).text)
const accept = async (server: TestApp, token: string, more: object = {}, headers: Record<string, string> = {}) =>
  await server.browser().call('POST', '/auth/invitation/accept', { token, name: 'Olena', password, ...more }, { headers })

t.test('who is invited chooses name and password by the link, and signs in with the second step', async (t) => {
  const server = await startApp(t, { env: { ROLES: 'editor' } })
  const admin = await newAdmin(server)
  const { email } = person()
  const answer = await invite(admin, { email: email.toUpperCase(), locale: 'uk', roles: ['editor'], claims: { plan: 'team' } })
  t.match([answer.status, answer.body], [201, {
    user: { email, status: 'invited', role: 'user', roles: ['editor'], claims: { plan: 'team' }, locale: 'uk' },
    invitation: { expiresAt: String }
  }])
  const { expiresAt } = shaped<{ expiresAt: string }>(answer.body['invitation'])
  t.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 72 * HOUR) < 60_000)

  const mail = await server.smtp.next(email)
  t.match(mail.subject, /запрошено/)
  const token = linkIn(mail.text)
  t.match(mail.html, new RegExp(`href="http://localhost:3000/invitation#${token}"`))
  const everything = JSON.stringify(await Promise.all(['record', 'activity'].map(async (name) =>
    name === 'record' ? await server.redis.client.hgetall(keys.account(idOf(answer)).record) : '')))
  t.notMatch(everything, token, 'no copy of Redis holds the link')
  t.notMatch(server.logs.join('\n'), token)

  t.match(await server.browser().post('/auth/invitation', { token }), { status: 200, body: { email, name: '', locale: 'uk', expiresAt } })
  t.match((await accept(server, token, { name: ' ' })).body['code'], 'VALIDATION_FAILED')
  t.match((await accept(server, token, { password: 'short' })).body['code'], 'PASSWORD_WEAK', 'the link is not spent by it')
  const accepted = await accept(server, token)
  t.match([accepted.status, accepted.body], [200, { email, message: /готовий/ }])
  t.strictSame([accepted.headers['set-cookie'], accepted.body['accessToken']], [undefined, undefined], 'it signs nobody in')
  t.match((await accept(server, token)).body['code'], 'CHALLENGE_INVALID', 'once')
  t.match((await server.browser().post('/auth/invitation', { token })).body['code'], 'CHALLENGE_INVALID')

  const { verified } = await logIn(server, { name: 'Olena', email, password })
  t.match(verified.body, { user: { name: 'Olena', status: 'active', roles: ['editor'], claims: { plan: 'team' } } })
  t.match((await admin.browser.get(`/admin/users/${idOf(answer)}/activity`, { token: admin.token })).body, {
    items: [{ event: 'login' }, {}, { event: 'invitation_accepted', actor: 'self' }, { event: 'invited', actor: 'admin' }]
  })
})

t.test('many who accept at once are one', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { email } = person()
  await invite(admin, { email })
  const token = await linkOf(server, email)
  const all = Array.from({ length: 20 }, async (_, i) => await accept(server, token, { password: `${password}-${i}` }))
  const answers = await Promise.all(all)
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  // A password that would wait too long on a busy machine is refused unhashed.
  const refused = answers.filter(({ status }) => status !== 200)
  for (const { body } of refused) t.match(body['code'], /^(?:CHALLENGE_INVALID|SERVICE_UNAVAILABLE)$/)
})

t.test('a taken and an invited address are told to admins; a new link ends the older one; a revoked one opens nothing', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { who, id } = await signUp(server)
  t.match((await invite(admin, { email: who.email })).body['code'], 'CONFLICT')
  const { email } = person()
  const invited = idOf(await invite(admin, { email }))
  t.match((await invite(admin, { email })).body['code'], 'CONFLICT')
  const first = await linkOf(server, email)
  const renewed = await admin.browser.post(`/admin/users/${invited}/invite`, undefined, { token: admin.token })
  t.match([renewed.status, renewed.body], [200, { user: { status: 'invited' }, invitation: { expiresAt: String } }])
  const second = await linkOf(server, email)
  t.not(first, second)
  t.equal((await accept(server, first)).status, 401)
  t.equal((await admin.browser.post(`/admin/users/${id}/invite`, undefined, { token: admin.token })).body['code'], 'CONFLICT')
  for (const change of [{ status: 'active' }, { status: 'disabled' }, { role: 'admin' }, { email: person().email }]) {
    const { body } = await admin.browser.call('PATCH', `/admin/users/${invited}`, change, { token: admin.token })
    t.equal(body['code'], 'CONFLICT', JSON.stringify(change))
  }

  t.equal((await admin.browser.call('DELETE', `/admin/users/${invited}`, undefined, { token: admin.token })).status, 204)
  t.equal((await accept(server, second)).status, 401)
  await signUp(server, { ...person(), email })
})

t.test('a link ends after 72 hours', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { email } = person()
  const id = idOf(await invite(admin, { email }))
  const token = await linkOf(server, email)
  const { record } = keys.account(id)
  const endsAt = Number(await server.redis.client.hget(record, 'inviteEndsAt'))
  await server.redis.client.hset(record, 'inviteEndsAt', endsAt - 72 * HOUR - 1)
  t.equal((await accept(server, token)).status, 401)
  t.equal((await server.browser().post('/auth/invitation', { token })).status, 401)
})

t.test('nobody learns from outside that an address is invited', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { email } = person()
  const unknown = person().email
  const id = idOf(await invite(admin, { email }))
  await linkOf(server, email)
  const shapeOf = async (path: string, body: (address: string) => object) => await Promise.all([email, unknown].map(async (address) => {
    const { status, body: answer, headers } = await server.browser().post(path, body(address))
    return [status, Object.keys(answer).sort(), answer['code'], Object.keys(headers).sort()]
  }))
  const ways: Array<[string, (address: string) => object]> = [
    ['/auth/login', (address) => ({ email: address, password })],
    ['/auth/password/forgot', (address) => ({ email: address })],
    ['/auth/register', (address) => ({ name: 'X', email: address, password })]
  ]
  for (const [path, body] of ways) {
    const [invited, stranger] = await shapeOf(path, body)
    t.strictSame(invited, stranger, path)
  }
  // Whoever signs up with it all the same gets the link once more, which still works.
  t.equal((await accept(server, await linkOf(server, email))).status, 200)
  t.equal(await server.redis.client.hget(keys.account(id).record, 'status'), 'active')
})

t.test('with REGISTRATION=invite nobody signs up, and who is invited does', async (t) => {
  const server = await startApp(t, { env: { REGISTRATION: 'invite' } })
  const closed = await server.browser().post('/auth/register', person())
  t.match([closed.status, closed.body['code']], [403, 'REGISTRATION_CLOSED'])
  for (const [locale, title] of [['uk', /запрошенням/], ['ru', /приглашению/], ['en', /invitation/]] as const) {
    const { body } = await server.browser().call('POST', '/auth/register', person(), { headers: { 'accept-language': locale } })
    t.match(body['title'], title)
  }
})

t.test('the same invitation with the same key is made once, also when its server died in between', async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const { email } = person()
  const headers = { 'idempotency-key': 'the-same-invitation' }
  const answers = await Promise.all(Array.from({ length: 20 }, async () => await invite(admin, { email }, headers)))
  t.ok(answers.every(({ status }) => status === 201 || status === 409))
  const again = await invite(admin, { email }, headers)
  t.equal(again.status, 201)
  await linkOf(server, email)
  const { items } = shaped<{ items: Array<{ action: string }> }>((await admin.browser.get('/admin/activity', { token: admin.token })).body)
  t.equal(items.filter(({ action }) => action === 'invited').length, 1)

  // As if the process had died after the account and before the mail.
  const { addressTags } = server.inside.records
  const { idempotency } = keys.address(await addressTags.of(email))
  const [field = '', entry = ''] = Object.entries(await server.redis.client.hgetall(idempotency))[0] ?? []
  const { outcome: _outcome, ...open } = shaped<Record<string, unknown>>(JSON.parse(entry))
  await server.redis.client.hset(idempotency, field, JSON.stringify({ ...open, turnEnds: 0 }))
  const afterCrash = await invite(admin, { email }, headers)
  t.match([afterCrash.status, idOf(afterCrash)], [201, idOf(again)])
  t.equal((await accept(server, await linkOf(server, email))).status, 200)
})

t.test('invitations of many, with the mail server away for a while: none is lost, none comes twice', patience, async (t) => {
  const server = await startApp(t)
  const admin = await newAdmin(server)
  const people = Array.from({ length: PEOPLE }, (_, i) => `person.${i}@example.org`)
  server.smtp.behaviour.mode = 'later'
  for (const [i, email] of people.entries()) {
    if (i === PEOPLE / 2) server.smtp.behaviour.mode = 'ok'
    if ((await invite(admin, { email })).status !== 201) t.fail(email)
  }
  for (const email of people) t.ok(await linkOf(server, email))
  await mailsSettled(server)
  const sent = server.smtp.mails.filter(({ subject }) => subject.includes('invited'))
  t.equal(sent.length, PEOPLE)
})
