import { serverConfig } from '../../app/server-config.ts'
import type { Words } from '../../i18n/index.ts'
import type { AttemptHandle } from './use-attempt.ts'

/** Heading and lead of the page that asks for this method's code. */
export function codeHeading ({ code }: Words, { method, view }: AttemptHandle): { heading: string, lead: string } {
  if (method === 'totp') return { heading: code.headingTotp, lead: code.leadTotp }
  if (method === 'recovery_code') return { heading: code.headingRecovery, lead: code.leadRecovery }
  const heading = method === 'sms' ? code.headingSms : code.headingEmail
  if (!view) return { heading, lead: '' }
  const isSent = view.codeExpiresAt > 0 || view.resendAt > 0 || view.methods[0] === method
  return { heading, lead: isSent ? code.leadSent(serverConfig.codeLength, view.destination) : code.leadNotSent(view.destination) }
}
