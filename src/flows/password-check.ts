import { Problem, retryAfter } from '../errors.ts'
import { hashToken } from '../platform/ids.ts'
import type { PasswordHasher } from '../platform/passwords/hash.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import type { PressureStore, ThrottleStore } from '../records/throttling/throttling-store.ts'
import { NOBODY } from '../records/accounts/account.ts'
import type { Account, AccountsStore } from '../records/accounts/accounts-store.ts'

/** Asks for a proof of work where it must be; true when one was given. */
export type RequireCaptcha = (asked: { addressTag: string, source: string, captcha: string | undefined, isExempt?: boolean }) => Promise<boolean>

export interface PasswordAttempt {
  email: string
  password: string
  /** MAC of the source of the request: never an address in clear. */
  source: string
  deviceToken: string | undefined
  captcha?: string | undefined
  /** A signed-in person is asked for no proof of work: wrong ones end the session soon enough. */
  isSignedIn?: boolean
}

/**
 * Whose address and password these are. Unknown address, wrong password and disabled account take the same steps, the same
 * time and the same answer.
 * @throws Problem CAPTCHA_REQUIRED, TOO_MANY_REQUESTS (this source failed too often for this address), SERVICE_UNAVAILABLE
 */
export type CheckPassword = (attempt: PasswordAttempt) => Promise<{
  /** Null when the password is wrong, or there is no active account. */
  account: Account | null
  addressTag: string
  /** Whom a wrong password concerns; the id of nobody when there is no account, so that telling them takes the same steps. */
  holderId: string
}>

export function createPasswordCheck (
  parts: { tags: AddressTags, throttle: ThrottleStore, accounts: AccountsStore, hasher: PasswordHasher, pressure: PressureStore, requireCaptcha: RequireCaptcha, onRehashFailed: (error: unknown) => void }
): CheckPassword {
  const { tags, throttle, accounts, hasher, pressure } = parts

  return async ({ email, password, source, deviceToken, captcha, isSignedIn = false }) => {
    const addressTag = await tags.of(email)
    const device = hashToken(deviceToken ?? '')
    const look = await throttle.find(addressTag, source, device)
    const [account, isKnownDevice] = await Promise.all([
      accounts.findByAddress(look.accountId, addressTag),
      accounts.knowsDevice(look.accountId, deviceToken ?? '')
    ])
    const isSolved = await parts.requireCaptcha({ addressTag, source, captcha, isExempt: isKnownDevice || isSignedIn })
    const waitMs = isKnownDevice ? look.deviceWaitMs : look.sourceWaitMs
    if (waitMs > 0 && !isSolved) throw new Problem('TOO_MANY_REQUESTS', retryAfter(waitMs))

    const verdict = await hasher.verify(password, account?.passwordHash ?? null)
    const isRight = verdict.ok && account?.status === 'active'
    const heldMs = await throttle.settle({ addressTag, source: isKnownDevice ? device : source, isRight, isWaived: isSolved })
    if (heldMs > 0) throw new Problem('TOO_MANY_REQUESTS', retryAfter(heldMs))
    if (!isRight) await pressure.add(addressTag, source)
    const holderId = account?.id ?? NOBODY
    if (!isRight || !account) return { account: null, addressTag, holderId }

    if (verdict.needsRehash) {
      // The person is not kept waiting for it, and nothing is lost when it fails: the next login tries again.
      hasher.hash(password).then((record) => accounts.rehash(account.id, account.passwordHash, record)).catch(parts.onRehashFailed)
    }
    return { account, addressTag, holderId }
  }
}
