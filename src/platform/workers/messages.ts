import type { RedisTarget } from '../config/config.ts'
import type { MetricsSnapshot } from '../metrics/aggregate.ts'
import type { WorkerTask } from '../passwords/pool-messages.ts'
import type { SigningKey } from '../tokens/signing-keys.ts'

/** What the primary process has found or started for all; the settings a worker reads itself. */
export interface Setup {
  secret: string
  signingKeys: SigningKey[]
  redisTarget: RedisTarget
  smtpUrl: string
  /** The secret was made by this start, so no data can be there. */
  isFirstStart?: boolean
}

/** From a worker to the primary. */
export type FromWorker =
  | { kind: 'hello' }
  | { kind: 'password', id: number, task: WorkerTask }
  | { kind: 'metrics', id: number, metrics: MetricsSnapshot }
  | { kind: 'all-metrics', id: number }

/** From the primary to a worker. `drain`: take no more connections, end the ones you have with their next answer, then stop. */
export type ToWorker =
  | { kind: 'setup', setup: Setup }
  | { kind: 'drain' }
  | { kind: 'password', id: number, value: string | boolean | number }
  | { kind: 'password-busy', id: number, retryAfterSeconds: number }
  | { kind: 'password-failed', id: number, reason: string }
  | { kind: 'metrics', id: number }
  | { kind: 'all-metrics', id: number, text: string }
