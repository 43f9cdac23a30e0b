import type { User } from '@dvokrok/client'
import { serverConfig } from '../../app/server-config.ts'
import { hasPasskeys } from '../../session/passkeys.ts'

// What the browser's store is told, so that it offers no passkey in vain. Old browsers do not hear it.

const accountOf = ({ id }: User) => ({
  rpId: serverConfig.passkeyDomain,
  userId: btoa(id).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
})
const ignore = (): void => {}

/** These are all passkeys of the account. The list must be of this moment: the browser forgets what is not in it. */
export function tellAccepted (user: User, allAcceptedCredentialIds: string[]): void {
  if (!hasPasskeys || !('signalAllAcceptedCredentials' in PublicKeyCredential)) return
  PublicKeyCredential.signalAllAcceptedCredentials({ ...accountOf(user), allAcceptedCredentialIds }).catch(ignore)
}

/** What the account is called. */
export function tellName (user: User): void {
  if (!hasPasskeys || !('signalCurrentUserDetails' in PublicKeyCredential)) return
  PublicKeyCredential.signalCurrentUserDetails({ ...accountOf(user), name: user.email, displayName: user.name }).catch(ignore)
}
