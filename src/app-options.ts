import type { Config } from './platform/config/config.ts'
import type { Locale } from './platform/locales/index.ts'
import type { Setup } from './platform/workers/messages.ts'
import type { SharedMetrics } from './platform/workers/shared-metrics.ts'
import type { SharedPool } from './platform/workers/shared-pool.ts'

/** A mail as the local mailbox shows it. */
export interface ReceivedMail {
  id: string
  to: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  /** ISO 8601, UTC. */
  receivedAt: string
}

/** Shows every mail of a development server. */
export interface LocalMailbox {
  /** Newest first; `to` finds those of one address. */
  list: (to?: string) => Promise<ReceivedMail[]>
  renderPage: (mails: ReceivedMail[], options: { locale: Locale, nonce: string, brandName: string }) => { html: string, csp: string }
}

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
