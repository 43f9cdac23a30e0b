import { keys } from '../../platform/redis/keys.ts'
import { defineScript, integer, type RunScript, text } from '../../platform/redis/script.ts'

/** What an account's owner is told. */
export type Notice = 'refreshTheft' | 'wrongCodes' | 'newDevice' | 'trustedDeviceReused' | 'passwordChanged' | 'passwordReset'
  | 'twoFactorOn' | 'twoFactorOff' | 'emailCodeOn' | 'emailCodeOff'
  | 'factorsReset'
  | 'roleChanged' | 'accountDisabled' | 'accountEnabled' | 'locksLifted'
  | 'phoneOn' | 'phoneOff'
  | 'passkeyAdded' | 'passkeyRemoved' | 'passkeyCloned'
  | 'totpOn' | 'totpOff' | 'recoveryCodesNew' | 'recoveryCodeUsed' | 'codesLocked'

const DAY_SECONDS = 86_400
/** What a stranger can cause again and again is merged into the first within so many seconds; what an owner does is always told. */
export const MERGED_NOTICES: ReadonlyMap<Notice, number> = new Map([
  ['refreshTheft', 600], ['wrongCodes', 3600], ['codesLocked', 600], ['passkeyCloned', 600], ['newDevice', 600]
])

const claimNotice = defineScript(new URL('./notice-claim.lua', import.meta.url), {
  keys: ['notice', 'account?'],
  args: { jobId: text, seconds: integer },
  answers: { ok: {}, taken: {} },
  tells: 'it only looks whether the account is there'
})

/** Whether a job may tell its notice: the first within the window may, and may again when it is retried. */
export interface NoticesStore {
  claimForAddress: (addressTag: string, notice: 'accountExists', jobId: string) => Promise<boolean>
  claimForAccount: (accountId: string, notice: Notice, jobId: string) => Promise<boolean>
}

export function createNoticesStore (run: RunScript): NoticesStore {
  return {
    claimForAddress: async (addressTag, notice, jobId) => {
      const { outcome } = await run(claimNotice, { notice: keys.address(addressTag).notice(notice) }, { jobId, seconds: DAY_SECONDS })
      return outcome === 'ok'
    },
    claimForAccount: async (accountId, notice, jobId) => {
      const seconds = MERGED_NOTICES.get(notice)
      if (seconds === undefined) return true
      const key = keys.account(accountId)
      const { outcome } = await run(claimNotice, { notice: key.notice(notice), account: key.record }, { jobId, seconds })
      return outcome === 'ok'
    }
  }
}
