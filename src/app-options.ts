import type { Config } from './platform/config/config.ts'
import type { LocalMailbox } from './platform/mail/local-mailbox.ts'
import type { Setup } from './platform/workers/messages.ts'
import type { SharedMetrics } from './platform/workers/shared-metrics.ts'
import type { SharedPool } from './platform/workers/shared-pool.ts'

/** Everything the application is given: the process decides where it comes from, tests give their own. */
export interface AppOptions extends Setup {
  config: Config
  /** Null where the operator named an SMTP server. */
  mailbox: LocalMailbox | null
  /** The one that all worker processes share, where there are several. */
  passwordPool?: SharedPool
  /** Those of all worker processes, where there are several. */
  sharedMetrics?: SharedMetrics
}
