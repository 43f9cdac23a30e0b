import t from 'tap'
import { Problem } from '../../src/errors.ts'
import { startFlows } from '../support/flows.ts'
import { person } from '../support/app.ts'

const server = await startFlows(t)
const { flows, records, requester, codeOf, principalOf } = server

const typed = (otp: string) => ({ otp, method: undefined, email: undefined, trustDevice: false })
const asked = ({ name, email, password }: ReturnType<typeof person>) => ({ name, email, password, locale: undefined, captcha: undefined })

async function startSignUp (who = person()) {
  const { challenge, userId } = await flows.signUp.start(requester(), asked(who))
  return { who, userId, pending: server.tokens.readPending(challenge.pendingToken), otp: await codeOf(challenge.pendingToken) }
}

async function signUp (who = person()) {
  const { pending, otp, userId } = await startSignUp(who)
  const { grant } = await flows.login.verifyOtp(requester(), pending, typed(otp))
  return { who, id: userId, accessToken: grant.accessToken, principal: await principalOf(grant.accessToken) }
}

/** The codes with which each of many calls at once was refused; 'ok' for one that was not. */
const outcomes = async (calls: Array<Promise<unknown>>): Promise<string[]> => await Promise.all(calls.map(async (call) =>
  await call.then(() => 'ok', (error: unknown) => error instanceof Problem ? error.code : String(error))))

const DEATH = { message: 'the process is gone' }
const sessionsOf = async (id: string): Promise<number> => (await records.sessions.list(id)).length

t.test('a sign-up goes on with the same code after its process died, wherever that was', async (t) => {
  const points = [
    { name: 'before the address was bound', crash: { store: 'registrations', method: 'verifyCode', when: 'before' } },
    { name: 'after the address was bound', crash: { store: 'registrations', method: 'verifyCode', when: 'after' } },
    { name: 'before the account was made', crash: { store: 'registrations', method: 'complete', when: 'before' } }
  ] as const
  for (const { name, crash } of points) {
    const { who, userId, pending, otp } = await startSignUp()
    await t.rejects(server.dyingAt(crash).login.verifyOtp(requester(), pending, typed(otp)), DEATH, name)
    t.equal(await records.accounts.find(userId), null, 'nothing is half done')
    const { grant } = await flows.login.verifyOtp(requester(), pending, typed(otp))
    t.match(grant.user, { id: userId, email: who.email }, name)
    t.equal(await sessionsOf(userId), 1)
  }
})

t.test('a sign-up whose answer was lost is answered again by its Idempotency-Key, and makes one session', async (t) => {
  const { userId, pending, otp } = await startSignUp()
  const repetition = { key: 'k', request: 'verify' }
  const [first, again] = [
    await flows.login.verifyOtp(requester(repetition), pending, typed(otp)),
    await flows.login.verifyOtp(requester(repetition), pending, typed(otp))
  ]
  t.strictSame([first.grant.sid, first.grant.user.id], [again.grant.sid, userId])
  t.equal(await sessionsOf(userId), 1)
  await t.rejects(flows.login.verifyOtp(requester({ ...repetition, request: 'another' }), pending, typed(otp)), {
    code: 'VALIDATION_FAILED'
  })
})

t.test('of thirty sign-ups with one code one wins', async (t) => {
  const { userId, pending, otp } = await startSignUp()
  const found = await outcomes(Array.from({ length: 30 }, async () => await flows.login.verifyOtp(requester(), pending, typed(otp))))
  t.strictSame(found.filter((one) => one === 'ok'), ['ok'])
  t.strictSame(new Set(found), new Set(['ok', 'CHALLENGE_INVALID']))
  t.equal(await sessionsOf(userId), 1)
})

t.test('a change of address goes on with the same code after its process died, wherever that was', async (t) => {
  const points = [
    { store: 'emailChanges', method: 'verifyCode', when: 'after' },
    { store: 'addressBindings', method: 'bind', when: 'before' },
    { store: 'addressBindings', method: 'bind', when: 'after' },
    { store: 'emailChanges', method: 'complete', when: 'before' }
  ] as const
  for (const crash of points) {
    const { who, id, principal } = await signUp()
    const { email } = person()
    const { challenge: { pendingToken } } = await flows.emailChange.start(requester(), principal, email)
    const otp = await codeOf(pendingToken)
    await t.rejects(
      server.dyingAt(crash).emailChange.confirm(requester(), principal, { otp, pendingToken }),
      DEATH,
      `${crash.method} ${crash.when}`
    )
    t.equal((await records.accounts.find(id))?.email, who.email, 'the old address stands until the end')

    t.match(await flows.emailChange.confirm(requester(), principal, { otp, pendingToken }), { id, email })
    t.match(await records.accounts.findOwner(await records.addressTags.of(email)), { id }, 'the new address finds the account')
    t.equal(await records.accounts.findOwner(await records.addressTags.of(who.email)), null, 'the old one finds nobody')
    await t.rejects(flows.emailChange.confirm(requester(), principal, { otp, pendingToken }), { code: 'CHALLENGE_INVALID' }, 'once')
  }
})

t.test('an old address that a dead process could not let go of finds nobody, and is free for a sign-up later', async (t) => {
  const { who, id, principal } = await signUp()
  const { email } = person()
  const { challenge: { pendingToken } } = await flows.emailChange.start(requester(), principal, email)
  const otp = await codeOf(pendingToken)
  const dying = server.dyingAt({ store: 'emailChanges', method: 'complete', when: 'after' })
  await t.rejects(dying.emailChange.confirm(requester(), principal, { otp, pendingToken }), DEATH)
  t.equal((await records.accounts.find(id))?.email, email)
  t.equal(await records.accounts.findOwner(await records.addressTags.of(who.email)), null)
  t.equal(await records.addressBindings.isTaken(await records.addressTags.of(who.email)), false)
})

t.test('of two accounts that change to one address at once, one gets it', async (t) => {
  const { email } = person()
  const changes = await Promise.all([signUp(), signUp()].map(async (made) => {
    const { id, principal } = await made
    const { challenge: { pendingToken } } = await flows.emailChange.start(requester(), principal, email)
    return { id, principal, typed: { otp: await codeOf(pendingToken), pendingToken } }
  }))
  const found = await outcomes(changes.map(async ({ principal, typed }) => await flows.emailChange.confirm(requester(), principal, typed)))
  t.equal(found.filter((one) => one === 'ok').length, 1)
  const owner = await records.accounts.findOwner(await records.addressTags.of(email))
  t.ok(changes.some(({ id }) => id === owner?.id))
})

t.test('a reset: a refused password leaves the code, a right one spends it, also among thirty at once', async (t) => {
  const { who, id } = await signUp()
  const { pendingToken } = await flows.passwordReset.start(requester(), { email: who.email, captcha: undefined, pendingToken: undefined })
  const pending = server.tokens.readPending(pendingToken)
  const otp = await codeOf(pendingToken)
  await t.rejects(flows.passwordReset.finish(requester(), pending, { otp, newPassword: 'password' }), { code: 'PASSWORD_WEAK' })
  t.equal(await sessionsOf(id), 1, 'nothing has ended')

  const passwords = Array.from({ length: 30 }, (_, n) => `a-copper-kettle-${n}-on-the-stove`)
  const found = await outcomes(
    passwords.map(async (newPassword) => await flows.passwordReset.finish(requester(), pending, { otp, newPassword }))
  )
  t.strictSame(found.filter((one) => one === 'ok'), ['ok'])
  const right = passwords[found.indexOf('ok')] ?? ''
  t.equal(await sessionsOf(id), 0, 'every session has ended')

  const logIn = async (password: string) => await flows.login.login(requester(), {
    email: who.email, password, captcha: undefined, token: undefined, method: undefined, pendingToken: undefined
  })
  t.match(await logIn(right), { kind: 'second-step' }, 'and the second step is asked')
  await t.rejects(logIn(who.password), { code: 'CREDENTIALS_INVALID' })
})

t.test('a reset that dies before the password is set can be finished with the same code', async (t) => {
  const { who } = await signUp()
  const { pendingToken } = await flows.passwordReset.start(requester(), { email: who.email, captcha: undefined, pendingToken: undefined })
  const [pending, otp] = [server.tokens.readPending(pendingToken), await codeOf(pendingToken)]
  const newPassword = 'a-copper-kettle-on-the-stove'
  const dying = server.dyingAt({ store: 'credentials', method: 'resetPassword', when: 'before' })
  await t.rejects(dying.passwordReset.finish(requester(), pending, { otp, newPassword }), DEATH)
  t.strictSame(await flows.passwordReset.finish(requester(), pending, { otp, newPassword }), { locale: 'en' })
  t.ok(server.mails.some((job) => job.kind === 'notice' && job.notice === 'passwordReset'), 'its owner is told')
})
