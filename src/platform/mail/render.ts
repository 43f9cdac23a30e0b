import { BRAND_LINKS, ourBrand } from '../brand/brand.ts'
import { now } from '../clock.ts'
import { sentences, type Locale } from '../locales/index.ts'
import type { MailKind, MailMessage, MailSentences, MailWords } from '../locales/messages.ts'
import { deviceName, greetingName, ipAddress } from './templates/clean.ts'
import type { MailContent } from './templates/content.ts'
import { htmlLayout } from './templates/layout-html.ts'
import { textLayout } from './templates/layout-text.ts'
import { mailLook, type MailLook } from './templates/palette.ts'

const OUR_LOOK = mailLook(ourBrand)

export interface RenderedMail {
  subject: string
  text: string
  html: string
}

export interface RenderOptions {
  locale: Locale
  publicUrl: string
  look?: MailLook
  /** IANA name; times are shown with it. */
  timeZone?: string
}

/**
 * One mail in the reader's language: code and product first in the subject, the code as plain digits in the first line of the text
 * and in one element of the HTML. What strangers typed is cleaned and escaped.
 */
export function renderMail (message: MailMessage, { locale, publicUrl, look = OUR_LOOK, timeZone = 'UTC' }: RenderOptions): RenderedMail {
  const mails = sentences(locale).mails
  const words = wordsOf(mails, message, look.name)
  const content: MailContent = {
    locale,
    look,
    publicUrl,
    greeting: greetingOf(mails, message),
    words,
    code: 'code' in message
      ? { digits: message.code, lifetime: mails.codeLifetime(message.ttlMinutes), tellNobody: mails.tellNobody }
      : null,
    source: sourceOf(mails, message, timeZone),
    automatic: mails.automatic,
    links: BRAND_LINKS.flatMap((link) => look.links[link] === null ? [] : [[mails.links[link], look.links[link]]])
  }
  return { subject: words.subject, text: textLayout(content), html: htmlLayout(content) }
}

function wordsOf<Kind extends MailKind> (mails: MailSentences, message: MailMessage<Kind>, brand: string): MailWords {
  return mails.words[message.kind](message, brand)
}

function greetingOf (mails: MailSentences, message: MailMessage): string {
  // Nobody has proven these addresses yet: whatever a stranger called themselves is not said to their owners.
  const name = message.kind === 'signUpCode' || message.kind === 'emailChangeCode' ? '' : greetingName(message.name)
  return name === '' ? mails.greetingWithoutName : mails.greeting(name)
}

function sourceOf ({ source, dates }: MailSentences, { client, at }: MailMessage, timeZone: string): MailContent['source'] {
  const device = deviceName(client.device)
  const time = new Intl.DateTimeFormat(dates, {
    day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short', timeZone
  })
  return {
    heading: source.heading,
    rows: [
      [source.device, device === '' ? source.unknown : source.deviceName(device)],
      [source.ip, ipAddress(client.ip) || source.unknown],
      [source.time, time.format(at ?? now())]
    ]
  }
}
