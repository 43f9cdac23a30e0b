import fp from 'fastify-plugin'
import type { User } from '../src/records/accounts/account.ts'
import { createCredentialsStore, type CredentialsStore, type NewPassword } from '../src/records/accounts/credentials-store.ts'
import { now } from '../src/platform/clock.ts'
import { Problem } from '../src/errors.ts'
import { sentences } from '../src/platform/locales/index.ts'
import type { Notice, SealedNotice } from '../src/flows/mail-jobs.ts'
import type { AddOptions } from '../src/platform/mail/outbox.ts'
import { sealReader } from '../src/flows/sealed-reader.ts'
import { MIN_PASSWORD_LENGTH } from '../src/platform/passwords/policy.ts'
import { refusalMessage } from '../src/platform/passwords/refusal-message.ts'
import { createResetsStore, type ResetsStore } from '../src/records/registrations/resets-store.ts'

interface Owner { email: string, name: string, isTwoFactorEnabled: boolean }

declare module 'fastify' {
  interface FastifyInstance {
    credentials: CredentialsStore
    resets: ResetsStore
    /** Refuses a new password that is too weak for this owner, at `path` of the body. @throws Problem PASSWORD_WEAK */
    requireStrongPassword: (request: FastifyRequest, path: string, password: string, owner: Owner) => Promise<void>
    newPassword: (password: string) => Promise<NewPassword>
    /** Mails an account's owner what was done. */
    notifyOwner: (request: FastifyRequest, accountId: string, notice: Notice) => Promise<void>
    /** Mails the address that this person has (or had until now), whatever becomes of the account. Rejects when it cannot. */
    notifyAddress: (request: FastifyRequest, person: User, notice: SealedNotice, options?: AddOptions) => Promise<void>
  }
}

/** Passwords and switches: what makes a new one acceptable, and what follows when it is set. */
export default fp(async (fastify) => {
  const { runScript, keyring, challengeRules, passwords, config } = fastify
  fastify.decorate('credentials', createCredentialsStore(runScript))
  fastify.decorate('resets', createResetsStore(runScript, keyring, challengeRules))

  fastify.decorate('requireStrongPassword', async (request, path, password, { email, name, isTwoFactorEnabled }) => {
    const minLength = isTwoFactorEnabled || config.twoFactorRequired ? MIN_PASSWORD_LENGTH.withSecondStep : MIN_PASSWORD_LENGTH.alone
    const weakness = await passwords.checkPassword(password, { minLength, ownWords: [email, name] })
    if (!weakness) return
    const message = refusalMessage(weakness, sentences(fastify.localeOf(request)).validation)
    throw new Problem('PASSWORD_WEAK', { errors: [{ path, message }] })
  })

  fastify.decorate('newPassword', async (password) => ({
    record: await passwords.hash(password),
    isLong: Array.from(password.normalize('NFC')).length >= MIN_PASSWORD_LENGTH.alone
  }))

  fastify.decorate('notifyOwner', async (request, accountId, notice) => {
    await fastify.mailer.notify({ kind: 'notice', notice, accountId, client: fastify.clientOf(request), at: now() })
  })

  fastify.decorate('notifyAddress', async (request, { id, email, name, locale }, notice, options) => {
    const reader = sealReader(keyring, id, { to: email, name, locale })
    await fastify.mailer.send({ kind: 'sealed-notice', notice, accountId: id, reader, client: fastify.clientOf(request), at: now() }, options)
  })
}, { name: 'credentials', dependencies: ['challenges', 'passwords', 'mailer', 'client'] })
