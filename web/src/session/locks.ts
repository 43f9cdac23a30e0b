import { now } from './clock.ts'

const keyOf = (name: string): string => `dvokrok.lock.${name}`

/** Until when the action is locked (milliseconds since the epoch), 0 if it is not. Survives a reload. */
export function lockedUntil (name: string): number {
  const until = Number(sessionStorage.getItem(keyOf(name)) ?? 0)
  return until > now() ? until : 0
}

export const lockUntil = (name: string, until: number): void => { sessionStorage.setItem(keyOf(name), String(until)) }
