import {
  type AuthenticationResponseJSON, type PublicKeyCredentialCreationOptionsJSON, type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON, startAuthentication, startRegistration, WebAuthnAbortService
} from '@simplewebauthn/browser'

export type Assertion = AuthenticationResponseJSON
export type RequestOptions = PublicKeyCredentialRequestOptionsJSON
export type CreationOptions = PublicKeyCredentialCreationOptionsJSON

/** Asks for a passkey, in place of what was asked before. `signal` calls the question off. */
export async function get (optionsJSON: RequestOptions, useBrowserAutofill = false, signal?: AbortSignal): Promise<Assertion> {
  signal?.throwIfAborted()
  const stop = (): void => { WebAuthnAbortService.cancelCeremony() }
  signal?.addEventListener('abort', stop)
  try {
    return await startAuthentication({ optionsJSON, useBrowserAutofill })
  } finally {
    signal?.removeEventListener('abort', stop)
  }
}

export const create = async (optionsJSON: CreationOptions): Promise<RegistrationResponseJSON> => await startRegistration({ optionsJSON })

/** Of an account of ours. Passkeys that came from elsewhere have another one, and may still serve as a second step. */
const OUR_HANDLE = /^[\w-]{22}$/

/** Tells the browser's store that there is no such passkey, so that it is not offered again. */
export function forget ({ rpId }: RequestOptions, { id, response: { userHandle } }: Assertion): void {
  const isOurs = OUR_HANDLE.test(atob((userHandle ?? '').replaceAll('-', '+').replaceAll('_', '/')))
  if (!isOurs || rpId === undefined || !('signalUnknownCredential' in PublicKeyCredential)) return
  PublicKeyCredential.signalUnknownCredential({ rpId, credentialId: id }).catch(() => {})
}
