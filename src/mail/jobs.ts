import type { Place } from '../challenges/challenge.ts'
import type { Client } from '../sessions/session.ts'

/** The code of an attempt. The worker looks it up: no secret and no address lies in the outbox. */
export interface CodeJob extends Place {
  kind: 'code'
  /** Counts the mails of an attempt, so that an overtaken one is dropped. */
  mailNo: number
}

export type Notice = 'refreshTheft' | 'wrongCodes' | 'newDevice' | 'trustedDeviceReused' | 'passwordChanged' | 'passwordReset' | 'twoFactorOn' | 'twoFactorOff' | 'emailCodeOn' | 'emailCodeOff'
  | 'roleChanged' | 'accountDisabled' | 'accountEnabled' | 'locksLifted'
  | 'totpOn' | 'totpOff' | 'recoveryCodesNew' | 'recoveryCodeUsed' | 'codesLocked'

/** Tells an account's owner what happened, whether or not they asked. */
export interface NoticeJob {
  kind: 'notice'
  notice: Notice
  accountId: string
  client: Client
  /** Milliseconds since the epoch. */
  at: number
}

export type MailJob = CodeJob | NoticeJob
