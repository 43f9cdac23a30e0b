import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { createSearchAccounts } from '../src/flows/account-search.ts'
import { createRecordOperation } from '../src/flows/admin-log.ts'
import { createAdministration } from '../src/flows/administration.ts'
import { createAuthenticator } from '../src/flows/authenticator.ts'
import { createCredentialChecks } from '../src/flows/credentials.ts'
import { createExportAccount } from '../src/flows/data-export.ts'
import { createDisownEvent } from '../src/flows/disown.ts'
import { createDeleteAccount } from '../src/flows/deletion.ts'
import { createConfirmEmailLink } from '../src/flows/email-link.ts'
import { createEmailChange } from '../src/flows/email-change.ts'
import { createEvents } from '../src/flows/events.ts'
import { createRunOnce } from '../src/flows/idempotency.ts'
import { createIntrospect } from '../src/flows/introspection.ts'
import { createInvitations } from '../src/flows/invitations.ts'
import { createLogin } from '../src/flows/login.ts'
import type { Mailer } from '../src/flows/mail-jobs.ts'
import { createNewPasswords } from '../src/flows/new-password.ts'
import { createNotices } from '../src/flows/notices.ts'
import { createChangePassword } from '../src/flows/password-change.ts'
import { createPasskeyChecks } from '../src/flows/passkey-checks.ts'
import { createPasskeys } from '../src/flows/passkeys.ts'
import { createPasswordReset } from '../src/flows/password-reset.ts'
import { createPhoneChange } from '../src/flows/phone-change.ts'
import { createChangeProfile } from '../src/flows/profile.ts'
import { createRequireProofOfWork } from '../src/flows/proof-of-work.ts'
import type { Log } from '../src/flows/requester.ts'
import { createReauthentication } from '../src/flows/reauthentication.ts'
import { createSecondStep } from '../src/flows/second-step.ts'
import { createSessionGrants } from '../src/flows/session-grant.ts'
import { createSessions } from '../src/flows/sessions.ts'
import { createSignUp } from '../src/flows/sign-up.ts'
import { createTrustedBrowsers } from '../src/flows/trusted-browsers.ts'
import { createWebAuthn } from '../src/platform/webauthn/webauthn.ts'
import { createCaptcha } from '../src/records/throttling/captcha.ts'

export type Flows = ReturnType<typeof composeFlows>

declare module 'fastify' {
  interface FastifyInstance { flows: Flows }
}

type Parts = Pick<FastifyInstance, 'config' | 'keyring' | 'metrics' | 'passwords' | 'records' | 'tokens'> & { mailer: Mailer, log: Log }

/** Composes every flow once, each from exactly what it names. */
export default fp(async (fastify) => {
  fastify.decorate('flows', composeFlows(fastify))
}, { name: 'flows', dependencies: ['keyring', 'mailer', 'metrics', 'passwords', 'records', 'tokens'] })

export function composeFlows ({ config, keyring, mailer, metrics, passwords, records, tokens, log }: Parts) {
  const isTwoFactorRequired = config.twoFactorRequired
  const hasSms = config.otpWebhook !== null
  const shared = { ...records, keyring, mailer, metrics, passwords, tokens, isTwoFactorRequired, hasSms }
  const notices = createNotices(shared)
  const runOnce = createRunOnce(records.idempotency)
  const looksAfter = { recordOperation: createRecordOperation(records), roles: config.roles, defaultLocale: config.languages.defaultLocale }
  const { captchaAfter: address, captchaAfterSource: source } = config.limits
  const requireProofOfWork = createRequireProofOfWork({ ...records, captcha: createCaptcha(keyring), after: { address, source } })
  const newPasswords = createNewPasswords(shared)
  const grants = createSessionGrants({ ...shared, notices, accessTokenTtlSeconds: config.accessTokenTtlSeconds })
  const secondStep = createSecondStep({ ...shared, rules: records.challengeRules, notices, requireProofOfWork })
  const trustedBrowsers = createTrustedBrowsers({ ...shared, grants, notices })
  const onRehashFailed = (error: unknown): void => {
    log.warn({ event: 'password.rehash_failed', reason: String(error) }, 'a password could not be rehashed')
  }
  const credentials = createCredentialChecks({ ...shared, requireProofOfWork, notices, onRehashFailed })
  const webAuthn = createWebAuthn({ ...config.passkeys, rpName: config.brand.name })
  const passkeyChecks = createPasskeyChecks({ ...shared, notices, webAuthn })
  const reauthentication = createReauthentication({ ...shared, passkeyChecks, credentials, secondStep, grants })
  const isInviteOnly = config.registration === 'invite'
  const signUp = createSignUp({ ...shared, newPasswords, secondStep, grants, requireProofOfWork, runOnce, isInviteOnly })

  return {
    events: createEvents(records),
    signUp,
    secondStep,
    reauthentication,
    trustedBrowsers,
    login: createLogin({ ...shared, passkeyChecks, credentials, secondStep, signUp, trustedBrowsers, grants, runOnce }),
    passwordReset: createPasswordReset({ ...shared, newPasswords, secondStep, notices, requireProofOfWork, runOnce }),
    changePassword: createChangePassword({ ...shared, reauthentication, newPasswords, notices, runOnce }),
    changeProfile: createChangeProfile({ ...shared, secondStep, notices, runOnce }),
    emailChange: createEmailChange({ ...shared, secondStep, notices, runOnce }),
    phoneChange: createPhoneChange({ ...shared, secondStep, notices, runOnce }),
    passkeys: createPasskeys({ ...shared, passkeyChecks, webAuthn, grants, trustedBrowsers, notices }),
    authenticator: createAuthenticator({ ...shared, notices, brandName: config.brand.name, publicUrl: config.publicUrl }),
    sessions: createSessions({ ...shared, grants, notices }),
    disownEvent: createDisownEvent(shared),
    deleteAccount: createDeleteAccount({ ...shared, notices }),
    exportAccount: createExportAccount(shared),
    searchAccounts: createSearchAccounts({ ...shared, isIndexed: config.accountsIndex }),
    introspect: createIntrospect(shared),
    administration: createAdministration({ ...shared, ...looksAfter, notices, runOnce }),
    invitations: createInvitations({ ...shared, ...looksAfter, newPasswords, runOnce }),
    confirmEmailLink: createConfirmEmailLink({ ...shared, notices }),
    activity: records.activity
  }
}
