import { createSigner, createVerifier } from 'fast-jwt'
import { composeFlows, type Flows } from '../../plugins/flows.ts'
import { createRecords, type Records } from '../../src/records.ts'
import type { MailJob } from '../../src/flows/mail-jobs.ts'
import type { Principal, Repetition, Requester } from '../../src/flows/requester.ts'
import { createTokens } from '../../src/flows/tokens.ts'
import { loadConfig } from '../../src/platform/config/config.ts'
import { createKeyring } from '../../src/platform/keyring.ts'
import { createMetrics } from '../../src/platform/metrics/metrics.ts'
import { createPasswordHasher } from '../../src/platform/passwords/hash.ts'
import { createPasswordPolicy } from '../../src/platform/passwords/policy.ts'
import { createPasswordPool } from '../../src/platform/passwords/pool.ts'
import { createReplicas } from '../../src/platform/redis/replicas.ts'
import { createScripts } from '../../src/platform/redis/script.ts'
import { SECRET } from './app.ts'
import { startRedis } from './redis.ts'
import { shaped } from './shapes.ts'

interface Ending { teardown: (fn: () => unknown) => unknown }

/** Where a flow dies: the named method of a store is not reached, or its answer is lost. */
export interface Crash { store: keyof Records, method: string, when: 'before' | 'after' }

/** Every flow on a real Redis, without a server: what the mailer is given is in `mails`. */
export async function startFlows (t: Ending) {
  const { client: redis } = await startRedis(t)
  const config = loadConfig({
    BCRYPT_COST: '10', REDIS_URL: 'redis://nowhere', SMTP_URL: 'smtp://nowhere', MAIL_FROM: 'server@example.org', CAPTCHA_AFTER: '0'
  })
  const keyring = createKeyring(SECRET)
  const pool = createPasswordPool({ cost: config.bcryptCost, queueLimit: 64, size: 1 })
  t.teardown(async () => { await pool.close() })
  const { durably } = createReplicas(redis, 0)
  const records = createRecords({ redis, database: { run: createScripts(redis, durably) }, keyring, config })
  await records.addressTags.load()

  const [key] = [keyring.current.pending]
  const verifier = createVerifier({ key, algorithms: ['HS256'] })
  const jwt = {
    signer: (typ: string, kid: string) => createSigner({ key, algorithm: 'HS256', header: { alg: 'HS256', typ, kid } }),
    verify: <Claims>(token: string) => shaped<Claims>(verifier(token))
  }
  const tokens = createTokens({ jwt, keyring, rules: records.challengeRules, accessKid: 'test', ...config })
  const mails: MailJob[] = []
  const send = async (job: MailJob): Promise<void> => { mails.push(job) }
  const { current, all } = keyring
  const pepper = {
    current: { kid: current.id, key: current.pepper },
    previous: all.slice(1).map(({ id, pepper }) => ({ kid: id, key: pepper }))
  }
  const passwords = {
    ...createPasswordHasher({ pool, cost: config.bcryptCost, pepper }),
    ...createPasswordPolicy({ pool }),
    metrics: pool.metrics
  }
  const silent = { info: () => {}, warn: () => {} }
  const compose = (over: Records): Flows => composeFlows({
    config,
    keyring,
    passwords,
    tokens,
    records: over,
    metrics: createMetrics(),
    mailer: { send, notify: send },
    log: silent
  })

  return {
    redis,
    records,
    tokens,
    mails,
    flows: compose(records),

    /** The same flows, of a process that dies once at this point. */
    dyingAt: ({ store, method, when }: Crash): Flows => {
      const original: unknown = Reflect.get(records[store], method)
      if (typeof original !== 'function') throw new Error(`${store} has no ${method}`)
      const dying = async (...args: unknown[]): Promise<never> => {
        if (when === 'after') await Reflect.apply(original, records[store], args)
        throw new Error('the process is gone')
      }
      return compose({ ...records, [store]: { ...records[store], [method]: dying } })
    },

    requester: (repetition: Repetition | null = null): Requester => ({
      client: { ip: '192.0.2.1', device: 'Firefox on Linux' },
      actor: null,
      source: 'a source of this test',
      locale: 'en',
      deviceToken: undefined,
      trustedToken: undefined,
      repetition,
      log: silent
    }),

    /** The code of a running challenge, which only its mail would tell. */
    codeOf: async (pendingToken: string): Promise<string> => {
      const view = await records.challenges.find(tokens.readPending(pendingToken))
      if (!view?.code) throw new Error('there is no code')
      return view.code
    },

    /** Who the access token names, as the access gate finds it. */
    principalOf: async (accessToken: string): Promise<Principal> => {
      const claims = tokens.readAccess(accessToken)
      const session = await records.sessions.find(claims.sub, claims.sid)
      if (!session) throw new Error('the session has ended')
      return { claims, sid: claims.sid, ...session }
    }
  }
}
