import type { CredentialsStore } from '../records/accounts/credentials-store.ts'
import type { RunOnce } from './idempotency.ts'
import type { NewPasswords } from './new-password.ts'
import type { Notices } from './notices.ts'
import type { Reauthentication } from './reauthentication.ts'
import type { Principal, Requester } from './requester.ts'

/**
 * Sets a new password after the current one; ends all other sessions, running challenges and trusted browsers.
 * @throws Problem CREDENTIALS_INVALID, PASSWORD_WEAK, SESSION_ENDED, TOO_MANY_REQUESTS, CONFLICT, VALIDATION_FAILED
 */
export type ChangePassword = (
  requester: Requester, principal: Principal, passwords: { currentPassword: string, newPassword: string }
) => Promise<void>

interface Dependencies {
  credentials: Pick<CredentialsStore, 'changePassword'>
  reauthentication: Pick<Reauthentication, 'verifyCurrentPassword'>
  newPasswords: NewPasswords
  notices: Notices
  runOnce: RunOnce
}

export function createChangePassword ({ credentials, reauthentication, newPasswords, notices, runOnce }: Dependencies): ChangePassword {
  return async (requester, principal, { currentPassword, newPassword }) => {
    const { user, sid } = principal
    const { client } = requester
    await runOnce(requester, { owner: { accountId: user.id }, binding: sid }, async (claim) => {
      // First: after the current password, this refusal would give away that it is right, and leave no trace.
      await newPasswords.requireStrong('/newPassword', newPassword, user)
      const { account } = await reauthentication.verifyCurrentPassword(requester, principal, currentPassword, 'password_changed')
      const change = { credentialVersion: account.credentialVersion, password: await newPasswords.hash(newPassword) }
      await credentials.changePassword({ accountId: user.id, sid, client }, change, claim?.record({}))
      await notices.notifyOwner(user.id, 'passwordChanged', client)
    }, async () => {})
  }
}
