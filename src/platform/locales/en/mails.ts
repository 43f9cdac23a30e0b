import type { MailSentences } from '../messages.ts'
import { pluralOf } from '../plural.ts'
import { adminMails } from './admin-mails.ts'
import { credentialMails } from './credential-mails.ts'
import { factorMails } from './factor-mails.ts'
import { identityMails } from './identity-mails.ts'

const plural = pluralOf('en')

export const mails: MailSentences = {
  dates: 'en-GB',
  greeting: (name) => `Hello ${name},`,
  greetingWithoutName: 'Hello,',
  codeLifetime: (minutes) => plural(minutes, 'The code works for # minute.', 'The code works for # minutes.'),
  tellNobody: 'Tell nobody. We never ask for it, by phone or by mail.',
  source: {
    heading: 'Where the request came from',
    device: 'Device',
    ip: 'IP address',
    time: 'Time',
    unknown: 'unknown',
    deviceName: (device) => device
  },
  automatic: 'This mail was sent automatically; nobody reads replies to it.',
  links: { support: 'Help', terms: 'Terms', privacy: 'Privacy' },
  words: {
    ...adminMails,
    ...credentialMails,
    ...factorMails,
    ...identityMails,
    signUpCode: ({ code }, brand) => ({
      subject: `${code} — your ${brand} sign-up code`,
      heading: 'Confirm your address',
      lead: `Your sign-up code: ${code}`,
      body: ['Enter this code on the page where you are signing up. Your account is created as soon as you do.'],
      advice: ['If you did not sign up, just ignore this mail: without the code, no account is created.']
    }),
    loginCode: ({ code }, brand) => ({
      subject: `${code} — your ${brand} sign-in code`,
      heading: 'Your sign-in code',
      lead: `Your sign-in code: ${code}`,
      body: ['Enter this code on the page where you are signing in.'],
      advice: ['If this was not you, somebody knows your password. Give the code to nobody, and change your password as soon as you can.']
    }),
    accountExists: (_facts, brand) => ({
      subject: `${brand}: you already have an account`,
      heading: 'You already have an account',
      lead: 'Somebody has just tried to sign up with your address.',
      body: [
        'Somebody has just tried to sign up with your address. Nothing has changed: your account is as it was.',
        'If it was you, simply sign in with the password you already have.'
      ],
      advice: ['If it was not you, there is nothing you need to do.']
    }),
    refreshTheft: (_facts, brand) => ({
      subject: `${brand}: we ended one of your sessions`,
      heading: 'We ended one of your sessions',
      lead: 'The key of a session was used a second time, so we ended the session.',
      body: [
        'The key of this session was used a second time. Each key works only once, so somebody may have copied it. To be safe, we ended ' +
          'the session: nobody can use it any more.',
        'Your other sessions go on as before. Where you were signed out, just sign in again.'
      ],
      advice: ['If you do not recognise the device, or if this happens again, change your password.']
    }),
    wrongCodes: (_facts, brand) => ({
      subject: `${brand}: right password, wrong code`,
      heading: 'Right password, wrong code',
      lead: 'Someone entered your password, but not the right code. They didn’t get in.',
      body: ['Someone entered your password correctly, but not the right code. They didn’t get in.'],
      advice: [
        'If it was you, check the code and try again.',
        'If it wasn’t you, someone knows your password. Change it as soon as you can.',
        'We won’t email you about further wrong codes for the next hour.'
      ]
    }),
    trustedDeviceReused: (_facts, brand) => ({
      subject: `${brand}: we no longer trust one of your browsers`,
      heading: 'A trusted browser is trusted no more',
      lead: 'Somebody entered your password with an old copy of a trusted browser’s key. No code was skipped.',
      body: ['Somebody entered your password correctly and showed an old copy of the key that lets a trusted browser skip the code. Each ' +
        'copy works only once, so somebody may have copied it. To be safe, that browser is trusted no more: we asked for a code as usual.'],
      advice: [
        'If it was you, for example after restoring a browser from a backup, just enter a code, and trust the browser again if you like.',
        'If it was not you, somebody knows your password. Change it as soon as you can.'
      ]
    }),
    newDevice: (_facts, brand) => ({
      subject: `${brand}: sign-in from a new device`,
      heading: 'Sign-in from a new device',
      lead: 'Somebody has just signed in to your account from a device we have not seen before.',
      body: ['Somebody has just signed in to your account from a device we have not seen before.'],
      advice: [
        'If it was you, there is nothing you need to do.',
        'If it was not you, change your password as soon as you can.'
      ]
    })
  }
}
