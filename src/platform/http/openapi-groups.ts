/** The groups of the API, in the order in which somebody who is new here needs them. Every route is in one of them. */
export const GROUPS = [
  { name: 'Sign-up and sign-in', description: 'Create an account, sign in with password and code or with a passkey, reset a password.' },
  { name: 'Sessions', description: 'Keep people signed in, sign them out, and ask them to prove again who they are.' },
  { name: 'Account', description: 'What people change and see in their own account.' },
  { name: 'Two-step verification', description: 'The authenticator app, passkeys, phone number and recovery codes of your own account.' },
  { name: 'Services', description: 'For your other services: check access tokens, and learn what happened.' },
  { name: 'Administration', description: 'For admins, and for services with a key: look after other people’s accounts.' },
  { name: 'Operations', description: 'For whoever runs the server: health, metrics, public keys.' },
  { name: 'Development', description: 'Only outside production.' }
]

/** What stands first in its group. */
export const FIRST = [
  'register', 'verifyOtp', 'login', 'resendCode', 'forgotPassword', 'resetPassword', 'startPasskeySignIn', 'signInByPasskey',
  'getSession', 'refresh', 'getMe', 'logout', 'logoutAll', 'updateMe', 'changePassword', 'startTotp', 'confirmTotp', 'introspect',
  'listUsers'
]
