import type { Locale } from '../locales/index.ts'

/** A mail as the local mailbox shows it. */
export interface ReceivedMail {
  id: string
  /** One address, or several joined by a comma. */
  to: string
  subject: string
  text: string
  html: string
  /** By lower-case name; of several with one name the last. */
  headers: Record<string, string>
  /** ISO 8601, UTC. */
  receivedAt: string
}

/** Shows every mail of a development server. */
export interface LocalMailbox {
  /** Newest first. With `to`, only those to this address, whatever its case. */
  list: (to?: string) => Promise<ReceivedMail[]>
  renderPage: (mails: ReceivedMail[], options: { locale: Locale, nonce: string, brandName: string }) => { html: string, csp: string }
}
