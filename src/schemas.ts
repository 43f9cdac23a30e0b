import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { type Claims, NAME_PATTERN, PHONE_PATTERN } from './records/accounts/account.ts'
import { SEPARATORS } from './records/challenges/challenge.ts'
import { type EventName, EVENTS } from './records/activity/activity.ts'
import { type ProblemCode, PROBLEMS } from './errors.ts'
import type { SecondStepChallenge } from './flows/second-step.ts'
import { type Locale, sentences } from './platform/locales/index.ts'

const strict = { additionalProperties: false }
const LONGEST_CODE = 100

/** One of a few words. An `enum`: a union of literals is validated anew, word by word, whenever an answer is written. */
const OneOf = <const Word extends string>(words: Word[], options: { title?: string } = {}) =>
  Type.Unsafe<Word>({ type: 'string', enum: words, ...options })

export const Email = Type.String({
  maxLength: 254,
  format: 'email',
  description: 'One address: ASCII before the @, the domain in any script, case ignored.',
  examples: ['olena@example.org']
})
export const Name = Type.String({ minLength: 1, maxLength: 100, pattern: NAME_PATTERN, examples: ['Olena'] })
export const Password = Type.String({ minLength: 1, maxLength: 256, examples: ['wooden-lantern-tide'] })
export const Captcha = Type.String({
  minLength: 1, maxLength: 4096, description: 'Solution of the challenge that comes with CAPTCHA_REQUIRED.'
})
const localeName = {
  description: 'BCP 47: one of the languages on offer; `en`, `uk` and `ru` unless the operator has set `LOCALES`.', examples: ['uk']
}
/** In answers: their serializer knows no format of ours. */
export const LocaleText = Type.String(localeName)
export const LocaleName = Type.String({ format: 'locale', ...localeName })
export const MethodName = OneOf(['passkey', 'email', 'totp', 'sms', 'recovery_code'], { title: 'Method' })
/** A method that has a code. */
export const CodeMethodName = OneOf(['email', 'totp', 'sms', 'recovery_code'], { title: 'CodeMethod' })
/** A mailed or sent code, an authenticator's, or a recovery code; which one fits is decided by the method. */
export const AnyOtp = Type.String({
  maxLength: LONGEST_CODE,
  pattern: `^${SEPARATORS}*(?:(?:[0-9]${SEPARATORS}*){6,10}|(?:[A-Za-z2-7]${SEPARATORS}*){16})$`,
  description: 'Digits, or a recovery code; spaces and dashes are ignored.',
  examples: ['123456']
})
export const Otp = (length: number) => Type.String({
  maxLength: LONGEST_CODE,
  pattern: `^${SEPARATORS}*(?:[0-9]${SEPARATORS}*){${length}}$`,
  description: `${length} digits; spaces and dashes are ignored.`,
  examples: ['1234567890'.slice(0, length)]
})

export const Phone = Type.String({ pattern: PHONE_PATTERN, maxLength: 16, description: 'E.164.', examples: ['+380501234567'] })
/** For a route whose Bearer is the access token. */
export const PendingToken = Type.String({
  maxLength: 2048,
  description: 'The attempt, if the cookie `pending` is not sent or belongs to another one.'
})

/** One that the server does not know is ignored: browsers know newer ones. */
export const TimeZone = Type.String({
  maxLength: 64, description: 'IANA name of the time zone that mails give times in, such as `Europe/Kyiv`.'
})

export const TrustDevice = Type.Boolean({ description: 'Ask for no code in this browser for 30 days; each sign-in starts them anew.' })

/** A request body: unknown fields are refused. */
export const Body = <P extends Parameters<typeof Type.Object>[0]>(properties: P) => Type.Object(properties, strict)

/** What a route takes whose lost answer can be asked for again. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({
    minLength: 1,
    maxLength: 128,
    pattern: '^[\\w"+/=.:~-]+$',
    description: 'Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again.',
    examples: ['"8e03978e-40d5-43dd-bc93-6894a57f9324"']
  }))
})

export const RoleName = OneOf(['user', 'admin'])
export const StatusName = OneOf(['active', 'disabled'])
export const AccountStatus = OneOf(['active', 'disabled', 'invited'])
export const OwnRole = Type.String({ minLength: 1, maxLength: 32, examples: ['editor'] })
export const OwnRoles = Type.Array(OwnRole, { maxItems: 50, uniqueItems: true, description: 'Of those in `ROLES`.' })
/** Of a mailed link. */
export const LinkToken = Type.String({ minLength: 1, maxLength: 200, pattern: '^[\\w-]+$' })
export const ClaimsSchema = Type.Unsafe<Claims>({ type: 'object', additionalProperties: true, description: 'At most 1 KiB of JSON.' })
/** An account's id as a path carries it; what is no id is simply not found. */
export const AccountId = Type.String({ maxLength: 64 })

export const UserSchema = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: RoleName,
  status: AccountStatus,
  locale: LocaleText,
  isTwoFactorEnabled: Type.Boolean(),
  secondFactors: Type.Array(OneOf(['passkey', 'totp', 'email', 'sms'])),
  createdAt: Type.String({ format: 'date-time' }),
  roles: Type.Optional(Type.Array(OwnRole, { description: 'Of those in `ROLES`; absent if the account has none.' })),
  claims: Type.Optional(ClaimsSchema)
}, { ...strict, title: 'User' })

export const AdminUserSchema = Type.Object({
  ...UserSchema.properties,
  roles: Type.Array(OwnRole),
  claims: ClaimsSchema,
  newEmail: Type.Union([Type.Object({ email: Type.String(), expiresAt: Type.String({ format: 'date-time' }) }), Type.Null()], {
    description: 'A new address that its owner has not proven yet.'
  }),
  invitation: Type.Union([Type.Object({ expiresAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]) }), Type.Null()], {
    description: 'Of an invited account; `expiresAt` is null if no link was mailed.'
  }),
  sessions: Type.Integer(),
  wrongCodesInRow: Type.Integer({ description: 'At 100 the code step is locked.' })
}, { ...strict, title: 'AdminUser' })

export const TokenSchema = Type.Object({
  accessToken: Type.String({ description: 'JWT, EdDSA or ES256, for `Authorization: Bearer`.' }),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'Seconds.' }),
  user: UserSchema
}, { title: 'Tokens' })

export const ChallengeSchema = Type.Object({
  message: Type.String(),
  pendingToken: Type.String({ description: 'Valid only for the second step of this attempt. Also set as the cookie `pending`.' }),
  ttlMinutes: Type.Integer({ description: 'Minutes the code lives, rounded up.' }),
  resendAfterSeconds: Type.Integer()
}, { title: 'Attempt' })

/** What a request for a code to a new address or number answers. */
export const SentCodeSchema = Type.Object({
  destination: Type.String({ description: 'Where the code goes, masked.' }),
  ...ChallengeSchema.properties
}, { title: 'SentCode' })

/** What routes look at that let anybody in. What others demand, the document knows from their policy. */
export const optionalSecurity: Record<'pending' | 'refresh' | 'session', Array<Record<string, string[]>>> = {
  pending: [{}, { pending: [] }, { pendingCookie: [] }],
  refresh: [{}, { refreshCookie: [] }],
  session: [{}, { refreshCookie: [] }, { access: [] }]
}

/** What a login or a reauthentication answers when a second step is asked. */
export const SecondStepSchema = Type.Object({
  twoFactorRequired: Type.Literal(true),
  method: MethodName,
  methods: Type.Array(MethodName),
  destination: Type.String({ description: 'Where a code goes, masked.' }),
  ...ChallengeSchema.properties
}, { title: 'Challenge' })

/** Fills it. */
export function secondStepAnswer (
  { method, methods, channel, destination, pendingToken, ttlMinutes, resendAfterSeconds }: SecondStepChallenge, locale: Locale
): Static<typeof SecondStepSchema> {
  const { messages } = sentences(locale)
  const withoutCode = method === 'passkey' ? messages.usePasskey : messages.useAuthenticator
  const message = channel ? messages.codeSentLogin({ destination }) : withoutCode
  return { twoFactorRequired: true, message, method, methods, destination, pendingToken, ttlMinutes, resendAfterSeconds }
}

/** A list. `nextCursor` asks for what comes after it, and is null at the end. */
export const Page = <Item extends TSchema>(item: Item) => Type.Object({
  items: Type.Array(item),
  nextCursor: Type.Union([Type.String(), Type.Null()])
})

/** Opaque to clients: the `nextCursor` of the page before. */
export const Cursor = Type.String({ pattern: '^(?!0+-0+$)[0-9]{1,15}-[0-9]{1,15}$' })

/** One event of an account's log. */
export const ActivitySchema = Type.Object({
  id: Type.String(),
  at: Type.String({ format: 'date-time' }),
  event: Type.Unsafe<EventName>({ type: 'string', enum: EVENTS, examples: ['login'] }),
  result: Type.String({ examples: ['ok', 'wrong'] }),
  times: Type.Optional(Type.Integer({
    description: 'How often, if more than once: wrong passwords within a day of each other are one event, with time and place of the last.'
  })),
  factor: Type.Union([Type.String(), Type.Null()], { description: 'pwd, passkey, email, totp, sms, recovery_code or device.' }),
  ip: Type.String(),
  device: Type.String(),
  actor: Type.String({ description: '`self`, `admin`, or the name of a service key.', examples: ['self', 'admin'] })
}, { title: 'Activity' })

/** RFC 9457. */
export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.Unsafe<ProblemCode>({ type: 'string', enum: Object.keys(PROBLEMS), description: 'Stable: let your code decide by it.' }),
  requestId: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }, { title: 'FieldError' }))),
  retryAfterSeconds: Type.Optional(Type.Integer()),
  attemptsLeft: Type.Optional(Type.Integer()),
  captcha: Type.Optional(Type.Unknown({ description: 'ALTCHA 2 challenge; send base64 of JSON { challenge, solution } as `captcha`.' })),
  parts: Type.Optional(Type.Record(Type.String(), Type.String()))
}, { title: 'Problem' })
