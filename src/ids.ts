import { createHash, randomBytes } from 'node:crypto'

/** 128 random bits as 22 URL-safe characters: account, session and attempt ids. */
export const newId = (): string => randomBytes(16).toString('base64url')

/** Whether a text can be one of our ids at all. */
export const isId = (text: string): boolean => /^[\w-]{22}$/.test(text)

/** 256 random bits for a cookie that is kept hashed. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of a random 256-bit token: nobody can go back from it, so it needs no key. 128 bits, 22 characters. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')
