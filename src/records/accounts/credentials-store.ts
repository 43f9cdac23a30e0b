import { encodeActor } from '../activity/activity.ts'
import { type Refusal, refusal } from '../refusals.ts'
import { Problem } from '../../errors.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { OutcomeRecord, RunScript } from '../../platform/redis/scripts.ts'
import type { Client } from '../sessions/session.ts'
import { readUser, type User } from './account.ts'

export interface NewPassword {
  record: string
  /** Long enough to be the only factor. */
  isLong: boolean
}

/** What a person may change of their own account; undefined is left as it is. */
export interface AccountChange {
  name?: string | undefined
  locale?: string | undefined
  isTwoFactorEnabled?: boolean | undefined
  isEmailCodeEnabled?: boolean | undefined
}

export type SwitchEvent = '' | 'profile_changed' | 'two_factor_on' | 'two_factor_off' | 'email_code_on' | 'email_code_off'

/** Changes of an account that concern how its owner proves to be the owner. Each ends what a change of a credential must end. */
export interface CredentialsStore {
  /** @throws Problem CREDENTIALS_INVALID when a credential changed since the password was proven, SESSION_ENDED */
  changePassword: (accountId: string, credentialVersion: string, password: NewPassword, keepSid: string, client: Client, once?: OutcomeRecord) => Promise<void>
  /** Once per credential version. @throws Problem CHALLENGE_INVALID */
  resetPassword: (accountId: string, credentialVersion: string, password: NewPassword, client: Client) => Promise<void>
  /** @throws Problem SESSION_ENDED, FORBIDDEN, CONFLICT, PASSWORD_WEAK (too short to stand without a second step) */
  change: (accountId: string, sid: string, change: AccountChange, isTwoFactorRequired: boolean, client: Client, once?: OutcomeRecord) => Promise<{ user: User, livesOn: boolean, event: SwitchEvent }>
}

const toSwitch = (value: boolean | undefined): string => value === undefined ? '' : value ? '1' : '0'

export function createCredentialsStore (run: RunScript): CredentialsStore {
  return {
    changePassword: async (accountId, credentialVersion, { record, isLong }, keepSid, client, once) => {
      const key = keys.account(accountId)
      const answer = await run<['ok'] | Refusal>('password-change', [key.record, key.session(keepSid)], [credentialVersion, record, toSwitch(isLong), keepSid, encodeActor(client)], once)
      if (answer[0] !== 'ok') throw refusal(answer)
    },

    resetPassword: async (accountId, credentialVersion, { record, isLong }, client) => {
      const answer = await run<['ok'] | Refusal>('password-reset', [keys.account(accountId).record], [credentialVersion, record, toSwitch(isLong), encodeActor(client)])
      if (answer[0] !== 'ok') throw refusal(answer)
    },

    change: async (accountId, sid, change, isTwoFactorRequired, client, once) => {
      const key = keys.account(accountId)
      const answer = await run<['ok', number, SwitchEvent, Array<string | null>] | ['ended'] | ['required'] | ['admin'] | ['short'] | ['no-totp']>('account-patch',
        [key.record, key.session(sid)],
        [encodeActor(client), sid, change.name ?? '', change.locale ?? '', toSwitch(change.isTwoFactorEnabled), toSwitch(change.isEmailCodeEnabled), toSwitch(isTwoFactorRequired)], once)
      switch (answer[0]) {
        case 'ok': return { livesOn: answer[1] === 1, event: answer[2], user: readUser(accountId, answer[3]) }
        case 'ended': throw new Problem('SESSION_ENDED')
        case 'short': throw new Problem('PASSWORD_WEAK')
        case 'no-totp': throw new Problem('CONFLICT')
        default: throw new Problem('FORBIDDEN')
      }
    }
  }
}
