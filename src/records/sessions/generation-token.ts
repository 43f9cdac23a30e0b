import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keyring, SecretKeys } from '../../platform/keyring.ts'

/** What such a token says. Redis keeps only the generation, so a successor whose answer was lost can be made again. */
export interface GenerationClaims { accountId: string, id: string, generation: number }

/** Each kind of token has a key of its own, so that one never passes for the other. */
export type GenerationTokenUse = 'refresh' | 'trusted' | 'link'

/** The same token again within this time gets the same successor: two tabs, or a lost answer. */
export const GRACE_MS = 10_000

const ID_BYTES = 16
const GENERATION_AT = 2 * ID_BYTES
const MAC_AT = GENERATION_AT + 4
const LENGTH = MAC_AT + 32
/** 4 characters of key id, then the bytes in base64url. */
const TEXT_LENGTH = 4 + Math.ceil(LENGTH * 4 / 3)

/** key id | base64url(account id, session or device id, generation, HMAC-SHA-256). Equal claims give equal tokens. */
export function makeGenerationToken (keyring: Keyring, use: GenerationTokenUse, claims: GenerationClaims): string {
  const body = Buffer.alloc(MAC_AT)
  body.write(claims.accountId, 0, ID_BYTES, 'base64url')
  body.write(claims.id, ID_BYTES, ID_BYTES, 'base64url')
  body.writeUInt32BE(claims.generation, GENERATION_AT)
  return keyring.current.id + Buffer.concat([body, tagOf(keyring.current, use, body)]).toString('base64url')
}

/** The claims of a token that one of our keys made for this use, else null. */
export function readGenerationToken (keyring: Keyring, use: GenerationTokenUse, token: string): GenerationClaims | null {
  const keys = token.length === TEXT_LENGTH ? keyring.find(token.slice(0, 4)) : undefined
  if (!keys) return null
  const bytes = Buffer.from(token.slice(4), 'base64url')
  // Base64 has several spellings of the same bytes; a token has one.
  if (bytes.length !== LENGTH || bytes.toString('base64url') !== token.slice(4)) return null
  const body = bytes.subarray(0, MAC_AT)
  if (!timingSafeEqual(tagOf(keys, use, body), bytes.subarray(MAC_AT))) return null
  return {
    accountId: body.toString('base64url', 0, ID_BYTES),
    id: body.toString('base64url', ID_BYTES, GENERATION_AT),
    generation: body.readUInt32BE(GENERATION_AT)
  }
}

/** What a refresh token says. */
export interface RefreshClaims { accountId: string, sid: string, generation: number }

/** Equal claims give equal tokens. */
export const makeRefreshToken = (keyring: Keyring, { accountId, sid, generation }: RefreshClaims): string =>
  makeGenerationToken(keyring, 'refresh', { accountId, id: sid, generation })

/** The claims of a token that one of our keys made, else null. */
export function readRefreshToken (keyring: Keyring, token: string): RefreshClaims | null {
  const claims = readGenerationToken(keyring, 'refresh', token)
  return claims && { accountId: claims.accountId, sid: claims.id, generation: claims.generation }
}

const tagOf = (keys: SecretKeys, use: GenerationTokenUse, body: Buffer): Buffer => createHmac('sha256', keys[use]).update(body).digest()
