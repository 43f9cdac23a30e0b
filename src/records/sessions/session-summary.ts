import type { AnswerOf, RunScript } from '../../platform/redis/script.ts'
import { listRecords } from './session-scripts.ts'

/** A session or a trusted browser as its owner sees it. Times are ISO 8601, UTC. */
export interface RecordSummary {
  id: string
  device: string
  /** Where it was seen last. */
  ip: string
  createdAt: string
  lastSeenAt: string
}

type LivingRecord = AnswerOf<typeof listRecords>['records'][number]

/** The living records of an index, the one seen last first. */
export async function listLiving (
  run: RunScript, { index, ...args }: { index: string, prefix: string, idleMs: number, absoluteMs: number }
): Promise<LivingRecord[]> {
  const { records } = await run(listRecords, { index }, args)
  return records.sort((a, b) => b.turnedAt - a.turnedAt || b.createdAt - a.createdAt)
}

export const summarize = ({ id, device, ip, createdAt, turnedAt }: LivingRecord): RecordSummary =>
  ({ id, device, ip, createdAt: new Date(createdAt).toISOString(), lastSeenAt: new Date(turnedAt).toISOString() })
