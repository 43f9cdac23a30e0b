import { Problem } from '../errors.ts'
import type { Locale } from '../platform/locales/index.ts'
import { newId } from '../platform/ids.ts'
import { canonicalAddress } from '../records/accounts/address.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import type { ChallengeRef } from '../records/challenges/challenge.ts'
import type { IdempotencyClaim, Outcome } from '../records/idempotency/idempotency-store.ts'
import type { RegistrationsStore } from '../records/registrations/registrations-store.ts'
import type { PressureStore } from '../records/throttling/throttling-store.ts'
import type { RunOnce } from './idempotency.ts'
import type { NewPasswords } from './new-password.ts'
import type { RequireProofOfWork } from './proof-of-work.ts'
import type { Requester } from './requester.ts'
import type { SecondStep, StartedChallenge } from './second-step.ts'
import type { SessionGrant, SessionGrants } from './session-grant.ts'

export interface SignUpRequest { name: string, email: string, password: string, locale: Locale | undefined, captcha: string | undefined }

export interface SignUp {
  /**
   * Mails a code. For an address that has an account the answer is the same: a decoy, and its owner gets a notice.
   * @throws Problem REGISTRATION_CLOSED, PASSWORD_WEAK, CAPTCHA_REQUIRED, TOO_MANY_REQUESTS, OTP_ATTEMPTS_EXCEEDED, CONFLICT,
   * VALIDATION_FAILED
   */
  start: (requester: Requester, request: SignUpRequest) => Promise<{ email: string, userId: string, challenge: StartedChallenge }>
  /**
   * Judges the code; a right one makes the account and its first session. The same code again goes on after a crash. @throws Problem
   * CHALLENGE_INVALID, OTP_*
   */
  complete: (
    requester: Requester, challenge: ChallengeRef, typed: { otp: string, addressTag: string }, claim?: IdempotencyClaim
  ) => Promise<SessionGrant>
}

interface Dependencies {
  accounts: Pick<AccountsStore, 'findByAddress' | 'knowsDevice'>
  addressTags: Pick<AddressTags, 'of'>
  registrations: RegistrationsStore
  pressure: Pick<PressureStore, 'add' | 'takeBack'>
  newPasswords: NewPasswords
  secondStep: Pick<SecondStep, 'start' | 'resume'>
  grants: Pick<SessionGrants, 'draft' | 'begin'>
  requireProofOfWork: RequireProofOfWork
  runOnce: RunOnce
  /** Nobody signs up by themselves. */
  isInviteOnly: boolean
}

/** From an unknown address to an account. The account exists from the moment its address is proven. */
export function createSignUp (dependencies: Dependencies): SignUp {
  const { accounts, addressTags, registrations, pressure, newPasswords, secondStep, grants, requireProofOfWork, runOnce } = dependencies

  return {
    start: async (requester, request) => {
      if (dependencies.isInviteOnly) throw new Problem('REGISTRATION_CLOSED')
      const { client, source } = requester
      const name = request.name.trim()
      const email = canonicalAddress(request.email)
      const addressTag = await addressTags.of(email)
      return { email, ...await runOnce(requester, { owner: { addressTag }, binding: addressTag }, open, resume) }

      async function resume ({ attemptId = '', userId = '' }: Outcome) {
        return { userId, challenge: await secondStep.resume({ purpose: 'sign-up', ownerKey: addressTag, attemptId }) }
      }

      async function open (claim?: IdempotencyClaim) {
        const { accountId: holderId } = await registrations.find(addressTag)
        const hammered = { addressTag, source, isOwner: await accounts.knowsDevice(holderId, requester.deviceToken ?? '') }
        await requireProofOfWork({ ...hammered, captcha: request.captcha })
        const staleAccountId = await accounts.findByAddress(holderId, addressTag) ? '' : holderId
        await newPasswords.requireStrong('/password', request.password, { email, name, isTwoFactorEnabled: true })

        const { record: passwordHash, isLong } = await newPasswords.hash(request.password)
        const [userId, attemptId] = [newId(), newId()]
        const registration = { accountId: userId, name, email, passwordHash, isLong, locale: request.locale ?? requester.locale }
        const record = claim?.record({ attemptId, userId })
        const challenge = await registrations.open({ addressTag, staleAccountId, registration, client, attemptId, record })
        await pressure.add(hammered)
        return { userId, challenge: await secondStep.start(challenge) }
      }
    },

    complete: async (requester, challenge, { otp, addressTag }, claim) => {
      const proven = await registrations.verifyCode(challenge, otp, addressTag)
      const draft = grants.draft(requester, proven.accountId, ['pwd', 'otp'], { claim })
      const opened = await registrations.complete(challenge, proven, draft)
      await pressure.takeBack({ addressTag: challenge.ownerKey, source: requester.source, isOwner: false })
      return await grants.begin(requester, draft, opened)
    }
  }
}
