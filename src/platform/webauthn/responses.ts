import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

// What browsers send, by its shape alone.
const Base64Url = Type.String({ pattern: '^[\\w-]+$' })
const Outer = { id: Type.String({ pattern: '^[\\w-]{2,1364}$' }), rawId: Base64Url, type: Type.Literal('public-key') }
const AssertionShape = Type.Object({
  ...Outer,
  response: Type.Object({
    clientDataJSON: Base64Url,
    authenticatorData: Base64Url,
    signature: Base64Url,
    userHandle: Type.Optional(Type.Union([Type.String(), Type.Null()]))
  })
})
const AttestationShape = Type.Object({
  ...Outer,
  response: Type.Object({
    clientDataJSON: Base64Url,
    attestationObject: Base64Url,
    transports: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z-]{1,20}$' }), { maxItems: 9 }))
  })
})

export const isAssertion = (value: unknown): value is AuthenticationResponseJSON => Value.Check(AssertionShape, value)
export const isAttestation = (value: unknown): value is RegistrationResponseJSON => Value.Check(AttestationShape, value)
