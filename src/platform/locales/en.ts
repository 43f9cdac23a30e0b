import { mails } from './en/mails.ts'
import { problems } from './en/problems.ts'
import { shortMessages } from './en/short-messages.ts'
import { validation } from './en/validation.ts'

/** The widened type of the English sentences: what every other language must say too. */
export type Sentences = typeof en

export const en = {
  /** The language's own name, for a switch. */
  languageName: 'English',
  problems,
  validation,
  messages: {
    codeSent: (maskedDestination: string): string =>
      `We have sent a code to ${maskedDestination}. Enter it to confirm the address.`,
    codeSentLogin: (maskedDestination: string): string =>
      `We have sent a sign-in code to ${maskedDestination}.`,
    codeSentPhone: (maskedDestination: string): string =>
      `We have sent a code to ${maskedDestination}. Enter it to confirm the number.`,
    emailChanged: 'Your address has been changed. From now on you sign in with the new one.',
    phoneOn: 'The number is confirmed. Codes can be sent to it from now on.',
    phoneOff: 'The number has been removed.',
    useAuthenticator: 'Enter the code that your authenticator app shows.',
    totpStarted: 'Scan the QR code with your authenticator app, then enter the code it shows.',
    totpOn: 'The authenticator app is on. Keep the recovery codes in a safe place: they are shown only now.',
    totpOff: 'The authenticator app has been removed. Codes come by e-mail again.',
    recoveryCodesNew: 'These are your new recovery codes. Keep them in a safe place: they are shown only now.',
    emailConfirmed: 'E-mail confirmed! Welcome!',
    signedIn: 'You are signed in.',
    passwordUpdated: 'Password updated successfully',
    passwordReset: 'Your password has been changed. Sign in with the new one.',
    resetCodeSent: 'If the address has an account, we have sent it a code. Enter it to choose a new password.'
  },
  /** What the pages say before they run. */
  pages: {
    noScript: 'This page needs JavaScript. Switch it on and reload.',
    cookiesHelp: (host: string): string =>
      `They come from pages on ${host}, perhaps from another application there. Delete the cookies of ${host} in your browser’s ` +
      'settings, then reload this page. You will have to sign in again.',
    requestId: 'Request ID'
  },
  /** The page of the local mailbox. */
  mailbox: {
    title: 'Local mailbox',
    hint: 'Every mail this server sends lands here. Nothing leaves this machine.',
    empty: 'No mail yet. Sign up or sign in, and the code appears here by itself.',
    to: 'To',
    textPart: 'As plain text',
    arrived: (subject: string): string => `New mail: ${subject}`
  },
  shortMessages,
  mails
}
