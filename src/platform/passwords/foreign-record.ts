import type { Keyring } from '../keyring.ts'

const CONTEXT = 'foreign password'

/**
 * A hash of another system as it is kept until its owner signs in: sealed, because it has no pepper. Begins with a key id, as every record.
 */
export const sealForeign = (keyring: Keyring, hash: string): string => keyring.seal(hash, CONTEXT)

/** Null when the record holds none, or its key is not known any more. */
export const openForeign = (keyring: Keyring, record: string): string | null => keyring.unseal(record, CONTEXT)
