import type { Locale } from '../../locales/index.ts'
import type { MailWords } from '../../locales/messages.ts'
import type { MailLook } from './palette.ts'

/** One mail in one language, ready for both layouts. Nothing in it is escaped yet. */
export interface MailContent {
  locale: Locale
  look: MailLook
  publicUrl: string
  greeting: string
  words: MailWords
  code: { digits: string, lifetime: string, tellNobody: string } | null
  /** The one thing to do, by a link that is for this reader only. */
  action: { label: string, url: string } | null
  /** Where what the mail advises is done. */
  place: { label: string, url: string } | null
  source: { heading: string, rows: Array<[label: string, value: string]> }
  automatic: string
  links: Array<[label: string, url: string]>
}
