import { isWithin, type PasskeyConfig } from '../../platform/config/passkeys.ts'
import { fail, type Finding, pass, unchecked } from './finding.ts'
import { type Answer, type Asker, fieldsOf } from './http.ts'

/** What a page is told that asks to sign in by passkey. */
export const lookAtPasskeys = async ({ target, ask }: Asker): Promise<Answer> =>
  await ask('/auth/passkeys/options', { method: 'POST', headers: { origin: target }, body: {} })

/** Whether pages of `target` may use the passkeys that the server asks for. `own`: the settings, where this machine has them. */
export function judgePasskeys (target: string, answer: Answer, own: PasskeyConfig | undefined): Finding {
  const { hostname } = new URL(target)
  const { options } = fieldsOf(answer)
  const rpId = typeof options === 'object' && options !== null && 'rpId' in options ? String(options.rpId) : ''
  if (answer.status !== 200 || rpId === '') {
    return unchecked('passkeys.domain', `Asked for a sign-in by passkey, the server answers ${answer.status}.`)
  }
  if (!isWithin(hostname, rpId)) {
    return fail('passkeys.domain', `Passkeys belong to ${rpId}: browsers refuse them on pages of ${hostname}.`,
      `Set PUBLIC_URL to the address that people open, and PASSKEY_RP_ID to ${hostname} or a domain above it.`)
  }
  if (own && own.rpId !== rpId) {
    return fail('passkeys.domain', `The server uses passkeys of ${rpId}, these settings say ${own.rpId}.`,
      'Start the server with these settings, or give the doctor those of the server. Passkeys of the other domain do not work afterwards.')
  }
  return pass('passkeys.domain', `Passkeys belong to ${rpId}, and pages of ${hostname} may use them.`)
}
