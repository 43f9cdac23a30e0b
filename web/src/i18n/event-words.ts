import type { components } from '../api/schema.d.ts'

export type Activity = components['schemas']['Activity']

/** An event without a text fails the type check. */
export type AllEventWords = Record<Activity['event'], string>
