import type { ChallengeRef } from '../records/challenges/challenge.ts'
import type { AddOptions } from '../platform/mail/outbox.ts'
import type { Client } from '../records/activity/actor.ts'
import type { LinkPurpose } from '../records/links/link.ts'
import type { Notice } from '../records/notices/notices-store.ts'

/** The code of an attempt. The worker looks it up: no secret and no address lies in the outbox. */
export interface CodeJob extends ChallengeRef {
  kind: 'code'
  /** Counts the mails of an attempt, so that an overtaken one is dropped. */
  mailNo: number
}

export type { Notice }

/** Tells an account's owner what happened, whether or not they asked. */
export interface NoticeJob {
  kind: 'notice'
  notice: Notice
  accountId: string
  client: Client
  /** Milliseconds since the epoch. */
  at: number
}

/** What an address is told that the account has no more, or may have no more when the mail leaves. */
export type SealedNotice = 'emailChangeRequested' | 'emailChanged' | 'accountDeleted'

/** A notice to one reader, sealed (sealed-reader.ts). `accountDeleted` is written before the deletion, and finishes it after a crash. */
export interface SealedNoticeJob {
  kind: 'sealed-notice'
  notice: SealedNotice
  accountId: string
  reader: string
  client: Client
  /** Milliseconds since the epoch. */
  at: number
}

/** A link that proves its mailbox: of an invitation, or of a new address that an admin has set. It is made when it is sent. */
export interface LinkJob {
  kind: 'link'
  purpose: LinkPurpose
  accountId: string
  linkId: string
  client: Client
  /** Milliseconds since the epoch. */
  at: number
}

export type MailJob = CodeJob | NoticeJob | SealedNoticeJob | LinkJob

/** Where mails are left to be sent. */
export interface Mailer {
  /** Resolves when the durable outbox has the mail. Rejects at once when it cannot. */
  send: (job: MailJob, options?: AddOptions) => Promise<void>
  /** The same for a notice that nobody asked for: a failure is logged and stops nothing. */
  notify: (job: MailJob) => Promise<void>
}
