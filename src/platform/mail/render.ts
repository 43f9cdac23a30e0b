import { BRAND_LINKS, ourBrand } from '../brand/brand.ts'
import { now } from '../clock.ts'
import { say } from '../locales/bind-texts.ts'
import { sentences, type Locale, type Texts } from '../locales/index.ts'
import type { MailKind, MailMessage, MailWords } from '../locales/messages.ts'
import { deviceName, greetingName, ipAddress } from './templates/clean.ts'
import type { MailContent } from './templates/content.ts'
import { htmlLayout } from './templates/layout-html.ts'
import { textLayout } from './templates/layout-text.ts'
import { mailLook, type MailLook } from './templates/palette.ts'
import { PLACE_PATHS, PLACES } from './templates/places.ts'

const OUR_LOOK = mailLook(ourBrand)
const UNPROVEN: ReadonlySet<MailKind> = new Set(['signUpCode', 'emailChangeCode', 'emailChangeLink'] as const)

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
  timeZone?: string | undefined
}

/**
 * One mail in the reader's language: code and product first in the subject, the code as plain digits in the first line of the text
 * and in one element of the HTML. What strangers typed is cleaned and escaped.
 */
export function renderMail (message: MailMessage, { locale, publicUrl, look = OUR_LOOK, timeZone = 'UTC' }: RenderOptions): RenderedMail {
  const { mail, mails, language } = sentences(locale)
  const words = wordsOf(mails, message, look.name)
  const path = 'path' in message ? message.path : undefined
  const place = PLACES[message.kind]
  const content: MailContent = {
    locale,
    look,
    publicUrl,
    greeting: greetingOf(mail, message),
    words,
    action: path === undefined ? null : { label: words.action ?? mail.disown, url: publicUrl + path },
    place: place === undefined ? null : { label: mail.places[place], url: publicUrl + PLACE_PATHS[place] },
    code: 'code' in message
      ? { digits: message.code, lifetime: mail.codeLifetime({ minutes: message.ttlMinutes }), tellNobody: mail.tellNobody }
      : null,
    source: sourceOf(mail.source, language.dates, message, timeZone),
    automatic: mail.automatic,
    links: BRAND_LINKS.flatMap((link) => look.links[link] === null ? [] : [[mail.links[link], look.links[link]]])
  }
  return { subject: words.subject, text: textLayout(content), html: htmlLayout(content) }
}

function wordsOf (mails: Texts['mails'], message: MailMessage, brand: string): MailWords {
  const words = mails[message.kind]
  const args = {
    brand,
    ...'code' in message ? { code: message.code } : {},
    ...'left' in message ? { left: message.left } : {}
  }
  const paragraphs = (sentence: Parameters<typeof say>[0]): string[] => say(sentence, args).split('\n')
  return {
    subject: say(words.subject, args),
    heading: words.heading,
    lead: say(words.lead, args),
    // A notice says in the preview all that there is to say.
    body: paragraphs('body' in words ? words.body : words.lead),
    ...'action' in words ? { action: words.action } : {},
    advice: paragraphs(words.advice)
  }
}

function greetingOf (mail: Texts['mail'], message: MailMessage): string {
  // Nobody has proven these addresses yet: whatever a stranger called themselves is not said to their owners.
  const name = 'name' in message && !UNPROVEN.has(message.kind) ? greetingName(message.name) : ''
  return name === '' ? mail.greetingWithoutName : mail.greeting({ name })
}

function sourceOf (
  source: Texts['mail']['source'], dates: string, { client, at }: MailMessage, timeZone: string
): MailContent['source'] {
  const [browser = '', system] = deviceName(client.device).split(' on ')
  const device = system === undefined ? browser : source.deviceOn({ browser, system })
  const time = new Intl.DateTimeFormat(dates, {
    day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short', timeZone
  })
  return {
    heading: source.heading,
    rows: [
      [source.device, device === '' ? source.unknown : device],
      [source.ip, ipAddress(client.ip) || source.unknown],
      [source.time, time.format(at ?? now())]
    ]
  }
}
