import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { createAdministration } from '../src/flows/administration.ts'
import { createAuthenticator } from '../src/flows/authenticator.ts'
import { createCredentialChecks } from '../src/flows/credentials.ts'
import { createExportAccount } from '../src/flows/data-export.ts'
import { createDeleteAccount } from '../src/flows/deletion.ts'
import { createEmailChange } from '../src/flows/email-change.ts'
import { createRunOnce } from '../src/flows/idempotency.ts'
import { createLogin } from '../src/flows/login.ts'
import type { Mailer } from '../src/flows/mail-jobs.ts'
import { createNewPasswords } from '../src/flows/new-password.ts'
import { createNotices } from '../src/flows/notices.ts'
import { createChangePassword } from '../src/flows/password-change.ts'
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
  const reauthentication = createReauthentication({ ...shared, credentials, secondStep, grants })
  const signUp = createSignUp({ ...shared, newPasswords, secondStep, grants, requireProofOfWork, runOnce })

  return {
    signUp,
    secondStep,
    reauthentication,
    trustedBrowsers,
    login: createLogin({ ...shared, credentials, secondStep, signUp, trustedBrowsers, grants, runOnce }),
    passwordReset: createPasswordReset({ ...shared, newPasswords, secondStep, notices, requireProofOfWork, runOnce }),
    changePassword: createChangePassword({ ...shared, reauthentication, newPasswords, notices, runOnce }),
    changeProfile: createChangeProfile({ ...shared, secondStep, notices, runOnce }),
    emailChange: createEmailChange({ ...shared, secondStep, notices, runOnce }),
    phoneChange: createPhoneChange({ ...shared, secondStep, notices, runOnce }),
    authenticator: createAuthenticator({ ...shared, notices, brandName: config.brand.name, publicUrl: config.publicUrl }),
    sessions: createSessions({ ...shared, grants, notices }),
    deleteAccount: createDeleteAccount({ ...shared, notices }),
    exportAccount: createExportAccount(shared),
    administration: createAdministration({ ...shared, notices }),
    activity: records.activity
  }
}
