import { now } from './clock.ts'

const keyOf = (name: string): string => `dvokrok.lock.${name}`

/** Until when the server wants no more of these, in milliseconds since the epoch; survives a reload. 0: not locked. */
export function lockedUntil (name: string): number {
  const until = Number(sessionStorage.getItem(keyOf(name)) ?? 0)
  return until > now() ? until : 0
}

export const lockUntil = (name: string, until: number): void => { sessionStorage.setItem(keyOf(name), String(until)) }
