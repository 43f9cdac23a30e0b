import fp from 'fastify-plugin'
import { createAccountsStore, type AccountsStore } from '../src/records/accounts/accounts-store.ts'
import { createPasswordCheck, type CheckPassword } from '../src/flows/password-check.ts'
import { createAddressTags, type AddressTags } from '../src/records/accounts/address-tags.ts'
import { isRedisAway } from '../src/platform/redis/errors.ts'
import { createThrottleStore } from '../src/records/throttling/throttling-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    accounts: AccountsStore
    addressTags: AddressTags
    checkPassword: CheckPassword
  }
}

/** Accounts: found by address, proven by password. */
export default fp(async (fastify) => {
  const tags = createAddressTags(fastify.runScript, fastify.keyring)
  const accounts = createAccountsStore(fastify.redis, fastify.runScript, tags)
  fastify.decorate('addressTags', tags)
  fastify.decorate('accounts', accounts)
  fastify.decorate('checkPassword', createPasswordCheck({
    tags,
    accounts,
    throttle: createThrottleStore(fastify.runScript),
    hasher: fastify.passwords,
    pressure: fastify.pressure,
    requireCaptcha: fastify.requireCaptcha,
    onRehashFailed: (error) => fastify.log.warn({ event: 'password.rehash_failed', reason: String(error) }, 'a password could not be rehashed')
  }))
  // With Redis away the first request that needs the key loads it; a Redis of another SECRET stops the start.
  await tags.load().catch((error) => { if (!isRedisAway(error)) throw error })
}, { name: 'accounts', dependencies: ['redis', 'keyring', 'passwords', 'captcha'] })
