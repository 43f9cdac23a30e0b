import { Type } from '@sinclair/typebox'
import { AnyOtp, MethodName } from './schemas.ts'

/** What `navigator.credentials` gave, as JSON. Whatever it is: `PASSKEY_INVALID` says alike of everything that it is not right. */
export const PasskeyResponse = Type.Unknown({ description: 'The `PublicKeyCredential` as JSON (`toJSON()`).' })
/** Options for `PublicKeyCredential.parseRequestOptionsFromJSON` or `parseCreationOptionsFromJSON`. */
export const PasskeyOptions = Type.Unsafe<object>({
  type: 'object', additionalProperties: true, title: 'PasskeyOptions', description: 'JSON for `navigator.credentials`.'
})
export const PasskeySchema = Type.Object({
  id: Type.String({ description: 'The credential id, as browsers know it.' }),
  name: Type.String(),
  createdAt: Type.String({ format: 'date-time' }),
  lastUsedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  isSynced: Type.Boolean({ description: 'Whether it is on several devices or in a backup.' }),
  transports: Type.Array(Type.String())
}, { additionalProperties: false, title: 'Passkey' })

/** A second step: a code, or a passkey. Which of the two, `readSecondStepAnswer` says. */
export const SecondStepAnswerBody = {
  otp: Type.Optional(AnyOtp),
  method: Type.Optional(MethodName),
  passkey: Type.Optional(PasskeyResponse)
}
