import type { components } from '../api/schema.d.ts'

export type Activity = components['schemas']['Activity']

/** An event without a name stops the build. */
export type AllEventWords = Record<Activity['event'], string>
