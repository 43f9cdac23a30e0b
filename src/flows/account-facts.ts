import { invalidField } from '../errors.ts'
import { type Claims, CLAIMS_BYTES } from '../records/accounts/account.ts'

/** Roles and claims that an admin or a service gives. @throws Problem VALIDATION_FAILED */
export function requireKnownFacts (
  { roles = [], claims = {} }: { roles?: string[] | undefined, claims?: Claims | undefined }, known: readonly string[]
): void {
  const unknown = roles.findIndex((role) => !known.includes(role))
  if (unknown >= 0) throw invalidField(`/roles/${unknown}`, 'other')
  if (Buffer.byteLength(JSON.stringify(claims)) > CLAIMS_BYTES) throw invalidField('/claims', 'other')
}
