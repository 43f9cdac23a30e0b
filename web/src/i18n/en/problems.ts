import { pluralOf } from '../plural.ts'
import type { AllProblemWords } from '../problem-words.ts'
import { soon } from './wait.ts'

const plural = pluralOf('en')

const guess = (left: number | undefined): string => {
  if (left === undefined) return 'Look for the newest code and try again.'
  if (left === 0) return 'That was the last attempt. Start again, and we will send a new code.'
  return `Look for the newest code and try again. ${plural(left, '# attempt left.', '# attempts left.')}`
}

export const problems: AllProblemWords = {
  VALIDATION_FAILED: { title: 'Something is filled in wrong', next: () => 'Correct the marked fields and send again.' },
  OTP_INVALID: { title: 'That is not the code', next: ({ attemptsLeft }) => guess(attemptsLeft) },
  OTP_EXPIRED: { title: 'This code has expired', next: () => 'Ask for a new one: it arrives in a moment. It cost you no attempt.' },
  PASSWORD_WEAK: { title: 'This password is too easy to guess', next: () => 'Choose a longer or less common one.' },
  CREDENTIALS_INVALID: {
    title: 'The e-mail or the password is wrong',
    next: () => 'Check both and try again. Just signed up? Confirm your address with the code from our mail first.'
  },
  TOKEN_MISSING: { title: 'You are not signed in', next: () => 'Sign in to go on.' },
  TOKEN_INVALID: { title: 'This sign-in is no longer valid', next: () => 'Sign in again.' },
  TOKEN_EXPIRED: { title: 'Your sign-in has expired', next: () => 'Sign in again.' },
  CHALLENGE_INVALID: { title: 'This attempt is over', next: () => 'Start again, and we will send a new code.' },
  REFRESH_TOKEN_INVALID: { title: 'Your session has ended', next: () => 'Sign in again.' },
  REFRESH_TOKEN_REUSED: {
    title: 'We ended your session to protect you',
    next: () => 'Its key was used twice, so somebody may have copied it. Sign in again and look through your sessions.'
  },
  SESSION_ENDED: { title: 'Your session has ended', next: () => 'It was ended elsewhere, or its time was up. Sign in again.' },
  SECOND_FACTOR_REQUIRED: { title: 'One more step', next: () => 'Enter the code to finish signing in.' },
  REAUTHENTICATION_REQUIRED: { title: 'Please confirm it is you', next: () => 'Enter your password again, then repeat this.' },
  CAPTCHA_REQUIRED: {
    title: 'A short check was not finished',
    next: () => 'There were many attempts lately, so your browser has to solve a small task. Send again and leave this page open.'
  },
  FORBIDDEN: { title: 'You may not do this', next: () => 'Ask an administrator if you need it.' },
  ORIGIN_FORBIDDEN: {
    title: 'This page was opened under another address',
    next: () => 'Open the site under its usual address and try again there.'
  },
  NOT_FOUND: { title: 'This is no longer here', next: () => 'Reload the page to see how things are now.' },
  METHOD_NOT_ALLOWED: { title: 'The page and the server do not understand each other', next: () => 'Reload the page and try again.' },
  CONFLICT: { title: 'Something has changed in the meantime', next: () => 'Reload the page and try again.' },
  BODY_TOO_LARGE: { title: 'That is too much at once', next: () => 'Shorten what you typed and send again.' },
  MEDIA_TYPE_UNSUPPORTED: { title: 'The page and the server do not understand each other', next: () => 'Reload the page and try again.' },
  EXPECTATION_FAILED: { title: 'The page and the server do not understand each other', next: () => 'Reload the page and try again.' },
  HEADERS_TOO_LARGE: {
    title: 'Your browser sends too many cookies',
    next: () => 'Delete the cookies of this site in your browser’s settings and reload the page.'
  },
  OTP_ATTEMPTS_EXCEEDED: {
    title: 'Too many wrong codes',
    next: ({ retryAfterSeconds }) => `To keep your account safe, we accept no codes for now. ${soon(retryAfterSeconds)}`
  },
  RESEND_TOO_EARLY: { title: 'The last code was sent only just now', next: ({ retryAfterSeconds }) => soon(retryAfterSeconds) },
  TOO_MANY_REQUESTS: { title: 'Too many attempts', next: ({ retryAfterSeconds }) => soon(retryAfterSeconds) },
  INTERNAL: { title: 'Something went wrong on our side', next: () => 'Nothing you typed is lost. Try again in a moment.' },
  SERVICE_UNAVAILABLE: {
    title: 'We cannot be reached for a moment',
    next: ({ retryAfterSeconds }) => `Nothing you typed is lost. ${soon(retryAfterSeconds)}`
  },
  HTTPS_NEEDED: {
    title: 'This check needs https',
    next: () => 'Your browser can only solve it on an https address. Open this site with https:// or ask its operator.'
  },
  NETWORK: { title: 'No connection', next: () => 'Nothing you typed is lost. Check your network and try again.' }
}
