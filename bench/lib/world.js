import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import bcrypt from 'bcrypt'
import { createSigner } from 'fast-jwt'
import { accessClaims } from '../../dist/src/flows/tokens.js'
import { readSigningKeys } from '../../dist/src/platform/tokens/signing-keys.js'
import { keepCode, sealChallengeRef } from '../../dist/src/records/challenges/challenge.js'
import { createChallengesStore } from '../../dist/src/records/challenges/challenges-store.js'
import { hashToken } from '../../dist/src/platform/ids.js'
import { createKeyring, mac } from '../../dist/src/platform/keyring.js'
import { createAddressTags } from '../../dist/src/records/accounts/address-tags.js'
import { keys } from '../../dist/src/platform/redis/keys.js'
import { createReplicas } from '../../dist/src/platform/redis/replicas.js'
import { createScripts } from '../../dist/src/platform/redis/script.js'
import { createAccount } from '../../dist/src/records/registrations/registration-scripts.js'
import { createRegistrationsStore } from '../../dist/src/records/registrations/registrations-store.js'
import { formatServiceKey } from '../../dist/src/records/service-keys/service-key.js'
import { createServiceKeysStore } from '../../dist/src/records/service-keys/service-keys-store.js'
import { createSessionsStore } from '../../dist/src/records/sessions/sessions-store.js'
import { makeRefreshToken } from '../../dist/src/records/sessions/generation-token.js'
import { SECRET } from './machine.js'
import { command, pipe } from './seed.js'

export const ISSUER = 'http://localhost:3000'
export const PASSWORD = 'wooden-lantern-tide'
export const CODE = '123456'
export const TTL_SECONDS = 3600
const DAY_MS = 86_400_000
export const IDLE_MS = 7 * DAY_MS
export const ABSOLUTE_MS = 30 * DAY_MS
const CODE_LIFE_MS = 10 * 60_000
const SIGN_UPS_AT_ONCE = 100
const client = { ip: '203.0.113.77', device: 'Firefox on Linux' }

const idOf = (kind, n) => createHash('md5').update(`${kind} ${n}`).digest('base64url')
export const emailOf = (n) => `person.${String(n).padStart(7, '0')}@example.org`
export const accountOf = (n) => idOf('account', n)
/** The `k`th session of the `n`th account. */
export const sessionOf = (n, k = 0) => idOf(`session ${k}`, n)
export const attemptOf = (n, series) => idOf(`attempt ${series}`, n)
export const deviceOf = (n) => createHash('sha256').update(`device ${n}`).digest('base64url')

export const keyring = createKeyring(SECRET)

/** Accounts, sessions and attempts as the server's own scripts write them: one is made by the scripts, the others are its copies. */
export async function createWorld (machine, redis, { bcryptCost = 10, issuer = ISSUER } = {}) {
  const run = createScripts(redis.client, createReplicas(redis.client, 0).durably)
  const tags = createAddressTags(run, keyring)
  await tags.load()
  const sessions = createSessionsStore(redis.client, run, { perAccount: 50, idleMs: IDLE_MS, absoluteMs: ABSOLUTE_MS, epochMs: 0 }, (sid) =>
    mac(keyring.current.device, sid)
  )
  const passwordRecord =
    keyring.current.id + bcrypt.hashSync(createHmac('sha384', keyring.current.pepper).update(PASSWORD).digest('base64'), bcryptCost)

  const model = accountOf(-1)
  const key = keys.account(model)
  const draft = sessions.draft({ accountId: model, amr: ['pwd', 'otp'], client })
  const person = { email: emailOf(0), name: 'Olena 0000000', passwordHash: passwordRecord, isLong: true, locale: 'en' }
  await run(
    createAccount,
    { account: key.record, ...draft.keys },
    { provenAt: Date.now(), bindingLifeMs: 60_000, ...person, ...draft.args }
  )
  const read = async (name) => ({ fields: Object.entries(await redis.client.hgetall(name)), ttl: await redis.client.pttl(name) })
  const account = await read(key.record)
  const session = await read(draft.keys.session)
  const ttl = {
    sessions: await redis.client.pttl(key.sessions),
    devices: await redis.client.pttl(key.devices),
    activity: await redis.client.pttl(key.activity)
  }
  const [[, event]] = await redis.client.xrange(key.activity, '-', '+')
  const rules = {
    codeLength: 6,
    loginCodeTtlMs: CODE_LIFE_MS,
    signUpCodeTtlMs: CODE_LIFE_MS,
    resendIntervalMs: 60_000,
    maxAttempts: 5,
    dailyFailures: 20,
    mailsPerHour: 10,
    mailsPerDay: 30
  }
  const challenges = createChallengesStore(run, keyring, rules)
  const challenge = await challenges.open({
    purpose: 'login',
    account: { id: model, credentialVersion: '1' },
    addressTag: await tags.of(emailOf(0)),
    channel: 'email',
    client,
    event: 'password'
  })
  const attempt = await read(key.attempt(challenge.attemptId))
  await redis.client.del(...await redis.client.keys(`{u:${model}}*`))

  const signAccess = signerOf(machine)
  const signPending = createSigner({
    key: keyring.current.pending,
    algorithm: 'HS256',
    kid: keyring.current.id,
    header: { alg: 'HS256', typ: 'pending+jwt' }
  })

  function * accountCommands (n, sessionsEach, tag) {
    const now = Date.now()
    const key = keys.account(accountOf(n))
    const own = { email: emailOf(n), name: `Olena ${String(n).padStart(7, '0')}` }
    yield command('HSET', key.record, ...account.fields.flatMap(([name, value]) => [name, own[name] ?? value]))
    yield command('HSET', keys.address(tag).owner, 'accountId', accountOf(n), 'boundAt', now)
    for (let k = 0; k < sessionsEach; k++) {
      const sid = sessionOf(n, k)
      yield command('HSET', key.session(sid), ...session.fields.flat())
      yield command('PEXPIRE', key.session(sid), session.ttl)
      yield command('ZADD', key.sessions, now - k, sid)
    }
    yield command('PEXPIRE', key.sessions, ttl.sessions)
    yield command('ZADD', key.devices, now, hashToken(deviceOf(n)))
    yield command('PEXPIRE', key.devices, ttl.devices)
    yield command('XADD', key.activity, '*', ...event)
    yield command('PEXPIRE', key.activity, ttl.activity)
  }

  return {
    /** Accounts `from` to `to`, with their indices. */
    async addAccounts (from, to, sessionsEach = 1) {
      for (let start = from; start < to; start += 50_000) {
        const end = Math.min(to, start + 50_000)
        const tagOf = await Promise.all(Array.from({ length: end - start }, (_, i) => tags.of(emailOf(start + i))))
        await pipe(redis.path, (function * () {
          for (let n = start; n < end; n++) yield * accountCommands(n, sessionsEach, tagOf[n - start])
        })())
      }
    },

    /** A running login attempt for each of these accounts, whose code is CODE, and their device known. */
    async addAttempts (from, to, series) {
      const now = Date.now()
      await pipe(redis.path, (function * () {
        for (let n = from; n < to; n++) {
          const key = keys.account(accountOf(n))
          const attemptId = attemptOf(n, series)
          const own = { ...keepCode(keyring, attemptId, CODE), createdAt: now, codeExpiresAt: now + CODE_LIFE_MS, resendAt: now }
          yield command('HSET', key.attempt(attemptId), ...attempt.fields.flatMap(([name, value]) => [name, own[name] ?? value]))
          yield command('PEXPIRE', key.attempt(attemptId), attempt.ttl)
          yield command('ZADD', key.attempts, now + attempt.ttl, attemptId)
          yield command('PEXPIRE', key.attempts, attempt.ttl)
          yield command('ZADD', key.devices, now, hashToken(deviceOf(n)))
        }
      })())
    },

    /** A sign-up for each of these addresses, and the mail with its code in the outbox. */
    async addSignUps (outbox, from, to, codeLifeMs = CODE_LIFE_MS) {
      const registrations = createRegistrationsStore(run, keyring, { ...rules, signUpCodeTtlMs: codeLifeMs })
      const addOne = async (n) => {
        const addressTag = await tags.of(emailOf(n))
        const registration = { ...person, accountId: accountOf(n), email: emailOf(n), locale: 'uk' }
        const attempt = await registrations.open({ addressTag, staleAccountId: '', registration, client })
        await outbox.add({ kind: 'code', ...attempt, mailNo: 1 })
      }
      for (let n = from; n < to; n += SIGN_UPS_AT_ONCE) {
        await Promise.all(Array.from({ length: Math.min(SIGN_UPS_AT_ONCE, to - n) }, (_, i) => addOne(n + i)))
      }
    },

    /** As if these sessions had never been refreshed. */
    async rewindSessions (from, to, sessionsEach = 1) {
      const now = Date.now()
      await pipe(redis.path, (function * () {
        for (let i = 0; i < to - from; i++) {
          const n = from + Math.floor(i / sessionsEach)
          yield command('HSET', keys.account(accountOf(n)).session(sessionOf(n, i % sessionsEach)), 'gen', 1, 'turnedAt', now)
        }
      })())
    },

    accessToken: (n, k = 0) => {
      const now = Math.floor(Date.now() / 1000)
      const session = { user: { id: accountOf(n) }, sid: sessionOf(n, k), amr: ['pwd', 'otp'], authTime: now }
      return signAccess(accessClaims(session, { issuer, audience: issuer, ttlSeconds: TTL_SECONDS }))
    },
    refreshToken: (n, generation, k = 0) => makeRefreshToken(keyring, { accountId: accountOf(n), sid: sessionOf(n, k), generation }),
    pendingToken: (n, series, { purpose = 'login', method = 'email' } = {}) => {
      const now = Math.floor(Date.now() / 1000)
      const attemptId = attemptOf(n, series)
      const cid = sealChallengeRef(keyring, { purpose, ownerKey: accountOf(n), attemptId })
      return signPending({
        iss: issuer,
        aud: `${issuer}/pending`,
        cid,
        purpose,
        method,
        jti: attemptId,
        iat: now,
        exp: now + 1800,
        '2fa': false
      })
    },
    /** What another service brings. */
    serviceKey: async (...scopes) => formatServiceKey(await createServiceKeysStore(redis.client, run).add('bench', scopes)),
    tags,
    sample: { account: model, attempt }
  }
}

function signerOf (machine) {
  const [key] = readSigningKeys(readFileSync(machine.signingKeysPath, 'utf8'))
  return createSigner({ key: key.privatePem, algorithm: 'EdDSA', kid: key.kid, header: { alg: 'EdDSA', typ: 'at+jwt' } })
}
