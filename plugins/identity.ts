import fp from 'fastify-plugin'
import { type AddressBindingsStore, createAddressBindingsStore } from '../src/records/accounts/address-bindings-store.ts'
import { createDeletionsStore, type DeletionsStore } from '../src/records/accounts/deletions-store.ts'
import { createEmailChangesStore, type EmailChangesStore } from '../src/records/contacts/email-changes-store.ts'
import { createPhonesStore, type PhonesStore } from '../src/records/contacts/phones-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    addressBindings: AddressBindingsStore
    emailChanges: EmailChangesStore
    phones: PhonesStore
    deletions: DeletionsStore
  }
}

/** Where an account is reached, and its end. */
export default fp(async (fastify) => {
  const { redis, runScript, keyring, accounts, addressTags, challenges, challengeRules } = fastify
  const bindings = createAddressBindingsStore(redis, runScript, accounts, challengeRules)
  fastify.decorate('addressBindings', bindings)
  fastify.decorate('emailChanges', createEmailChangesStore(runScript, keyring, challenges, bindings))
  fastify.decorate('phones', createPhonesStore(runScript, keyring, challenges))
  fastify.decorate('deletions', createDeletionsStore(runScript, addressTags, bindings))
}, { name: 'identity', dependencies: ['redis', 'keyring', 'accounts', 'challenges'] })
