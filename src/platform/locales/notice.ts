import type { MailWords } from './messages.ts'

/** Makes short notices that end with this advice: what happened stands in the preview and in the mail. */
export const noticeWith = (...advice: string[]) => (
  subject: string, heading: string, happened: string
) => (_facts: unknown, brand: string): MailWords => ({
  subject: `${brand}: ${subject}`,
  heading,
  lead: happened,
  body: [happened],
  advice
})
