import { Problem, retryAfter } from '../errors.ts'
import { hashToken } from '../platform/ids.ts'
import type { Metrics } from '../platform/metrics/metrics.ts'
import type { PasswordHasher } from '../platform/passwords/hash.ts'
import { NOBODY } from '../records/accounts/account.ts'
import type { Account, AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import type { ActivityStore } from '../records/activity/activity-store.ts'
import type { PressureStore, ThrottleStore } from '../records/throttling/throttling-store.ts'
import type { Notices } from './notices.ts'
import type { RequireProofOfWork } from './proof-of-work.ts'
import type { Requester } from './requester.ts'

export interface Credentials {
  email: string
  password: string
  captcha?: string | undefined
  /** With a code in the same call: the account whose login waits for it, '' when none does. */
  waitingAccountId?: string | undefined
}

export interface VerifiedCredentials { account: Account, addressTag: string }

export interface CredentialChecks {
  /**
   * Whose address and password these are. Unknown address, wrong password and disabled account take the same steps, the same time and the
   * same answer; a wrong password stands in the account's activity. A right one with a code that no login waits for does too, counts like a
   * wrong one and is told to the owner: the answer gives away that it is right.
   * @throws Problem CREDENTIALS_INVALID, CHALLENGE_INVALID, CAPTCHA_REQUIRED, SERVICE_UNAVAILABLE, TOO_MANY_REQUESTS (this source failed
   * too often for this address)
   */
  verifyCredentials: (requester: Requester, credentials: Credentials) => Promise<VerifiedCredentials>
  /**
   * The same for somebody who is signed in, without a proof of work. Null when the password is wrong: too many end the session soon enough.
   */
  verifyOwnPassword: (requester: Requester, credentials: Credentials) => Promise<VerifiedCredentials | null>
}

interface Dependencies {
  accounts: Pick<AccountsStore, 'findByAddress' | 'knowsDevice' | 'rehash'>
  activity: Pick<ActivityStore, 'add'>
  addressTags: Pick<AddressTags, 'of'>
  throttle: ThrottleStore
  pressure: Pick<PressureStore, 'add'>
  passwords: PasswordHasher
  requireProofOfWork: RequireProofOfWork
  notices: Pick<Notices, 'notifyOwner'>
  metrics: Pick<Metrics, 'login'>
  onRehashFailed: (error: unknown) => void
}

interface Verdict {
  account: Account | null
  addressTag: string
  /** Whom a wrong password concerns; nobody's id when there is no account, so that recording it takes the same steps. */
  holderId: string
  /** The password is right, and leads nowhere. */
  isInVain: boolean
}

/** Address and password: the first factor. */
export function createCredentialChecks (dependencies: Dependencies): CredentialChecks {
  const { accounts, activity, addressTags, throttle, pressure, passwords } = dependencies
  const { requireProofOfWork, notices, metrics, onRehashFailed } = dependencies

  return {
    verifyCredentials: async (requester, credentials) => {
      const { account, addressTag, holderId, isInVain } = await check(requester, credentials, false)
      if (account && isInVain) {
        await activity.add(account.id, requester.client, { event: 'password', result: 'ok', factor: 'pwd' })
        await notices.notifyOwner(account.id, 'wrongCodes', requester.client)
        throw new Problem('CHALLENGE_INVALID')
      }
      if (account) return { account, addressTag }
      metrics.login('wrong_password')
      await activity.add(holderId, requester.client, { event: 'password', result: 'wrong', factor: 'pwd' })
      throw new Problem('CREDENTIALS_INVALID')
    },

    verifyOwnPassword: async (requester, credentials) => {
      const { account, addressTag } = await check(requester, credentials, true)
      return account && { account, addressTag }
    }
  }

  async function check (
    { source, deviceToken = '' }: Requester, { email, password, captcha, waitingAccountId }: Credentials, isSignedIn: boolean
  ): Promise<Verdict> {
    const addressTag = await addressTags.of(email)
    const device = hashToken(deviceToken)
    const look = await throttle.find(addressTag, source, device)
    const [account, isKnownDevice] = await Promise.all([
      accounts.findByAddress(look.accountId, addressTag), accounts.knowsDevice(look.accountId, deviceToken)
    ])
    const isOwner = isKnownDevice || isSignedIn
    const isSolved = await requireProofOfWork({ addressTag, source, isOwner, captcha, isExempt: isOwner })
    const waitMs = isKnownDevice ? look.deviceWaitMs : look.sourceWaitMs
    if (waitMs > 0 && !isSolved) throw new Problem('TOO_MANY_REQUESTS', retryAfter(waitMs))

    const verdict = await passwords.verify(password, account?.passwordHash || null)
    const isRight = verdict.ok && account?.status === 'active'
    const isInVain = isRight && waitingAccountId !== undefined && waitingAccountId !== account.id
    const isUseful = isRight && !isInVain
    const heldMs = await throttle.settle({ addressTag, source: isKnownDevice ? device : source, isRight: isUseful, isWaived: isSolved })
    if (heldMs > 0) throw new Problem('TOO_MANY_REQUESTS', retryAfter(heldMs))
    if (!isUseful) await pressure.add({ addressTag, source, isOwner: isOwner || isRight })
    const holderId = account?.id ?? NOBODY
    if (!isRight || !account) return { account: null, addressTag, holderId, isInVain }

    // Nobody waits for a rehash, and nothing is lost when it fails: the next login tries again.
    if (verdict.needsRehash) rehash(account, password).catch(onRehashFailed)
    return { account, addressTag, holderId, isInVain }
  }

  async function rehash ({ id, passwordHash }: Account, password: string): Promise<void> {
    await accounts.rehash(id, passwordHash, await passwords.hash(password))
  }
}
