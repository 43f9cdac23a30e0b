const user = {
  id: 'f3jzUZ5kT0uJx0q0Qn1l8A',
  email: 'olena@example.org',
  name: 'Olena',
  role: 'user',
  status: 'active',
  locale: 'uk',
  isTwoFactorEnabled: true,
  secondFactors: ['totp', 'email'],
  createdAt: '2026-11-27T16:45:00.000Z'
}
const tokens = {
  accessToken: 'eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIuLi4ifQ.c2ln',
  tokenType: 'Bearer',
  expiresIn: 900,
  user
}

/** What answers look like, by the title of their schema. A test checks each against it. */
export const EXAMPLES = {
  User: user,
  Tokens: tokens,
  Challenge: {
    twoFactorRequired: true,
    method: 'email',
    methods: ['email'],
    destination: 'o***a@example.org',
    message: 'We sent a code to o***a@example.org.',
    pendingToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6InBlbmRpbmcrand0In0.eyJjaWQiOiIuLi4ifQ.bWFj',
    ttlMinutes: 5,
    resendAfterSeconds: 60
  },
  SignedIn: { twoFactorRequired: false, message: 'You are signed in.', ...tokens },
  Problem: {
    type: 'urn:dvokrok:problem:otp-invalid',
    title: 'The code is wrong',
    status: 400,
    detail: 'Check the latest mail and try again. 4 attempts left.',
    code: 'OTP_INVALID',
    requestId: 'Yw8vT3c0QeGq2k1x9mZr7A',
    attemptsLeft: 4
  }
}
