import { serverConfig } from '../../app/server-config.ts'
import type { Words } from '../../i18n/index.ts'
import type { AttemptHandle } from './use-attempt.ts'

interface Heading { heading: string, lead?: string }

/** Heading and lead of the page that asks for this method's code. An address that was typed here is shown in full. */
export function codeHeading ({ code, register }: Words, { method, view, isOver }: AttemptHandle, typed?: string): Heading {
  if (isOver) return { heading: code.over }
  if (method === 'totp') return { heading: code.headingTotp, lead: code.leadTotp }
  if (method === 'passkey') return { heading: code.headingPasskey, lead: code.leadPasskey }
  if (method === 'recovery_code') return { heading: code.headingRecovery, lead: code.leadRecovery }
  const heading = method === 'sms' ? code.headingSms : code.headingEmail
  if (!view) return { heading }
  const destination = method === 'email' && typed !== undefined ? typed : view.destination
  // Nobody is told here whether the address has an account.
  if (view.purpose === 'sign-up') return { heading, lead: register.sentTo({ digits: serverConfig.codeLength, address: destination }) }
  const isSent = view.codeExpiresAt > 0 || view.resendAt > 0 || view.methods[0] === method
  return { heading, lead: isSent ? code.leadSent({ digits: serverConfig.codeLength, destination }) : code.leadNotSent({ destination }) }
}
