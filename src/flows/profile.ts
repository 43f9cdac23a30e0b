import { Problem } from '../errors.ts'
import { MIN_PASSWORD_LENGTH } from '../platform/passwords/policy.ts'
import type { User } from '../records/accounts/account.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import type { AccountChange, CredentialsStore, SwitchEvent } from '../records/accounts/credentials-store.ts'
import type { IdempotencyClaim } from '../records/idempotency/idempotency-store.ts'
import type { RunOnce } from './idempotency.ts'
import type { Notice } from './mail-jobs.ts'
import type { Notices } from './notices.ts'
import { type Principal, requireRecentProof, type Requester } from './requester.ts'
import type { SecondStep, SecondStepChallenge } from './second-step.ts'

export interface ProfileResult {
  user: User
  /** The first code of a second step that was just switched on: it proves the mailbox. */
  challenge: SecondStepChallenge | null
  /** The session could not outlive the change. */
  isSessionOver: boolean
}

/**
 * Changes name, language and the switches of the second step. The switches need a recent proof.
 * @throws Problem REAUTHENTICATION_REQUIRED, SESSION_ENDED, FORBIDDEN, CONFLICT, PASSWORD_WEAK, VALIDATION_FAILED
 */
export type ChangeProfile = (requester: Requester, principal: Principal, change: AccountChange) => Promise<ProfileResult>

interface Dependencies {
  accounts: Pick<AccountsStore, 'findByAddress'>
  addressTags: Pick<AddressTags, 'of'>
  credentials: Pick<CredentialsStore, 'change'>
  secondStep: Pick<SecondStep, 'ask'>
  notices: Notices
  runOnce: RunOnce
  isTwoFactorRequired: boolean
}

const NOTICES: Partial<Record<SwitchEvent, Notice>> = {
  two_factor_on: 'twoFactorOn', two_factor_off: 'twoFactorOff', email_code_on: 'emailCodeOn', email_code_off: 'emailCodeOff'
}

export function createChangeProfile (dependencies: Dependencies): ChangeProfile {
  const { accounts, addressTags, credentials, secondStep, notices, runOnce, isTwoFactorRequired } = dependencies

  return async (requester, principal, { name, ...change }) => {
    const { user: before, sid } = principal
    if (change.isTwoFactorEnabled !== undefined || change.isEmailCodeEnabled !== undefined) requireRecentProof(principal)
    const unchanged: ProfileResult = { user: before, challenge: null, isSessionOver: false }
    return await runOnce(requester, { owner: { accountId: before.id }, binding: sid }, apply, async () => unchanged)

    async function apply (claim?: IdempotencyClaim): Promise<ProfileResult> {
      const { client } = requester
      const wanted = { ...change, name: name?.trim(), isTwoFactorRequired }
      const { user, livesOn, event } = await credentials.change({ accountId: before.id, sid, client }, wanted, claim?.record({}))
        .catch((error: unknown) => { throw explain(error) })
      const notice = NOTICES[event]
      if (notice) await notices.notifyOwner(user.id, notice, client)
      return { user, challenge: event === 'two_factor_on' ? await firstChallenge(requester, user) : null, isSessionOver: !livesOn }
    }
  }

  async function firstChallenge (requester: Requester, user: User): Promise<SecondStepChallenge | null> {
    const addressTag = await addressTags.of(user.email)
    const account = await accounts.findByAddress(user.id, addressTag)
    if (!account) return null
    // The switch is done. That no code can be sent now (a budget is spent) is no reason to call it refused: the next login asks again.
    return await secondStep.ask(requester, { account, addressTag, purpose: 'login', event: '' }).catch((error: unknown) => {
      if (error instanceof Problem) return null
      throw error
    })
  }
}

/** The switch cannot be turned off while the password is too short to stand alone: said at the switch. */
function explain (error: unknown): unknown {
  if (!(error instanceof Problem) || error.code !== 'PASSWORD_WEAK') return error
  const tooShort = { path: '/isTwoFactorEnabled', reason: 'passwordTooShort', value: MIN_PASSWORD_LENGTH.alone }
  return new Problem('PASSWORD_WEAK', { errors: [tooShort] })
}
