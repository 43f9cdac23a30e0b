import { getDomain } from 'tldts'
import { isLoopback } from './hosts.ts'
import { isSameSite } from './origins.ts'
import { SettingRefused } from './refused.ts'

export interface PasskeyConfig {
  /** The domain that passkeys belong to (WebAuthn: the RP ID). */
  rpId: string
  /** Pages that may use them. */
  origins: string[]
}

interface Addresses { publicUrl: string, ownOrigins: string[], corsOrigins: string[] }

/** The host of PUBLIC_URL. Browsers know no passkeys of addresses; on this machine they know those of its name. */
export function defaultRpId (publicUrl: string): string {
  const { hostname } = new URL(publicUrl)
  return isLoopback(hostname) && !hostname.endsWith('localhost') ? 'localhost' : hostname
}

/** A domain that pages on the host of PUBLIC_URL may use, and whose owner is one: none under which strangers have their sites. */
export function parseRpId (value: string, publicUrl: string): string {
  const rpId = value.toLowerCase()
  const own = defaultRpId(publicUrl)
  if (rpId === own || (isWithin(own, rpId) && getDomain(rpId, { allowPrivateDomains: true }) !== null)) return rpId
  throw new SettingRefused(`PASSKEY_RP_ID must be the host of PUBLIC_URL or a domain above it that is yours alone, but is ${
    JSON.stringify(value.slice(0, 80))}. Write it without scheme and port, such as ${own}.`)
}

/** Our own pages, those of our site that may call the API, and in development the name of this machine that passkeys belong to. */
export function passkeyOrigins (rpId: string, { publicUrl, ownOrigins, corsOrigins }: Addresses): string[] {
  const named = ownOrigins.filter((origin) => isWithin(new URL(origin).hostname, rpId))
  return [...new Set([publicUrl, ...named, ...corsOrigins.filter((origin) => isSameSite(origin, publicUrl))])]
}

/** Whether pages of this host may use passkeys of this domain (WebAuthn: it is a registrable domain suffix of theirs, or equal). */
export const isWithin = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`)
