import fp from 'fastify-plugin'
import type { SecretKeys } from '../../src/platform/keyring.ts'
import { openForeign } from '../../src/platform/passwords/foreign-record.ts'
import { createPasswordHasher, type PasswordHasher, type Pepper } from '../../src/platform/passwords/hash.ts'
import { createLeakCheck } from '../../src/platform/passwords/leaked.ts'
import { createPasswordPolicy, type PasswordPolicy } from '../../src/platform/passwords/policy.ts'
import { createAdmission } from '../../src/platform/passwords/admission.ts'
import { createPasswordPool, type PasswordPool, QUEUE_PER_CORE } from '../../src/platform/passwords/pool.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Password work, and how much of it was done, waits and was refused. */
    passwords: PasswordHasher & PasswordPolicy & Pick<PasswordPool, 'metrics'>
  }
  interface FastifyContextConfig {
    /** The route hashes or verifies passwords: while there is no room for that, it answers 503 before it does anything else. */
    worksOnPasswords?: boolean
  }
}

/** Password work, in processes of its own, so that a flood of logins slows nothing else down. */
export default fp(async (fastify) => {
  const { bcryptCost: cost, passwordWorkers: size } = fastify.config
  const pool = fastify.app.passwordPool ?? createPasswordPool({ size, cost, queueLimit: size * QUEUE_PER_CORE, log: fastify.log })
  const [current, ...previous] = fastify.keyring.all.map(toPepper)
  if (!current) throw new Error('There is no SECRET.')
  const { passwordRangeUrl, contextWords } = fastify.config
  const isLeaked = passwordRangeUrl === null
    ? undefined
    : createLeakCheck(passwordRangeUrl, (reason) => {
      fastify.log.warn({ event: 'password.range_away', reason }, 'the range service for leaked passwords gave no answer')
    })
  fastify.decorate('passwords', {
    ...createPasswordHasher({ pool, cost, pepper: { current, previous }, openForeign: (record) => openForeign(fastify.keyring, record) }),
    ...createPasswordPolicy({ pool, isLeaked, contextWords }),
    metrics: pool.metrics
  })
  // The primary tells those of the pool that it shares.
  if (!fastify.app.sharedMetrics) fastify.metrics.watchPasswords(pool.metrics)
  fastify.metrics.watchRefusedPasswords(pool.metrics)
  const admission = createAdmission(pool)
  fastify.addHook('onRoute', (route) => {
    if (route.config?.worksOnPasswords !== true) return
    route.onRequest = [admission.arrive, ...[route.onRequest ?? []].flat()]
    route.handler = admission.inPlace(route.handler)
  })
  fastify.addHook('onClose', async () => await pool.close())
}, { name: 'passwords', dependencies: ['keyring', 'metrics'] })

const toPepper = ({ id, pepper }: SecretKeys): Pepper => ({ kid: id, key: pepper })
