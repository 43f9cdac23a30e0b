import { events } from './events.ts'

/** Texts of the account settings. Every other language must implement `ProfileWords`. */
export const profile = {
  profile: {
    lead: 'Your name greets you in our mails. The language is that of the pages and of the mails.',
    save: 'Save',
    saving: 'Saving…',
    saved: 'Saved.'
  },
  email: {
    heading: 'E-mail address',
    now: (address: string) => `You sign in with ${address}.`,
    change: 'Change the address',
    new: 'New e-mail',
    same: 'This is your address already.',
    effect: 'We send a code to the new address and a notice to the old one. With the change all your other sessions end, and no device ' +
      'stays trusted.',
    send: 'Send the code',
    sending: 'Sending…',
    done: 'Your address has been changed.'
  },
  phone: {
    heading: 'Phone number',
    lead: 'A sign-in can send its code there by SMS instead of by e-mail.',
    isSet: 'A phone number is set.',
    add: 'Add a phone number',
    change: 'Change the number',
    number: 'Phone number',
    hint: 'With the country code, such as +380 50 123 45 67.',
    shape: 'Enter the number with a plus and the country code.',
    same: 'This is your number already.',
    effect: 'With the change all your other sessions end, and no device stays trusted.',
    send: 'Send the code',
    sending: 'Sending…',
    done: 'Your phone number has been confirmed.',
    remove: 'Remove the number',
    removing: 'Removing…',
    removeTitle: 'Remove the phone number?',
    removeLead: 'No code can be sent there any more. All your other sessions end, and no device stays trusted.',
    removed: 'The phone number has been removed.'
  },
  password: {
    lead: 'Saving it ends all your other sessions, and no device stays trusted.',
    current: 'Current password',
    again: 'New password once more',
    differs: 'The two new passwords differ.',
    save: 'Change the password',
    saving: 'Changing…',
    done: 'Your password has been changed. All other sessions have ended.'
  },
  activity: {
    lead: 'What happened to your account in the last 180 days. If you do not know something of it, change your password.',
    more: 'Show more',
    moreCount: (n: number) => `Events shown: ${n}`,
    admin: 'by an administrator',
    unknownDevice: 'unknown device',
    events,
    factors: {
      pwd: 'password',
      email: 'code by e-mail',
      totp: 'authenticator app',
      sms: 'code by SMS',
      recovery_code: 'recovery code',
      device: 'trusted device'
    },
    results: {
      ok: 'Done',
      wrong: 'Wrong',
      expired: 'Code expired',
      locked: 'Locked: too many wrong codes',
      limited: 'Not sent: too many messages',
      gone: 'Too late'
    },
    refused: 'Refused'
  },
  data: {
    lead: 'Take a copy with you, or leave for good.',
    exportHeading: 'All that we hold about you',
    exportLead: 'One file (JSON): your profile, sessions, devices and activity. Passwords and keys are not in it.',
    export: 'Export my data',
    exporting: 'Collecting…',
    exported: 'The file has been downloaded.',
    deleteHeading: 'Delete the account',
    deleteLead: 'At once and for good: nothing of it stays, and nobody can bring it back.',
    deleteAdmin: 'Administrators cannot delete their account. Another administrator has to take the role from you first.',
    delete: 'Delete my account',
    deleting: 'Deleting…',
    deleteTitle: 'Delete your account?',
    deleteConsequence: 'Your profile, your second step and your activity are gone then, and you are signed out everywhere. This cannot ' +
      'be undone.',
    deleteType: (address: string) => `To confirm, type your address: ${address}`,
    deleteDiffers: 'This is not your address.',
    deleteForGood: 'Delete for good'
  }
}

export type ProfileWords = typeof profile
