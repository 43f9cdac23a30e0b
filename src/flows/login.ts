import { orNull, Problem } from '../errors.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import { canonicalAddress } from '../records/accounts/address.ts'
import type { Account } from '../records/accounts/accounts-store.ts'
import { type ChallengeRef, isWithAccount, type Method, type PendingChallenge } from '../records/challenges/challenge.ts'
import type { ChallengesStore } from '../records/challenges/challenges-store.ts'
import type { IdempotencyClaim } from '../records/idempotency/idempotency-store.ts'
import { encodeUse } from '../records/passkeys/passkey.ts'
import { type MakeProof, methodFor } from '../records/second-factors/methods.ts'
import type { SessionsStore } from '../records/sessions/sessions-store.ts'
import type { CredentialChecks, Credentials } from './credentials.ts'
import type { RunOnce } from './idempotency.ts'
import { type PasskeyChecks, secondStepScope } from './passkey-checks.ts'
import type { Requester } from './requester.ts'
import type { SecondStepAnswer } from './second-step-answer.ts'
import type { SecondStep, SecondStepChallenge } from './second-step.ts'
import type { SessionGrant, SessionGrants } from './session-grant.ts'
import type { SignUp } from './sign-up.ts'
import type { Tokens } from './tokens.ts'
import type { TrustedBrowsers, TrustedToken } from './trusted-browsers.ts'

export interface LoginRequest extends Credentials {
  /** The code of the login that this browser started: finishes it in the same call. */
  token: string | undefined
  method: Method | undefined
  pendingToken: string | undefined
}

export type LoginResult =
  | { kind: 'signed-in', grant: SessionGrant, trusted: TrustedToken | null }
  | { kind: 'second-step', account: Account, challenge: SecondStepChallenge, isTrustForgotten: boolean }

export type OtpRequest = SecondStepAnswer & { email: string | undefined, trustDevice: boolean }

/** What was typed to finish a challenge. */
interface TypedCode {
  otp: string
  method: Method
  /** What `email` must match; '' when it was not sent. */
  addressTag: string
}

interface AnsweredPasskey { passkey: unknown, addressTag: string }

export interface Login {
  /**
   * Password first, then the second step: asked for, skipped by a trusted browser or an account that has none, or given in the same call.
   * @throws Problem CREDENTIALS_INVALID, CAPTCHA_REQUIRED, TOO_MANY_REQUESTS, CHALLENGE_INVALID, OTP_*, VALIDATION_FAILED,
   * SERVICE_UNAVAILABLE
   */
  login: (requester: Requester, request: LoginRequest) => Promise<LoginResult>
  /**
   * Judges the code of a login or a sign-up, or a passkey; a right one signs in.
   * @throws Problem CHALLENGE_INVALID, OTP_*, PASSKEY_INVALID, VALIDATION_FAILED, CONFLICT
   */
  verifyOtp: (
    requester: Requester, challenge: PendingChallenge, request: OtpRequest
  ) => Promise<{ grant: SessionGrant, trusted: TrustedToken | null }>
}

interface Dependencies {
  addressTags: Pick<AddressTags, 'of'>
  challenges: Pick<ChallengesStore, 'find' | 'verifyLogin'>
  sessions: Pick<SessionsStore, 'open'>
  makeProof: MakeProof
  tokens: Pick<Tokens, 'readPending'>
  credentials: Pick<CredentialChecks, 'verifyCredentials'>
  passkeyChecks: Pick<PasskeyChecks, 'check'>
  secondStep: Pick<SecondStep, 'ask' | 'requireWellFormed' | 'auditCodeCheck'>
  signUp: Pick<SignUp, 'complete'>
  trustedBrowsers: Pick<TrustedBrowsers, 'signIn' | 'trust'>
  grants: Pick<SessionGrants, 'draft' | 'begin' | 'repeat'>
  runOnce: RunOnce
  isTwoFactorRequired: boolean
}

/** The way from a password, or from a code, to a session. */
export function createLogin (dependencies: Dependencies): Login {
  const {
    addressTags, challenges, sessions, makeProof, tokens, credentials, passkeyChecks, secondStep, signUp, trustedBrowsers, grants, runOnce
  } = dependencies

  return {
    login: async (requester, { email: typed, password, captcha, token, method: asked, pendingToken }) => {
      const email = canonicalAddress(typed)
      if (token !== undefined) {
        const challenge = await waitingLogin(pendingToken)
        const method = asked ?? (challenge ? methodFor(challenge, token) : 'email')
        // Before the password: after it, this refusal would give away that it is right.
        if (challenge) secondStep.requireWellFormed(method, token)
        const waitingAccountId = challenge?.ownerKey ?? ''
        const { addressTag } = await credentials.verifyCredentials(requester, { email, password, captcha, waitingAccountId })
        if (!challenge) throw new Problem('CHALLENGE_INVALID')
        return { kind: 'signed-in', grant: await finish(requester, challenge, { otp: token, method, addressTag }), trusted: null }
      }
      const { account, addressTag } = await credentials.verifyCredentials(requester, { email, password, captcha })
      if (!account.isTwoFactorEnabled && !dependencies.isTwoFactorRequired) {
        const draft = grants.draft(requester, account.id, ['pwd'])
        const opened = await sessions.open(account.id, account.credentialVersion, draft)
        if (!opened) throw new Problem('CREDENTIALS_INVALID')
        return { kind: 'signed-in', grant: await grants.begin(requester, draft, opened), trusted: null }
      }
      const byTrust = await trustedBrowsers.signIn(requester, account)
      if (byTrust.kind === 'signed-in') return byTrust
      const challenge = await secondStep.ask(requester, { account, addressTag, purpose: 'login', event: 'password' })
      return { kind: 'second-step', account, challenge, isTrustForgotten: byTrust.isForgotten }
    },

    verifyOtp: async (requester, challenge, { email, trustDevice, ...answer }) => {
      const { ownerKey, attemptId } = challenge
      const owner = isWithAccount(challenge) ? { accountId: ownerKey } : { addressTag: ownerKey }
      const grant = await runOnce(requester, { owner, binding: attemptId }, async (claim) => {
        const addressTag = email === undefined ? '' : await addressTags.of(email)
        if ('passkey' in answer) return await finishByPasskey(requester, challenge, { ...answer, addressTag }, claim)
        const { otp, method = methodFor(challenge, otp) } = answer
        return await finish(requester, challenge, { otp, method, addressTag }, claim)
      }, grants.repeat)
      const trusted = trustDevice ? await trustedBrowsers.trust(requester, grant.user.id, grant.sid) : null
      return { grant, trusted }
    }
  }

  /** The login that a pending token names, while it waits for its code. */
  async function waitingLogin (pendingToken: string | undefined): Promise<PendingChallenge | null> {
    const challenge = pendingToken === undefined ? null : orNull(() => tokens.readPending(pendingToken))
    return challenge?.purpose === 'login' && await challenges.find(challenge) ? challenge : null
  }

  async function finish (requester: Requester, challenge: ChallengeRef, typed: TypedCode, claim?: IdempotencyClaim): Promise<SessionGrant> {
    secondStep.requireWellFormed(typed.method, typed.otp)
    return await secondStep.auditCodeCheck(requester, challenge, typed.method, async () => {
      if (challenge.purpose === 'login') return await finishLogin(requester, challenge, typed, claim)
      if (challenge.purpose === 'sign-up' && typed.method === 'email') return await signUp.complete(requester, challenge, typed, claim)
      throw new Problem('CHALLENGE_INVALID')
    })
  }

  async function finishLogin (
    requester: Requester, challenge: ChallengeRef, { otp, method, addressTag }: TypedCode, claim?: IdempotencyClaim
  ): Promise<SessionGrant> {
    const { ownerKey: accountId, attemptId } = challenge
    const draft = grants.draft(requester, accountId, ['pwd', 'otp'], { claim })
    const proof = await makeProof(accountId, attemptId, method, otp)
    const opened = await challenges.verifyLogin({ challenge, addressTag, method, proof }, draft)
    return await grants.begin(requester, draft, opened)
  }

  async function finishByPasskey (
    requester: Requester, challenge: ChallengeRef, { passkey, addressTag }: AnsweredPasskey, claim?: IdempotencyClaim
  ): Promise<SessionGrant> {
    if (challenge.purpose !== 'login') throw new Problem('CHALLENGE_INVALID')
    return await passkeyChecks.check(requester, secondStepScope(challenge), passkey, async (use) => {
      const draft = grants.draft(requester, use.accountId, ['pwd', 'pop'], { claim })
      const opened = await challenges.verifyLogin({ challenge, addressTag, method: 'passkey', proof: encodeUse(use) }, draft)
      return await grants.begin(requester, draft, opened)
    })
  }
}
