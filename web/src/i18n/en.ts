import { problems } from './en/problems.ts'
import { pluralOf } from './plural.ts'

const plural = pluralOf('en')

/** Texts of the first pages. Every other language must implement `Words`. */
export const en = {
  problems,
  common: {
    continueTo: (brand: string) => `Continue to ${brand}`,
    links: { label: 'Help and legal', support: 'Help', terms: 'Terms', privacy: 'Privacy' },
    skip: 'Skip to the content',
    language: 'Language',
    loading: 'One moment…',
    slow: 'This takes longer than usual. Nothing is lost, we keep trying.',
    checking: 'Your browser is solving a small check task. This takes a few seconds…',
    tryAgain: 'Try again',
    tryAgainIn: (clock: string) => `Try again in ${clock}`,
    close: 'Close',
    cancel: 'Cancel',
    required: 'Please fill this in.',
    offline: 'No connection. We will go on as soon as it is back.',
    requestId: 'Request'
  },
  fields: {
    name: 'Your name',
    email: 'E-mail',
    emailShape: 'Enter an address like name@example.com.',
    password: 'Password',
    newPassword: 'New password',
    show: 'Show password',
    hide: 'Hide password',
    locked: 'Locked while we wait for the code',
    passwordRule: (min: number) => `At least ${plural(min, '# character', '# characters')}. A few unrelated words are best; any ` +
      'characters are welcome.',
    passwordShort: (missing: number) => plural(missing, '# more character needed.', '# more characters needed.'),
    strength: { label: 'Strength', tooShort: 'too short', weak: 'easy to guess', fair: 'fair', good: 'good', strong: 'strong' }
  },
  login: {
    title: 'Sign in',
    heading: 'Good to see you again',
    lead: 'Enter your e-mail and password, then confirm with a code.',
    submit: 'Continue',
    pending: 'Checking…',
    forgot: 'Forgot your password?',
    newHere: 'New here?',
    register: 'Create an account',
    back: 'Change e-mail or password',
    signedOut: 'You have signed out.',
    passwordChanged: 'Your password has been changed. Sign in with the new one.',
    accountDeleted: 'Your account has been deleted. Goodbye!',
    retry: 'Sign in again',
    attemptsUsed: 'All attempts of this sign-in are used up. Start a new one: we will send a new code.'
  },
  register: {
    title: 'Create an account',
    heading: 'Create your account',
    lead: 'One minute: your name, your address, a password. Then we send you a code.',
    submit: 'Create account',
    pending: 'Creating…',
    already: 'Have an account already?',
    login: 'Sign in',
    sent: 'Code sent',
    sentTo: (digits: number, address: string) => `We have sent a ${digits}-digit code to ${address}.`,
    goOn: 'Enter the code'
  },
  code: {
    title: 'Enter the code',
    titleEmail: 'Confirm your e-mail',
    headingEmail: 'Check your mail',
    headingSms: 'Check your messages',
    headingTotp: 'Open your authenticator',
    headingRecovery: 'Use a recovery code',
    leadSent: (digits: number, destination: string) => `We have sent a ${digits}-digit code to ${destination}.`,
    leadNotSent: (destination: string) => `A code can be sent to ${destination}.`,
    leadTotp: 'Enter the 6 digits that your authenticator app shows now.',
    leadRecovery: 'Each of your recovery codes works once.',
    label: (digits: number) => `Code, ${digits} digits`,
    labelRecovery: 'Recovery code',
    recoveryShape: 'A recovery code has 16 characters: letters, and digits from 2 to 7.',
    hint: 'You can paste the code. It is sent by itself after the last digit.',
    submit: 'Confirm',
    pending: 'Checking the code…',
    validFor: (clock: string) => `The code is valid for ${clock}`,
    validForLabel: 'Time left for the code',
    expired: 'The code has expired. Ask for a new one.',
    left: (n: number) => plural(n, '# attempt left', '# attempts left'),
    noCode: 'No code?',
    help: 'Look in the spam folder, and check the address. A message can take a minute.',
    resend: 'Send the code again',
    resendNew: 'Send a code',
    resendIn: (clock: string) => `Send again in ${clock}`,
    resending: 'Sending…',
    sent: 'Code sent.',
    canResend: 'You can ask for another code now.',
    secondsLeft: (n: number) => plural(n, '# second left for the code.', '# seconds left for the code.'),
    other: 'Another way',
    by: {
      email: 'Send a code by e-mail',
      sms: 'Send a code by SMS',
      totp: 'Use the authenticator app',
      recovery_code: 'Use a recovery code'
    },
    trust: 'Trust this device for 30 days',
    trustHint: 'No code will be asked in this browser. Only on a device that is yours.',
    wrongAddress: 'Wrong address? Go back',
    startAgain: 'Start again',
    over: 'This attempt is over',
    overLead: 'It was finished, its time is up, or it belongs to another browser. Start again, and we will send a new code.',
    usedUp: 'All attempts are used up. Start again, and we will send a new code.',
    confirmed: 'E-mail confirmed! Welcome!'
  },
  forgot: {
    title: 'Reset the password',
    heading: 'Forgot your password?',
    lead: 'It happens. Tell us your address, and we will send you a code.',
    submit: 'Send the code',
    pending: 'Sending…',
    remembered: 'Remembered it?',
    login: 'Sign in',
    headingNew: 'Choose a new password',
    leadNew: (digits: number, address: string) => `If ${address} has an account, we have sent a ${digits}-digit code there.`,
    save: 'Save the new password',
    saving: 'Saving…',
    effect: 'You will be signed out everywhere.',
    other: 'Another address'
  },
  dashboard: {
    title: 'Your account',
    heading: (name: string) => `Hello, ${name}`,
    lead: 'You are signed in. This is your account at a glance.',
    email: 'E-mail',
    since: 'Member since',
    secondStep: 'Second step',
    on: 'On',
    off: 'Off',
    factors: { email: 'code by e-mail', totp: 'authenticator app', sms: 'code by SMS' },
    basic: 'A code by e-mail is the basic second step. An authenticator app is safer.',
    language: 'Language',
    admin: 'Administrator',
    settings: 'Settings',
    signOut: 'Sign out',
    signingOut: 'Signing out…'
  },
  logout: {
    title: 'Sign out',
    heading: 'Sign out?',
    lead: (email: string) => `You’re signed in as ${email}.`
  },
  leave: {
    title: 'You’re signed in',
    circle: (brand: string) =>
      `${brand} keeps sending you back here, although you’re signed in. Try again in a moment, or contact its support.`
  },
  notFound: {
    title: 'Page not found',
    heading: 'There is no such page',
    lead: 'The address may be mistyped, or the page has moved.',
    home: 'To the start'
  }
}

export type Words = typeof en
