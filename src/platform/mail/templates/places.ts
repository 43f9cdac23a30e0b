import type { Texts } from '../../locales/index.ts'
import type { MailKind } from '../../locales/messages.ts'

export type Place = keyof Texts['mail']['places']

/** Of our pages. */
export const PLACE_PATHS: Readonly<Record<Place, string>> = {
  signIn: '/login', password: '/settings#password', reset: '/forgot-password', settings: '/settings'
}

/** Where the reader does what the mail advises. One with a code has none: who learns to follow its link follows those of a phisher. */
export const PLACES: Readonly<Partial<Record<MailKind, Place>>> = {
  accountExists: 'signIn',
  accountEnabled: 'signIn',
  locksLifted: 'signIn',
  roleChanged: 'settings',
  factorsReset: 'settings',
  passkeyCloned: 'settings',
  recoveryCodeUsed: 'settings',
  newDevice: 'password',
  refreshTheft: 'password',
  trustedDeviceReused: 'password',
  wrongCodes: 'password',
  emailChangeRequested: 'password',
  codesLocked: 'reset',
  passwordChanged: 'reset',
  passwordReset: 'reset',
  twoFactorOn: 'reset',
  twoFactorOff: 'reset',
  emailCodeOn: 'reset',
  emailCodeOff: 'reset',
  totpOn: 'reset',
  totpOff: 'reset',
  recoveryCodesNew: 'reset',
  passkeyAdded: 'reset',
  passkeyRemoved: 'reset',
  phoneOn: 'reset',
  phoneOff: 'reset'
}
