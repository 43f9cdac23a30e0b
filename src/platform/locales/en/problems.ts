import type { ProblemSentences } from '../problem-sentences.ts'
import { pluralOf, waitOf } from '../plural.ts'

const plural = pluralOf('en')
const wait = waitOf({
  seconds: (n) => plural(n, '# second', '# seconds'),
  minutes: (n) => plural(n, '# minute', '# minutes'),
  hours: (n) => plural(n, '# hour', '# hours')
})

const tryAgain = (seconds: number | undefined): string =>
  seconds === undefined ? 'Please try again a little later.' : `Please try again in ${wait(seconds)}.`

const attempts = (left: number | undefined): string => {
  if (left === undefined) return 'Check the latest mail and try again.'
  if (left === 0) return 'That was the last attempt. Start again, and we will send a new code.'
  return `Check the latest mail and try again. ${plural(left, '# attempt left.', '# attempts left.')}`
}

export const problems: ProblemSentences = {
  VALIDATION_FAILED: {
    title: 'Something is filled in wrong',
    detail: () => 'Correct the fields listed here and send it again.'
  },
  OTP_INVALID: { title: 'The code is wrong', detail: ({ attemptsLeft }) => attempts(attemptsLeft) },
  OTP_EXPIRED: { title: 'The code has expired', detail: () => 'Ask for a new code: it will be in your mail in a moment.' },
  PASSWORD_WEAK: { title: 'This password is too easy to guess', detail: () => 'Choose a longer or less common one.' },
  CREDENTIALS_INVALID: {
    title: 'E-mail or password is wrong',
    detail: () => 'Check both and try again. If you have only just signed up, confirm your address with the code from our mail first.'
  },
  TOKEN_MISSING: { title: 'You are not signed in', detail: () => 'Sign in and try again.' },
  TOKEN_INVALID: { title: 'This sign-in is not valid', detail: () => 'Sign in again.' },
  TOKEN_EXPIRED: { title: 'Your sign-in needs renewing', detail: () => 'Refresh the session, or sign in again.' },
  CHALLENGE_INVALID: {
    title: 'This attempt is over',
    detail: () => 'Start again from the beginning, and we will send a new code.'
  },
  REFRESH_TOKEN_INVALID: { title: 'Your session has ended', detail: () => 'Sign in again.' },
  REFRESH_TOKEN_REUSED: {
    title: 'We ended your session to protect you',
    detail: () => 'Its key was used a second time, so someone may have copied it. Sign in again.'
  },
  SESSION_ENDED: { title: 'Your session has ended', detail: () => 'Sign in again.' },
  SECOND_FACTOR_REQUIRED: { title: 'One more step', detail: () => 'Enter the code we sent you to finish signing in.' },
  REAUTHENTICATION_REQUIRED: {
    title: 'Please confirm it is you', detail: () => 'Enter your password again, then repeat what you were doing.'
  },
  CAPTCHA_REQUIRED: {
    title: 'A short check first',
    detail: () => 'There were many attempts lately. Your browser has to solve a small task before the next one.'
  },
  FORBIDDEN: {
    title: 'You may not do this', detail: () => 'Your account does not have the rights. Ask an administrator if you need them.'
  },
  ORIGIN_FORBIDDEN: { title: 'This request came from another site', detail: () => 'Open our own page and try again there.' },
  NOT_FOUND: { title: 'There is nothing here', detail: () => 'Check the address.' },
  METHOD_NOT_ALLOWED: {
    title: 'This address is used in another way',
    detail: ({ allow }) => allow ? `Allowed here: ${allow}.` : 'Check the method of the request.'
  },
  CONFLICT: { title: 'Something has changed in the meantime', detail: () => 'Reload and try again.' },
  BODY_TOO_LARGE: { title: 'The request is too large', detail: () => 'Send less at once.' },
  MEDIA_TYPE_UNSUPPORTED: { title: 'This format is not accepted', detail: () => 'Send JSON with “Content-Type: application/json”.' },
  EXPECTATION_FAILED: { title: 'This expectation cannot be met', detail: () => 'Send the request without the “Expect” header.' },
  OTP_ATTEMPTS_EXCEEDED: {
    title: 'Too many wrong codes',
    detail: ({ retryAfterSeconds }) => `To keep your account safe, codes are not accepted for now. ${tryAgain(retryAfterSeconds)}`
  },
  RESEND_TOO_EARLY: {
    title: 'The last code was sent only just now',
    detail: ({ retryAfterSeconds }) => retryAfterSeconds === undefined
      ? 'Wait a little before asking for another one.'
      : `You can ask for another one in ${wait(retryAfterSeconds)}.`
  },
  TOO_MANY_REQUESTS: { title: 'Too many attempts', detail: ({ retryAfterSeconds }) => tryAgain(retryAfterSeconds) },
  HEADERS_TOO_LARGE: {
    title: 'Your browser sends too many cookies',
    detail: () => 'The request has more than 16 KiB of headers. Clear the cookies of this site and try again.'
  },
  INTERNAL: {
    title: 'Something went wrong on our side', detail: () => 'Try again. If it happens once more, tell us the number of this request.'
  },
  SERVICE_UNAVAILABLE: {
    title: 'We are not available right now',
    detail: ({ retryAfterSeconds }) => 'Nothing has been changed. ' +
    `${tryAgain(retryAfterSeconds)}`
  }
}
