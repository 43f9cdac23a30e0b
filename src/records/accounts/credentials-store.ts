import type { Client, SessionActor } from '../activity/actor.ts'
import { refusal } from '../refusals.ts'
import { Problem } from '../../errors.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { OutcomeRecord, RunScript } from '../../platform/redis/script.ts'
import { readUser, type User } from './account.ts'
import { changePassword, disownAccount, patchAccount, resetPassword, type SWITCH_EVENTS } from './account-scripts.ts'

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

export type SwitchEvent = typeof SWITCH_EVENTS[number]

/** Changes of an account that concern how its owner proves to be the owner. Each ends what a change of a credential must end. */
/** `back`: the address that the account is to have again, which is bound to it already. */
export interface Disowned { at: number, back: { email: string, newTag: string, oldTag: string } | null, client: Client }

export interface CredentialsStore {
  /** @throws Problem CREDENTIALS_INVALID when a credential changed since the password was proven, SESSION_ENDED */
  changePassword: (
    session: SessionActor, change: { credentialVersion: string, password: NewPassword }, record?: OutcomeRecord
  ) => Promise<void>
  /** Once per credential version. @throws Problem CHALLENGE_INVALID */
  resetPassword: (accountId: string, reset: { credentialVersion: string, password: NewPassword, client: Client }) => Promise<void>
  /** Ends everything, and what was done since `at`, for whoever reads the account's mail. @throws Problem CHALLENGE_INVALID (it is gone) */
  disown: (accountId: string, disowned: Disowned) => Promise<'ok' | 'restored' | 'done'>
  /** @throws Problem SESSION_ENDED, FORBIDDEN, CONFLICT, PASSWORD_WEAK (too short to stand without a second step) */
  change: (
    session: SessionActor, change: AccountChange & { isTwoFactorRequired: boolean }, record?: OutcomeRecord
  ) => Promise<{ user: User, livesOn: boolean, event: SwitchEvent }>
}

export function createCredentialsStore (run: RunScript): CredentialsStore {
  return {
    changePassword: async ({ accountId, sid, client }, { credentialVersion, password }, record) => {
      const key = keys.account(accountId)
      const answer = await run(changePassword, { account: key.record, session: key.session(sid) },
        { credentialVersion, record: password.record, isLong: password.isLong, sid, actor: client }, record)
      if (answer.outcome !== 'ok') throw refusal(answer)
    },

    resetPassword: async (accountId, { credentialVersion, password, client }) => {
      const answer = await run(resetPassword, { account: keys.account(accountId).record },
        { credentialVersion, record: password.record, isLong: password.isLong, actor: client })
      if (answer.outcome !== 'ok') throw refusal(answer)
    },

    disown: async (accountId, { at, back, client }) => {
      const { record: account, devices, passkeys, recovery, otherAddresses } = keys.account(accountId)
      const answer = await run(disownAccount, { account, devices, passkeys, recovery, otherAddresses },
        { actor: client, eventAtMs: at, email: back?.email, newTag: back?.newTag, oldTag: back?.oldTag })
      if (answer.outcome === 'gone') throw refusal(answer)
      return answer.outcome === 'ok' && answer.isRestored ? 'restored' : answer.outcome
    },

    change: async ({ accountId, sid, client }, { name, locale, isTwoFactorEnabled, isEmailCodeEnabled, isTwoFactorRequired }, record) => {
      const key = keys.account(accountId)
      const answer = await run(patchAccount, { account: key.record, session: key.session(sid) },
        { actor: client, sid, name, locale, isTwoFactorEnabled, isEmailCodeEnabled, isTwoFactorRequired }, record)
      switch (answer.outcome) {
        case 'ok': return { livesOn: answer.livesOn, event: answer.event, user: readUser(accountId, answer.user) }
        case 'ended': throw new Problem('SESSION_ENDED')
        case 'short': throw new Problem('PASSWORD_WEAK')
        case 'only': throw new Problem('CONFLICT')
        case 'required': case 'admin': throw new Problem('FORBIDDEN')
      }
    }
  }
}
