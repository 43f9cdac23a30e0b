import { pluralOf } from '../plural.ts'

const plural = pluralOf('en')

/** Texts of the sign-in settings. Every other language must implement `SettingsWords`. */
export const settings = {
  page: {
    title: 'Settings',
    lead: 'Your profile, your second step, and where you are signed in.',
    sections: 'Sections of the settings',
    copy: 'Copy',
    copied: 'Copied.',
    copyFailed: 'Your browser did not let us copy. Select the text and copy it yourself.'
  },
  headings: {
    profile: 'Profile',
    password: 'Password',
    'second-step': 'Second step',
    authenticator: 'Authenticator app',
    'recovery-codes': 'Recovery codes',
    devices: 'Trusted devices',
    sessions: 'Sessions',
    activity: 'Activity',
    data: 'Your data'
  },
  proof: {
    heading: 'Confirm it is you',
    lead: 'This is about the safety of your account, so please enter your password again.',
    submit: 'Continue',
    wrong: 'That is not your password.'
  },
  secondStep: {
    lead: 'After the password we ask for a code. Somebody who has got hold of your password alone stays outside.',
    isOn: 'The second step is on.',
    isOff: 'The second step is off: your password alone opens your account.',
    basic: 'A code by e-mail is the basic second step: it is as safe as your mailbox. An authenticator app is safer, and works without a ' +
      'network.',
    recommend: 'Set up an authenticator app',
    required: 'This server requires a second step, so it cannot be switched off.',
    requiredForAdmin: 'Administrators need a second step, so it cannot be switched off.',
    switchOn: 'Switch on',
    switchingOn: 'Switching on…',
    onTitle: 'Switch the second step on?',
    onLead: 'From now on every sign-in asks for a code. All your other sessions end, and no device stays trusted. If you came in here by ' +
      'the password alone, you enter the first code right away.',
    onDone: 'The second step is on.',
    switchOff: 'Switch off',
    switchingOff: 'Switching off…',
    offTitle: 'Switch the second step off?',
    offLead: 'Your password alone will open your account then, to you and to everybody who learns it. All your other sessions end, and ' +
      'no device stays trusted.',
    offDone: 'The second step is off.',
    short: 'Your password is too short to stand alone',
    shortNext: 'Without a second step it needs at least 15 characters. Choose a longer one first.',
    changePassword: 'Change the password',
    forbidden: 'The second step cannot be switched off here',
    forbiddenNext: 'This server requires it of everybody, or of administrators like you.',
    emailHeading: 'Code by e-mail',
    emailOn: 'It can be used instead of the authenticator app. Whoever reads your mail can use it too.',
    emailOff: 'It is off: only your authenticator app and your recovery codes open the second step.',
    emailSwitchOff: 'Switch the e-mail code off',
    emailSwitchOn: 'Switch the e-mail code on',
    emailOffTitle: 'Switch the code by e-mail off?',
    emailOffLead: 'Keep your recovery codes safe: without them and without the app nobody can let you in. All your other sessions end, ' +
      'and no device stays trusted.',
    emailOnTitle: 'Switch the code by e-mail on?',
    emailOnLead: 'A code from your mailbox will open the second step as well. All your other sessions end, and no device stays trusted.',
    emailOffDone: 'The code by e-mail is off.',
    emailOnDone: 'The code by e-mail is on.'
  },
  authenticator: {
    lead: 'An app on your phone shows a new code every 30 seconds. It needs no network, and no mail can be read on its way.',
    isOn: 'Your authenticator app is set up.',
    setUp: 'Set up',
    replace: 'Set up anew',
    starting: 'One moment…',
    scanHeading: 'Connect the app',
    scan: 'Scan this picture with your authenticator app.',
    qr: 'QR code for your authenticator app',
    openApp: 'Open in the app on this phone',
    key: 'Or type this key into the app:',
    enter: 'Then enter the code that the app shows. Only after it the authenticator is on.',
    effect: 'All your other sessions end then, and no device stays trusted.',
    confirm: 'Switch on',
    confirming: 'Checking the code…',
    over: 'This set-up is over',
    overNext: 'It took too long, or there were too many wrong codes. Start again with a new picture, and remove the old entry from your ' +
      'app.',
    done: 'Your authenticator app is set up.',
    remove: 'Remove',
    removing: 'Removing…',
    removeTitle: 'Remove the authenticator app?',
    removeLead: 'Its recovery codes go with it, and the code by e-mail becomes your second step again. All your other sessions end, and ' +
      'no device stays trusted.',
    removed: 'The authenticator app has been removed.'
  },
  recoveryCodes: {
    lead: 'For the day when your phone is lost: each code opens the second step once.',
    none: 'They come with an authenticator app.',
    setUp: 'Set it up first',
    renew: 'Make a new set',
    renewing: 'Making a new set…',
    renewTitle: 'Make a new set of recovery codes?',
    renewLead: 'The codes you have now stop working. All your other sessions end, and no device stays trusted.',
    renewed: 'You have new recovery codes.',
    heading: 'Your recovery codes',
    once: 'We show them only now. Keep them where you will find them without your phone; each works once.',
    download: 'Download',
    print: 'Print',
    saved: 'I have saved them',
    fileLead: (brand: string, email: string) => `${brand} recovery codes of ${email}. Each works once.`
  },
  devices: {
    lead: 'These browsers are asked for no code at a sign-in.',
    none: 'There is none. At a sign-in you can choose to trust the device for 30 days.',
    current: 'This device',
    used: 'Last sign-in',
    until: 'Trusted until',
    end: 'Trust no more',
    endOf: (device: string) => `Trust no more: ${device}`,
    ending: 'One moment…',
    ended: 'This device will be asked for a code.'
  },
  sessions: {
    lead: 'Where your account is open now. If you do not know one of them, end it and change your password.',
    current: 'This device',
    since: 'Signed in',
    seen: 'Last seen',
    amr: { pwd: 'with the password alone', otp: 'with a second step', device: 'as a trusted device' },
    end: 'End',
    endOf: (device: string) => `End the session: ${device}`,
    ending: 'Ending…',
    ended: 'The session has ended.',
    signOut: 'Sign out',
    signingOut: 'Signing out…',
    others: 'End all other sessions',
    othersTitle: 'End all other sessions?',
    othersLead: (n: number) => `${plural(n, '# other session ends', '# other sessions end')} at once. Only this one stays.`,
    othersTrust: 'Also stop trusting all devices',
    othersDone: 'All other sessions have ended.'
  }
}

export type SettingsWords = typeof settings
