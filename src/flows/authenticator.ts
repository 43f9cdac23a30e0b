import { issuerOf, otpauthAddress, qrSvg } from '../records/second-factors/totp.ts'
import type { TotpStore } from '../records/second-factors/totp-store.ts'
import type { Notices } from './notices.ts'
import type { Principal, Requester } from './requester.ts'

export interface AuthenticatorSetup {
  /** Base32. */
  secret: string
  /** `otpauth://totp/...`. */
  otpauth: string
  /** The same as a QR code: SVG text. */
  qr: string
}

/** An authenticator app, and the recovery codes beside it. */
export interface Authenticator {
  /** A fresh secret, to be shown once; nothing changes before `confirm`. @throws Problem SESSION_ENDED */
  start: (requester: Requester, principal: Principal) => Promise<AuthenticatorSetup>
  /**
   * Switches it on by its first code. @returns the recovery codes, to be shown once. @throws Problem OTP_INVALID, CHALLENGE_INVALID,
   * SESSION_ENDED
   */
  confirm: (requester: Requester, principal: Principal, otp: string) => Promise<string[]>
  /** @throws Problem NOT_FOUND, SESSION_ENDED */
  remove: (requester: Requester, principal: Principal) => Promise<void>
  recoveryCodesLeft: (principal: Principal) => Promise<number>
  /** The old codes are dead. @throws Problem CONFLICT, SESSION_ENDED */
  renewRecoveryCodes: (requester: Requester, principal: Principal) => Promise<string[]>
}

export function createAuthenticator (
  { totp, notices, brandName, publicUrl }: { totp: TotpStore, notices: Notices, brandName: string, publicUrl: string }
): Authenticator {
  const issuer = issuerOf(brandName, publicUrl)
  const sessionOf = ({ client }: Requester, { user, sid }: Principal) => ({ accountId: user.id, sid, client })

  return {
    start: async (requester, principal) => {
      const secret = await totp.start(sessionOf(requester, principal))
      const otpauth = otpauthAddress(issuer, principal.user.email, secret)
      return { secret, otpauth, qr: await qrSvg(otpauth) }
    },
    confirm: async (requester, principal, otp) => {
      const recoveryCodes = await totp.confirm(sessionOf(requester, principal), otp)
      await notices.notifyOwner(principal.user.id, 'totpOn', requester.client)
      return recoveryCodes
    },
    remove: async (requester, principal) => {
      await totp.remove(sessionOf(requester, principal))
      await notices.notifyOwner(principal.user.id, 'totpOff', requester.client)
    },
    recoveryCodesLeft: async ({ user }) => await totp.recoveryCodesLeft(user.id),
    renewRecoveryCodes: async (requester, principal) => {
      const recoveryCodes = await totp.renewRecoveryCodes(sessionOf(requester, principal))
      await notices.notifyOwner(principal.user.id, 'recoveryCodesNew', requester.client)
      return recoveryCodes
    }
  }
}
