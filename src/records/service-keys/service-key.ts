import { randomBytes } from 'node:crypto'

/** What a service may do with its key. */
export const SCOPES = ['users:read', 'users:write', 'events:read', 'introspect'] as const

export type Scope = typeof SCOPES[number]

export interface ServiceKey {
  id: string
  name: string
  scopes: Scope[]
  /** Milliseconds since the epoch. */
  createdAt: number
}

/** What a service brings. */
export interface ServiceCredentials { id: string, secret: string }

export const isScope = (word: unknown): word is Scope => SCOPES.some((scope) => scope === word)

/** Hex, so that a key has no other `_` than its own two, is one word to a double click, and needs no escaping in HTTP Basic. */
export const newServiceCredentials = (): ServiceCredentials =>
  ({ id: randomBytes(8).toString('hex'), secret: randomBytes(32).toString('hex') })

export const formatServiceKey = ({ id, secret }: ServiceCredentials): string => `dvk_${id}_${secret}`

/** Null when the text can be no key at all. */
export function parseServiceKey (text: string): ServiceCredentials | null {
  const [, id, secret] = /^dvk_([0-9a-f]{16})_([0-9a-f]{64})$/.exec(text) ?? []
  return id !== undefined && secret !== undefined ? { id, secret } : null
}
