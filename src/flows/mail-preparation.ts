import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import { canonicalAddress } from '../records/accounts/address.ts'
import type { DeletionsStore } from '../records/accounts/deletions-store.ts'
import type { Delivery } from '../platform/channels/channel.ts'
import { type Purpose, toMinutes } from '../records/challenges/challenge.ts'
import type { ChallengesStore, ChallengeView } from '../records/challenges/challenges-store.ts'
import { now } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { TotpStore } from '../records/second-factors/totp-store.ts'
import type { Client } from '../records/activity/actor.ts'
import type { CodeJob, MailJob, NoticeJob, SealedNoticeJob } from './mail-jobs.ts'
import type { MailMessage } from '../platform/locales/messages.ts'
import type { NoticesStore } from '../records/notices/notices-store.ts'
import { openReader } from './sealed-reader.ts'

interface Parts {
  accounts: AccountsStore
  challenges: ChallengesStore
  notices: NoticesStore
  totp: Pick<TotpStore, 'recoveryCodesLeft'>
  deletions: Pick<DeletionsStore, 'forgetAddress'>
  keyring: Keyring
  /** Whether short messages can leave at all. */
  hasSms: boolean
}

/** What did not follow its announcement within this time never will. */
const ANNOUNCED_MS = 60_000

/** Looks up what a job is about. Null when there is nothing to say any more: the code no longer lives, or the owner was told already. */
export function createMailPreparation (
  { accounts, challenges, notices, totp, deletions, keyring, hasSms }: Parts
): (job: MailJob, jobId: string) => Promise<Delivery | null> {
  return async (job, jobId) => {
    if (job.kind === 'code') return await prepareCode(job, jobId)
    return job.kind === 'notice' ? await prepareNotice(job, jobId) : await prepareSealed(job)
  }

  async function prepareCode (job: CodeJob, jobId: string): Promise<Delivery | null> {
    const attempt = await challenges.find(job)
    if (!attempt || attempt.mailNo !== job.mailNo) return null
    if (attempt.isDecoy && job.purpose === 'reset') return null
    if (attempt.isDecoy) return await prepareAccountExists(attempt.fields['newTag'] ?? job.ownerKey, jobId, attempt)
    const { code, codeLeftMs, client, at, email, name, locale, phone, channel, fields } = attempt
    if (code === null || codeLeftMs <= 0) return null
    const facts = { code, ttlMinutes: toMinutes(codeLeftMs), client, at }
    if (channel !== 'sms') return { channel: 'email', to: fields['email'] ?? email, locale, message: codeMessage(job.purpose, name, facts) }
    const to = fields['phone'] ?? phone
    return hasSms && to !== ''
      ? {
          channel, to, locale, message: { kind: job.purpose === 'phone' ? 'phoneCode' : 'loginCode', ...facts }
        }
      : null
  }

  /** Somebody signs up with (or changes to) an address that has an account: its owner hears of it once a day. */
  async function prepareAccountExists (addressTag: string, jobId: string, { client, at }: ChallengeView): Promise<Delivery | null> {
    const owner = await accounts.findOwner(addressTag)
    if (!owner || !await notices.claimForAddress(addressTag, 'accountExists', jobId)) return null
    const message = { kind: 'accountExists' as const, name: owner.name, client, at }
    return { channel: 'email', to: canonicalAddress(owner.email), locale: owner.locale, message }
  }

  async function prepareNotice ({ notice, accountId, client, at }: NoticeJob, jobId: string): Promise<Delivery | null> {
    const owner = await accounts.find(accountId)
    if (!owner || !await notices.claimForAccount(accountId, notice, jobId)) return null
    const facts = { name: owner.name, client, at }
    const message: MailMessage = notice === 'recoveryCodeUsed'
      ? {
          kind: notice, ...facts, left: await totp.recoveryCodesLeft(accountId)
        }
      : { kind: notice, ...facts }
    return { channel: 'email', to: canonicalAddress(owner.email), locale: owner.locale, message }
  }

  async function prepareSealed ({ notice, accountId, reader: sealed, client, at }: SealedNoticeJob): Promise<Delivery | null> {
    const reader = openReader(keyring, accountId, sealed)
    if (!reader) return null
    const account = await accounts.find(accountId)
    if (!account && notice !== 'accountDeleted') return null
    const isDone = notice === 'accountDeleted' ? !account : notice === 'emailChangeRequested' || account?.email !== reader.to
    if (!isDone && now() - at < ANNOUNCED_MS) throw new Error('what it tells has not happened yet')
    if (!isDone) return null
    if (!account) await deletions.forgetAddress(accountId, reader.to)
    const message = { kind: notice, name: reader.name, client, at }
    return { channel: 'email', to: canonicalAddress(reader.to), locale: reader.locale, message }
  }
}

function codeMessage (
  purpose: Purpose, name: string, facts: { code: string, ttlMinutes: number, client: Client, at: number }
): MailMessage {
  if (purpose === 'sign-up') return { kind: 'signUpCode', ...facts }
  if (purpose === 'email-change') return { kind: 'emailChangeCode', ...facts }
  return { kind: purpose === 'reset' ? 'resetCode' : 'loginCode', name, ...facts }
}
