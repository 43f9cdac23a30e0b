import { now } from '../clock.ts'
import { SettingRefused } from './refused.ts'

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/

/** A moment that has been, in milliseconds since 1970. One to come would end every session as soon as it is opened. */
export function parseSessionEpoch (value: string): number {
  const moment = MOMENT.test(value) ? Date.parse(value) : Number.NaN
  if (moment <= now()) return moment
  const reason = Number.isNaN(moment) ? 'must be a moment in UTC such as 2026-01-31T10:00:00Z' : 'lies in the future'
  throw new SettingRefused(`SESSION_EPOCH ${reason}. Give the moment of the restore: date -u +%Y-%m-%dT%H:%M:%SZ`)
}
