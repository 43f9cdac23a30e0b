import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import type { Notice } from '../../flows/mail-jobs.ts'

const DAY_SECONDS = 86_400
/** What a stranger can cause again and again is merged into the first within this time; what an owner does is always told. */
const MERGE_SECONDS = 600
export const MERGED_NOTICES: ReadonlySet<Notice> = new Set(['refreshTheft', 'wrongCodes', 'codesLocked', 'newDevice'])

/** Whether a job may tell its notice: the first within the window may, and may again when it is retried. */
export interface NoticesStore {
  claimForAddress: (addressTag: string, notice: 'accountExists', jobId: string) => Promise<boolean>
  claimForAccount: (accountId: string, notice: Notice, jobId: string) => Promise<boolean>
}

export function createNoticesStore (run: RunScript): NoticesStore {
  const claim = async (names: string[], jobId: string, seconds: number): Promise<boolean> => (await run<[number]>('notice-claim', names, [jobId, seconds]))[0] === 1
  return {
    claimForAddress: async (addressTag, notice, jobId) => await claim([keys.address(addressTag).notice(notice)], jobId, DAY_SECONDS),
    claimForAccount: async (accountId, notice, jobId) => !MERGED_NOTICES.has(notice) ||
      await claim([keys.account(accountId).notice(notice), keys.account(accountId).record], jobId, MERGE_SECONDS)
  }
}
