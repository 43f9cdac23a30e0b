import type { AccountsStore } from '../accounts/accounts-store.ts'
import { toMinutes } from '../challenges/challenge.ts'
import type { ChallengesStore, ChallengeView } from '../challenges/challenges-store.ts'
import type { Locale } from '../locales/index.ts'
import type { CodeJob, MailJob, NoticeJob } from './jobs.ts'
import type { MailMessage } from './messages.ts'
import type { NoticesStore } from './notices-store.ts'

export interface PreparedMail { to: string, locale: Locale, message: MailMessage }

/** Looks up what a job is about. Null when there is nothing to say any more: the code no longer lives, or the owner was told already. */
export function createMailPreparation (
  { accounts, challenges, notices }: { accounts: AccountsStore, challenges: ChallengesStore, notices: NoticesStore }
): (job: MailJob, jobId: string) => Promise<PreparedMail | null> {
  return async (job, jobId) => job.kind === 'code' ? await prepareCode(job, jobId) : await prepareNotice(job, jobId)

  async function prepareCode (job: CodeJob, jobId: string): Promise<PreparedMail | null> {
    const attempt = await challenges.look(job)
    if (!attempt || attempt.mailNo !== job.mailNo) return null
    if (attempt.isSham) return await prepareAccountExists(job, jobId, attempt)
    const { code, codeLeftMs, client, at, email, name, locale } = attempt
    if (code === null || codeLeftMs <= 0) return null
    const facts = { code, ttlMinutes: toMinutes(codeLeftMs), client, at }
    return {
      to: email,
      locale,
      message: job.purpose === 'login' ? { kind: 'loginCode', name, ...facts } : { kind: 'signUpCode', ...facts }
    }
  }

  /** Somebody signs up with an address that has an account: its owner hears of it once a day. */
  async function prepareAccountExists (job: CodeJob, jobId: string, { client, at }: ChallengeView): Promise<PreparedMail | null> {
    const owner = await accounts.findOwner(job.home)
    if (!owner || !await notices.claimForAddress(job.home, 'accountExists', jobId)) return null
    return { to: owner.email, locale: owner.locale, message: { kind: 'accountExists', name: owner.name, client, at } }
  }

  async function prepareNotice ({ notice, accountId, client, at }: NoticeJob, jobId: string): Promise<PreparedMail | null> {
    const owner = await accounts.find(accountId)
    if (!owner || !await notices.claimForAccount(accountId, notice, jobId)) return null
    return { to: owner.email, locale: owner.locale, message: { kind: notice, name: owner.name, client, at } }
  }
}
