import { type Static, Type } from '@sinclair/typebox'
import { ADDRESS_PATTERN } from './accounts/address.ts'
import { PROBLEMS } from './errors.ts'

const strict = { additionalProperties: false }

/** Control characters, line and paragraph separators and direction marks have no place in a name. */
const NAME_PATTERN = '^(?=.*\\S)[^\\p{Cc}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$'

export const Email = Type.String({ maxLength: 254, pattern: ADDRESS_PATTERN, description: 'One ASCII address; upper and lower case are the same.', examples: ['olena@example.org'] })
export const Name = Type.String({ minLength: 1, maxLength: 100, pattern: NAME_PATTERN, examples: ['Olena'] })
export const Password = Type.String({ minLength: 1, maxLength: 256, examples: ['wooden-lantern-tide'] })
export const LocaleName = Type.Union([Type.Literal('en'), Type.Literal('uk'), Type.Literal('ru')])
export const Otp = (length: number) => Type.String({ pattern: `^[0-9]{${length}}$`, description: `${length} digits`, examples: ['1234567890'.slice(0, length)] })

/** A request body: unknown fields are refused. */
export const Body = <P extends Parameters<typeof Type.Object>[0]>(properties: P) => Type.Object(properties, strict)

export const UserSchema = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: Type.Union([Type.Literal('user'), Type.Literal('admin')]),
  status: Type.Union([Type.Literal('active'), Type.Literal('disabled')]),
  locale: LocaleName,
  isTwoFactorEnabled: Type.Boolean(),
  secondFactors: Type.Array(Type.String()),
  createdAt: Type.String({ format: 'date-time' })
}, { ...strict, title: 'User' })

export const TokenSchema = Type.Object({
  accessToken: Type.String({ description: 'JWT, EdDSA, for `Authorization: Bearer`.' }),
  tokenType: Type.Literal('Bearer'),
  expiresIn: Type.Integer({ description: 'Seconds.' }),
  user: UserSchema
})

export const ChallengeSchema = Type.Object({
  message: Type.String(),
  pendingToken: Type.String({ description: 'Opens only the second step of this attempt. Also set as the cookie `pending`.' }),
  ttlMinutes: Type.Integer({ description: 'Minutes the code lives, rounded up.' }),
  resendAfterSeconds: Type.Integer()
})

/** What the document says a caller must bring; `pending` and `session` come as Bearer or as cookie. */
export const security: Record<'access' | 'pending' | 'refresh' | 'session', Array<Record<string, string[]>>> = {
  access: [{ access: [] }],
  pending: [{ pending: [] }, { pendingCookie: [] }],
  refresh: [{ refreshCookie: [] }],
  session: [{ refreshCookie: [] }, { access: [] }]
}

/** RFC 9457. */
export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String({ enum: Object.keys(PROBLEMS), description: 'Stable; decide by this one.' }),
  requestId: Type.String(),
  errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  retryAfterSeconds: Type.Optional(Type.Integer()),
  attemptsLeft: Type.Optional(Type.Integer()),
  parts: Type.Optional(Type.Record(Type.String(), Type.String()))
}, { title: 'Problem' })

export type TokenAnswer = Static<typeof TokenSchema>
