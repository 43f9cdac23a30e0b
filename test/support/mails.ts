import type { MailKind, MailMessage } from '../../src/platform/locales/messages.ts'

export const CODE = '483920'
export const at = Date.UTC(2026, 10, 21, 1, 40)
export const facts = { client: { device: 'Firefox on Linux', ip: '2001:db8::7' }, at, name: 'Олена' }
export const code = { code: CODE, ttlMinutes: 5 }
/** Every mail there is. */
export const messages: Record<MailKind, MailMessage> = {
  signUpCode: { kind: 'signUpCode', client: facts.client, at, ...code },
  loginCode: { kind: 'loginCode', ...facts, ...code },
  reauthCode: { kind: 'reauthCode', ...facts, ...code },
  accountExists: { kind: 'accountExists', ...facts },
  refreshTheft: { kind: 'refreshTheft', ...facts },
  wrongCodes: { kind: 'wrongCodes', ...facts },
  trustedDeviceReused: { kind: 'trustedDeviceReused', ...facts },
  newDevice: { kind: 'newDevice', ...facts },
  resetCode: { kind: 'resetCode', ...facts, ...code },
  passwordChanged: { kind: 'passwordChanged', ...facts },
  passwordReset: { kind: 'passwordReset', ...facts },
  twoFactorOn: { kind: 'twoFactorOn', ...facts },
  twoFactorOff: { kind: 'twoFactorOff', ...facts },
  emailCodeOn: { kind: 'emailCodeOn', ...facts },
  emailCodeOff: { kind: 'emailCodeOff', ...facts },
  emailChangeCode: { kind: 'emailChangeCode', client: facts.client, at, ...code },
  emailChangeRequested: { kind: 'emailChangeRequested', ...facts },
  emailChanged: { kind: 'emailChanged', ...facts },
  accountDeleted: { kind: 'accountDeleted', ...facts },
  phoneOn: { kind: 'phoneOn', ...facts },
  phoneOff: { kind: 'phoneOff', ...facts },
  roleChanged: { kind: 'roleChanged', ...facts },
  accountDisabled: { kind: 'accountDisabled', ...facts },
  accountEnabled: { kind: 'accountEnabled', ...facts },
  factorsReset: { kind: 'factorsReset', ...facts },
  invitation: { kind: 'invitation', ...facts, path: '/invitation#the-token' },
  emailChangeLink: { kind: 'emailChangeLink', client: facts.client, at, path: '/confirm-email#the-token' },
  locksLifted: { kind: 'locksLifted', ...facts },
  passkeyAdded: { kind: 'passkeyAdded', ...facts },
  passkeyRemoved: { kind: 'passkeyRemoved', ...facts },
  passkeyCloned: { kind: 'passkeyCloned', ...facts },
  totpOn: { kind: 'totpOn', ...facts },
  totpOff: { kind: 'totpOff', ...facts },
  recoveryCodesNew: { kind: 'recoveryCodesNew', ...facts },
  recoveryCodeUsed: { kind: 'recoveryCodeUsed', ...facts, left: 3 },
  codesLocked: { kind: 'codesLocked', ...facts }
}
