import { randomBytes } from 'node:crypto'
import { canonicalAddress } from './address.ts'
import { mac, type Keyring } from '../../platform/keyring.ts'
import { keepAddressKey } from './address-scripts.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/script.ts'

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

  async function keep (secret: string, replaced?: string): Promise<string> {
    const { kept } = await run(keepAddressKey, { addressKey: keys.addressKey }, { sealed: keyring.seal(secret, CONTEXT), replaced })
    return kept
  }

  async function load (): Promise<Buffer> {
    const sealed = await keep(randomBytes(32).toString('base64url'))
    const opened = keyring.unseal(sealed, CONTEXT)
    if (opened === null) {
      throw new Error('The data in Redis were written under another SECRET. Set SECRET to that one, or add it to SECRET_PREVIOUS.')
    }
    if (!sealed.startsWith(keyring.current.id)) await keep(opened, sealed)
    key = Buffer.from(opened, 'base64url')
    return key
  }

  return {
    load: async () => { await load() },
    of: async (address) => {
      return mac(key ?? await load(), canonicalAddress(address), 16)
    }
  }
}
