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

interface Surroundings {
  /** Whether there are accounts: then a missing key was lost, and a new one would make their addresses unfindable. */
  hasAccounts?: () => Promise<boolean>
  /** Told when there was no key and this process made one. */
  tellNew?: () => void
}

/**
 * Addresses stand in keys only as a MAC. Its key does not derive from SECRET, or no address would be found after SECRET changes:
 * it is random, made once, and lies in Redis sealed under SECRET.
 */
export function createAddressTags (run: RunScript, keyring: Keyring, around: Surroundings = {}): AddressTags {
  let key: Buffer | undefined

  async function keep (sealed?: string, replaced?: string): Promise<string> {
    const { kept } = await run(keepAddressKey, { addressKey: keys.addressKey }, { sealed, replaced })
    return kept
  }
  const seal = (secret: string): string => keyring.seal(secret, CONTEXT)

  async function make (): Promise<string> {
    // Another server may have made it in between.
    if (await around.hasAccounts?.() && await keep() === '') {
      throw new Error('Redis holds accounts, but not the key of their addresses: a restore that did not come to its end, or a lost key. ' +
        'Put the backup back with dvokrok restore.')
    }
    const ours = seal(randomBytes(32).toString('base64url'))
    const kept = await keep(ours)
    if (kept === ours) around.tellNew?.()
    return kept
  }

  async function load (): Promise<Buffer> {
    const sealed = await keep() || await make()
    const opened = keyring.unseal(sealed, CONTEXT)
    if (opened === null) {
      throw new Error('The data in Redis were written under another SECRET. Set SECRET to that one, or add it to SECRET_PREVIOUS.')
    }
    if (!sealed.startsWith(keyring.current.id)) await keep(seal(opened), sealed)
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
