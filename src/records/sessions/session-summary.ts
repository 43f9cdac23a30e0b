import type { RunScript } from '../../platform/redis/scripts.ts'

/** A session or a trusted device as its owner sees it. Times are ISO 8601, UTC. */
export interface Seen {
  id: string
  device: string
  /** Where it was seen last. */
  ip: string
  createdAt: string
  lastSeenAt: string
}

export interface SeenRecord { id: string, createdAt: number, turnedAt: number, ip: string, device: string, amr: string }

/** The living records of an index, the one seen last first. */
export async function listRecords (run: RunScript, index: string, prefix: string, idleMs: number, absoluteMs: number): Promise<SeenRecord[]> {
  const found = await run<Array<[string, string, string, string, string, string]>>('records-list', [index], [prefix, idleMs, absoluteMs])
  return found
    .map(([id, createdAt, turnedAt, ip, device, amr]) => ({ id, createdAt: Number(createdAt), turnedAt: Number(turnedAt), ip, device, amr }))
    .sort((a, b) => b.turnedAt - a.turnedAt || b.createdAt - a.createdAt)
}

export const seen = ({ id, device, ip, createdAt, turnedAt }: SeenRecord): Seen =>
  ({ id, device, ip, createdAt: new Date(createdAt).toISOString(), lastSeenAt: new Date(turnedAt).toISOString() })
