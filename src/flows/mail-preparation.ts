import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import { canonicalAddress } from '../records/accounts/address.ts'
import type { DeletionsStore } from '../records/accounts/deletions-store.ts'
import type { Delivery } from '../platform/channels/channel.ts'
import { isWithAccount, type Purpose, toMinutes } from '../records/challenges/challenge.ts'
import type { ChallengesStore, ChallengeView } from '../records/challenges/challenges-store.ts'
import { now } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { TotpStore } from '../records/second-factors/totp-store.ts'
import type { Client } from '../records/activity/actor.ts'
import { type DisownLink, makeDisownToken } from '../records/links/disown-link.ts'
import { makeLinkToken } from '../records/links/link.ts'
import type { LinksStore } from '../records/links/links-store.ts'
import type { CodeJob, LinkJob, MailJob, Notice, NoticeJob, SealedNotice, SealedNoticeJob } from './mail-jobs.ts'
import type { MailMessage } from '../platform/locales/messages.ts'
import type { NoticesStore } from '../records/notices/notices-store.ts'
import { openReader } from './sealed-reader.ts'

interface Parts {
  accounts: AccountsStore
  challenges: ChallengesStore
  notices: NoticesStore
  totp: Pick<TotpStore, 'recoveryCodesLeft'>
  deletions: Pick<DeletionsStore, 'forgetAddress'>
  links: Pick<LinksStore, 'find' | 'invitationOf'>
  keyring: Keyring
  /** Whether short messages can leave at all. */
  hasSms: boolean
}

/** What did not follow its announcement within this time never will. */
const ANNOUNCED_MS = 60_000

/** What somebody may have done who is not the owner: a sign-in, a changed credential, a wrong code after the right password. */
const WARNINGS: ReadonlySet<Notice | SealedNotice> = new Set<Notice | SealedNotice>([
  'newDevice', 'refreshTheft', 'trustedDeviceReused', 'wrongCodes', 'codesLocked', 'recoveryCodeUsed', 'passkeyCloned',
  'passwordChanged', 'passwordReset', 'twoFactorOn', 'twoFactorOff', 'emailCodeOn', 'emailCodeOff', 'totpOn', 'totpOff', 'recoveryCodesNew',
  'passkeyAdded', 'passkeyRemoved', 'phoneOn', 'phoneOff', 'emailChangeRequested', 'emailChanged'
])

/** Looks up what a job is about. Null when there is nothing to say any more: the code no longer lives, or the owner was told already. */
export function createMailPreparation (
  { accounts, challenges, notices, totp, deletions, links, keyring, hasSms }: Parts
): (job: MailJob, jobId: string) => Promise<Delivery | null> {
  return async (job, jobId) => {
    if (job.kind === 'code') return await prepareCode(job, jobId)
    const delivery = await (job.kind === 'link' ? prepareLink(job) : job.kind === 'notice' ? prepareNotice(job, jobId) : prepareSealed(job))
    return delivery && { ...delivery, timeZone: await accounts.timeZoneOf(job.accountId) }
  }

  async function prepareCode (job: CodeJob, jobId: string): Promise<Delivery | null> {
    const attempt = await challenges.find(job)
    if (!attempt || attempt.mailNo !== job.mailNo) return null
    if (attempt.isDecoy && job.purpose === 'reset') return null
    if (attempt.isDecoy) return await prepareAccountExists(attempt.fields['newTag'] ?? job.ownerKey, jobId, attempt)
    const { code, codeLeftMs, client, at, email, name, locale, phone, channel, fields } = attempt
    if (code === null || codeLeftMs <= 0) return null
    const facts = { code, ttlMinutes: toMinutes(codeLeftMs), client, at }
    if (channel !== 'sms') {
      const timeZone = fields['timeZone'] || await accounts.timeZoneOf(isWithAccount(job) ? job.ownerKey : fields['accountId'] ?? '')
      return { channel: 'email', to: fields['email'] ?? email, locale, timeZone, message: codeMessage(job.purpose, name, facts) }
    }
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
    const invitation = owner?.status === 'invited' ? await links.invitationOf(owner.id) : null
    if (owner?.status === 'invited') return invitation && await prepareLink({ ...invitation, client, at })
    if (!owner || !await notices.claimForAddress(addressTag, 'accountExists', jobId)) return null
    const message = { kind: 'accountExists' as const, name: owner.name, client, at }
    const timeZone = await accounts.timeZoneOf(owner.id)
    return { channel: 'email', to: canonicalAddress(owner.email), locale: owner.locale, timeZone, message }
  }

  /** A link that was renewed or used meanwhile is not worth a mail. */
  async function prepareLink ({ client, at, ...link }: Omit<LinkJob, 'kind'>): Promise<Delivery | null> {
    const view = await links.find(link, now())
    if (!view) return null
    const { user: { name, locale }, email } = view
    const token = makeLinkToken(keyring, link)
    const message: MailMessage = link.purpose === 'invitation'
      ? { kind: 'invitation', name, path: `/invitation#${token}`, client, at }
      : { kind: 'emailChangeLink', path: `/confirm-email#${token}`, client, at }
    return { channel: 'email', to: canonicalAddress(email), locale, message }
  }

  async function prepareNotice ({ notice, accountId, client, at }: NoticeJob, jobId: string): Promise<Delivery | null> {
    const owner = await accounts.find(accountId)
    if (!owner || !await notices.claimForAccount(accountId, notice, jobId)) return null
    const facts = { name: owner.name, client, at, ...warning(notice, { accountId, at, leftEmail: null }) }
    const message: MailMessage = notice === 'recoveryCodeUsed'
      ? {
          kind: notice, ...facts, left: await totp.recoveryCodesLeft(accountId)
        }
      : { kind: notice, ...facts }
    return { channel: 'email', to: canonicalAddress(owner.email), locale: owner.locale, message }
  }

  /** The way out for a reader who did not do it. */
  function warning (notice: Notice | SealedNotice, link: DisownLink): { path?: string } {
    return WARNINGS.has(notice) ? { path: `/disown#${makeDisownToken(keyring, link)}` } : {}
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
    const leftEmail = notice === 'emailChanged' ? canonicalAddress(reader.to) : null
    const message = { kind: notice, name: reader.name, client, at, ...warning(notice, { accountId, at, leftEmail }) }
    return { channel: 'email', to: canonicalAddress(reader.to), locale: reader.locale, message }
  }
}

function codeMessage (
  purpose: Purpose, name: string, facts: { code: string, ttlMinutes: number, client: Client, at: number }
): MailMessage {
  if (purpose === 'sign-up') return { kind: 'signUpCode', ...facts }
  if (purpose === 'email-change') return { kind: 'emailChangeCode', ...facts }
  const kind = purpose === 'reset' ? 'resetCode' : purpose === 'reauth' ? 'reauthCode' : 'loginCode'
  return { kind, name, ...facts }
}
