import { Problem } from '../errors.ts'
import type { EventName } from '../records/activity/activity.ts'
import type { ChallengeRef } from '../records/challenges/challenge.ts'
import type { ReauthenticationStore } from '../records/challenges/reauthentication-store.ts'
import { encodeUse } from '../records/passkeys/passkey.ts'
import { firstCodeOf, type MakeProof, methodFor } from '../records/second-factors/methods.ts'
import type { CredentialChecks, VerifiedCredentials } from './credentials.ts'
import { type PasskeyChecks, secondStepScope } from './passkey-checks.ts'
import type { Principal, Requester } from './requester.ts'
import type { SecondStepAnswer } from './second-step-answer.ts'
import type { SecondStep, SecondStepChallenge } from './second-step.ts'
import type { AccessGrant, SessionGrants } from './session-grant.ts'

export type ReauthenticationResult =
  | { kind: 'proven', grant: AccessGrant }
  | { kind: 'second-step', challenge: SecondStepChallenge }

/** Proof, again, by somebody who is signed in. */
export interface Reauthentication {
  /**
   * The account of the signed-in person, after the right current password. Wrong ones count like those of a login, and too many end this
   * session: it may be in a thief's hands.
   * @throws Problem CREDENTIALS_INVALID, SESSION_ENDED, TOO_MANY_REQUESTS
   */
  verifyCurrentPassword: (requester: Requester, principal: Principal, password: string, event: EventName) => Promise<VerifiedCredentials>
  /** @throws Problem as above, and what asking for a second step throws */
  start: (requester: Requester, principal: Principal, password: string) => Promise<ReauthenticationResult>
  /**
   * Judges the second step; too many wrong codes end the session.
   * @throws Problem CHALLENGE_INVALID, OTP_*, PASSKEY_INVALID, SESSION_ENDED, VALIDATION_FAILED
   */
  verify: (requester: Requester, principal: Principal, answer: SecondStepAnswer) => Promise<AccessGrant>
}

interface Dependencies {
  reauthentications: ReauthenticationStore
  makeProof: MakeProof
  passkeyChecks: Pick<PasskeyChecks, 'check'>
  credentials: Pick<CredentialChecks, 'verifyOwnPassword'>
  secondStep: Pick<SecondStep, 'ask' | 'usableMethods' | 'requireWellFormed' | 'auditCodeCheck'>
  grants: Pick<SessionGrants, 'access'>
  isTwoFactorRequired: boolean
}

export function createReauthentication (dependencies: Dependencies): Reauthentication {
  const { reauthentications, makeProof, passkeyChecks, credentials, secondStep, grants, isTwoFactorRequired } = dependencies

  const verifyCurrentPassword: Reauthentication['verifyCurrentPassword'] = async (requester, { user, sid }, password, event) => {
    const verified = await credentials.verifyOwnPassword(requester, { email: user.email, password })
    if (verified) return verified
    const isSessionOver = await reauthentications.bookWrongPassword({ accountId: user.id, sid, client: requester.client }, event)
    throw isSessionOver ? new Problem('SESSION_ENDED', { isSessionOver }) : new Problem('CREDENTIALS_INVALID')
  }

  return {
    verifyCurrentPassword,

    start: async (requester, principal, password) => {
      const { sid } = principal
      const { account, addressTag } = await verifyCurrentPassword(requester, principal, password, 'reauthentication')
      if (account.isTwoFactorEnabled || isTwoFactorRequired) {
        const asked = { account, addressTag, purpose: 'reauth', event: 'password', attemptId: sid } as const
        return { kind: 'second-step', challenge: await secondStep.ask(requester, asked) }
      }
      const session = await reauthentications.markRecent(
        { accountId: account.id, sid, client: requester.client }, account.credentialVersion
      )
      return { kind: 'proven', grant: grants.access(session) }
    },

    verify: async (requester, { user, sid }, answer) => {
      // A session has one such challenge; its id is the session's, so no pending token has to be sent beside the access token.
      const challenge: ChallengeRef = { purpose: 'reauth', ownerKey: user.id, attemptId: sid }
      const session = { accountId: user.id, sid, client: requester.client }
      if ('passkey' in answer) {
        return await passkeyChecks.check(requester, secondStepScope(challenge), answer.passkey, async (use) => grants.access(
          await reauthentications.verifyProof(session, { challenge, addressTag: '', method: 'passkey', proof: encodeUse(use) })))
      }
      const offered = firstCodeOf(secondStep.usableMethods(user.secondFactors, false))
      const { otp, method = methodFor({ ...challenge, method: offered }, otp) } = answer
      secondStep.requireWellFormed(method, otp)
      const proof = await makeProof(user.id, sid, method, otp)
      const proven = await secondStep.auditCodeCheck(requester, challenge, method, async () =>
        await reauthentications.verifyProof(session, { challenge, addressTag: '', method, proof })
      ).catch((error: unknown) => { throw endingSession(error) })
      return grants.access(proven)
    }
  }
}

/** The last wrong code has ended the session. */
function endingSession (error: unknown): unknown {
  const isLast = error instanceof Problem && error.facts.attemptsLeft === 0
  return isLast ? new Problem(error.code, { ...error.facts, isSessionOver: true }) : error
}
