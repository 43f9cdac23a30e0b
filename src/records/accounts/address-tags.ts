import { randomBytes } from 'node:crypto'
import { canonicalAddress } from './address.ts'
import { mac, type Keyring } from '../../platform/keyring.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'

const CONTEXT = 'address key'

export interface AddressTags {
  /** Reads or makes the key; safe to repeat, and with many nodes at once. */
  load: () => Promise<void>
  /** The 22-character tag of an address. Loads the key first when Redis was away at the start. */
  of: (address: string) => Promise<string>
}

/**
 * Addresses stand in keys only as a MAC. Its key does not derive from SECRET, or no address would be found after SECRET changes:
 * it is random, made once, and lies in Redis sealed under SECRET.
 */
export function createAddressTags (run: RunScript, keyring: Keyring): AddressTags {
  let key: Buffer | undefined

  async function keep (secret: string, inPlaceOf = ''): Promise<string> {
    const [, kept] = await run<['ok', string]>('address-key', [keys.addressKey], [keyring.seal(secret, CONTEXT), inPlaceOf])
    return kept
  }

  async function load (): Promise<void> {
    const sealed = await keep(randomBytes(32).toString('base64url'))
    const opened = keyring.unseal(sealed, CONTEXT)
    if (opened === null) {
      throw new Error('The data in Redis were written under another SECRET. Set SECRET to that one, or add it to SECRET_PREVIOUS.')
    }
    if (!sealed.startsWith(keyring.current.id)) await keep(opened, sealed)
    key = Buffer.from(opened, 'base64url')
  }

  return {
    load,
    of: async (address) => {
      if (!key) await load()
      return mac(key as Buffer, canonicalAddress(address), 16)
    }
  }
}
