import { generateSecret, generateURI, verifySync } from 'otplib'
import { plainCode } from '../challenges/challenge.ts'

/** RFC 6238 with the values that every authenticator app knows: SHA-1, 6 digits, steps of 30 s. */
const STEP_SECONDS = 30
/** RFC 6238 section 5.2: one step either way, for a phone's clock and for the way here. */
const TOLERANCE_SECONDS = STEP_SECONDS

/** 160 random bits in base32, the length that RFC 4226 section 4 recommends. */
export const newTotpSecret = (): string => generateSecret({ length: 20 })

/** Who the app says the code is for: the server's own name beside the brand's, so that two servers stay apart in one app. */
export const issuerOf = (brandName: string, publicUrl: string): string =>
  // A colon would end the issuer in the app's eyes.
  `${brandName.replaceAll(':', ' ')} (${new URL(publicUrl).hostname})`

/** The `otpauth://totp/...` address that an authenticator app reads. It holds the secret. */
export const otpauthAddress = (issuer: string, email: string, secret: string): string => generateURI({ issuer, label: email, secret })

/** A QR code as SVG text, drawn as one path, with the quiet zone of 4 modules that readers need. */
export async function qrSvg (text: string): Promise<string> {
  // Loaded when somebody sets up an app, for it takes 10 MB.
  const { default: qrcode } = await import('qrcode')
  return await qrcode.toString(text, { type: 'svg', margin: 4 })
}

/** The time step whose code was typed, if it is at most one step away from `atMs` (milliseconds since 1970), else null. */
export function matchingStep (secret: string, typed: string, atMs: number): number | null {
  const epoch = Math.floor(atMs / 1000)
  const verdict = verifySync({ secret, token: plainCode(typed), epoch, period: STEP_SECONDS, epochTolerance: TOLERANCE_SECONDS })
  return verdict.valid ? Math.floor(epoch / STEP_SECONDS) + verdict.delta : null
}
