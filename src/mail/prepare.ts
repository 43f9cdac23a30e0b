import type { AccountsStore } from '../accounts/accounts-store.ts'
import { type Purpose, toMinutes } from '../challenges/challenge.ts'
import type { ChallengesStore, ChallengeView } from '../challenges/challenges-store.ts'
import type { Locale } from '../locales/index.ts'
import type { TotpStore } from '../second-factors/totp-store.ts'
import type { Client } from '../sessions/session.ts'
import type { CodeJob, MailJob, NoticeJob } from './jobs.ts'
import type { MailMessage } from './messages.ts'
import type { NoticesStore } from './notices-store.ts'

export interface PreparedMail { to: string, locale: Locale, message: MailMessage }

/** Looks up what a job is about. Null when there is nothing to say any more: the code no longer lives, or the owner was told already. */
export function createMailPreparation (
  { accounts, challenges, notices, totp }: { accounts: AccountsStore, challenges: ChallengesStore, notices: NoticesStore, totp: Pick<TotpStore, 'recoveryCodesLeft'> }
): (job: MailJob, jobId: string) => Promise<PreparedMail | null> {
  return async (job, jobId) => job.kind === 'code' ? await prepareCode(job, jobId) : await prepareNotice(job, jobId)

  async function prepareCode (job: CodeJob, jobId: string): Promise<PreparedMail | null> {
    const attempt = await challenges.look(job)
    if (!attempt || attempt.mailNo !== job.mailNo) return null
    if (attempt.isSham && job.purpose === 'reset') return null
    if (attempt.isSham) return await prepareAccountExists(job, jobId, attempt)
    const { code, codeLeftMs, client, at, email, name, locale } = attempt
    if (code === null || codeLeftMs <= 0) return null
    const facts = { code, ttlMinutes: toMinutes(codeLeftMs), client, at }
    return {
      to: email,
      locale,
      message: codeMessage(job.purpose, name, facts)
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
    const facts = { name: owner.name, client, at }
    const message: MailMessage = notice === 'recoveryCodeUsed' ? { kind: notice, ...facts, left: await totp.recoveryCodesLeft(accountId) } : { kind: notice, ...facts }
    return { to: owner.email, locale: owner.locale, message }
  }
}

function codeMessage (purpose: Purpose, name: string, facts: { code: string, ttlMinutes: number, client: Client, at: number }): MailMessage {
  if (purpose === 'sign-up') return { kind: 'signUpCode', ...facts }
  return { kind: purpose === 'reset' ? 'resetCode' : 'loginCode', name, ...facts }
}
