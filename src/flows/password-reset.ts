import { orNull, Problem } from '../errors.ts'
import { type Locale, toLocale } from '../platform/locales/index.ts'
import { NOBODY } from '../records/accounts/account.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import { canonicalAddress } from '../records/accounts/address.ts'
import type { CredentialsStore } from '../records/accounts/credentials-store.ts'
import type { ActivityStore } from '../records/activity/activity-store.ts'
import type { PendingChallenge } from '../records/challenges/challenge.ts'
import type { ChallengesStore } from '../records/challenges/challenges-store.ts'
import type { IdempotencyClaim } from '../records/idempotency/idempotency-store.ts'
import type { RegistrationsStore } from '../records/registrations/registrations-store.ts'
import type { ResetsStore } from '../records/registrations/resets-store.ts'
import type { PressureStore } from '../records/throttling/throttling-store.ts'
import type { RunOnce } from './idempotency.ts'
import type { NewPasswords } from './new-password.ts'
import type { Notices } from './notices.ts'
import type { RequireProofOfWork } from './proof-of-work.ts'
import type { Requester } from './requester.ts'
import type { SecondStep, StartedChallenge } from './second-step.ts'
import type { Tokens } from './tokens.ts'

export interface ForgotRequest {
  email: string
  captcha: string | undefined
  /** Of a challenge that this browser holds: an older reset of the same address dies. */
  pendingToken: string | undefined
}

/** A new password by a mailed code. It never signs in and never skips the second step. */
export interface PasswordReset {
  /**
   * Alike for any address; where there is no account no code is mailed. @throws Problem CAPTCHA_REQUIRED, TOO_MANY_REQUESTS,
   * OTP_ATTEMPTS_EXCEEDED
   */
  start: (requester: Requester, request: ForgotRequest) => Promise<StartedChallenge>
  /**
   * A refused new password does not spend the code. @throws Problem CHALLENGE_INVALID, OTP_*, PASSWORD_WEAK. @returns the account's
   * language
   */
  finish: (requester: Requester, challenge: PendingChallenge, typed: { otp: string, newPassword: string }) => Promise<{ locale: Locale }>
}

interface Dependencies {
  accounts: Pick<AccountsStore, 'find' | 'findByAddress' | 'knowsDevice'>
  activity: Pick<ActivityStore, 'add'>
  addressTags: Pick<AddressTags, 'of'>
  challenges: Pick<ChallengesStore, 'find'>
  credentials: Pick<CredentialsStore, 'resetPassword'>
  registrations: Pick<RegistrationsStore, 'find'>
  resets: ResetsStore
  pressure: Pick<PressureStore, 'add' | 'takeBack'>
  newPasswords: NewPasswords
  secondStep: Pick<SecondStep, 'start' | 'auditCodeCheck'>
  notices: Notices
  requireProofOfWork: RequireProofOfWork
  tokens: Pick<Tokens, 'readPending'>
  runOnce: RunOnce
}

export function createPasswordReset (dependencies: Dependencies): PasswordReset {
  const { accounts, activity, addressTags, challenges, credentials, registrations, resets, pressure } = dependencies
  const { newPasswords, secondStep, notices, tokens } = dependencies

  return {
    start: async (requester, { email: typed, captcha, pendingToken }) => {
      const { client, source } = requester
      const email = canonicalAddress(typed)
      const addressTag = await addressTags.of(email)
      const { accountId } = await registrations.find(addressTag)
      const hammered = { addressTag, source, isOwner: await accounts.knowsDevice(accountId, requester.deviceToken ?? '') }
      await dependencies.requireProofOfWork({ ...hammered, captcha })
      const found = await accounts.findByAddress(accountId, addressTag)
      const account = found?.status === 'active' ? found : null

      const running = pendingToken === undefined ? null : orNull(() => tokens.readPending(pendingToken))
      const olderAttemptId = running?.purpose === 'reset' && running.ownerKey === addressTag ? running.attemptId : ''
      const challenge = await resets.open({ addressTag, email, account, client, olderAttemptId })
      await pressure.add(hammered)
      // Before the mail is on its way: its worker is busy for known addresses only, and must not be waited for.
      await activity.add(account?.id ?? NOBODY, client, { event: 'password_reset_requested', result: 'ok', factor: 'email' })
      return await secondStep.start(challenge)
    },

    finish: async (requester, challenge, { otp, newPassword }) => {
      if (challenge.purpose !== 'reset') throw new Problem('CHALLENGE_INVALID')
      const scope = { owner: { addressTag: challenge.ownerKey }, binding: challenge.attemptId }
      return await dependencies.runOnce(requester, scope, reset, async ({ locale }) => ({ locale: toLocale(locale) }))

      async function reset (claim?: IdempotencyClaim): Promise<{ locale: Locale }> {
        const { client, source, deviceToken = '' } = requester
        const view = await challenges.find(challenge)
        if (!view) throw new Problem('CHALLENGE_INVALID')
        // What can be said without knowing the account is said first, alike for an address that has none.
        await newPasswords.requireStrong('/newPassword', newPassword, { email: view.email, name: '', isTwoFactorEnabled: true })

        const holderId = view.isDecoy ? NOBODY : view.fields['accountId'] ?? NOBODY
        const verify = async () => await resets.verifyCode(challenge, otp)
        const { accountId, credentialVersion } = await secondStep.auditCodeCheck(requester, challenge, 'email', verify)
          .catch(async (error: unknown) => {
            const wrong = { event: 'password_reset', result: 'wrong', factor: 'email' } as const
            if (error instanceof Problem) await activity.add(holderId, client, wrong)
            throw error
          })
        const account = await accounts.find(accountId)
        if (!account) throw new Problem('CHALLENGE_INVALID')
        await newPasswords.requireStrong('/newPassword', newPassword, account)
        const isOwner = await accounts.knowsDevice(accountId, deviceToken)
        await credentials.resetPassword(accountId, { credentialVersion, password: await newPasswords.hash(newPassword), client })

        await pressure.takeBack({ addressTag: challenge.ownerKey, source, isOwner })

        claim?.record({ locale: account.locale })
        await notices.notifyOwner(accountId, 'passwordReset', client)
        return { locale: account.locale }
      }
    }
  }
}
