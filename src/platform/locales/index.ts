import { readdirSync, readFileSync } from 'node:fs'
import { Type } from '@sinclair/typebox'
import { fileURLToPath } from 'node:url'
import { readJson } from '../json.ts'
import { bindTexts, type Message } from './bind-texts.ts'
import { parseMessage } from './parse-message.ts'
import type { Texts } from './texts.ts'

export type { Texts }

/** A BCP 47 tag, such as `uk`: one of the languages that this server offers. */
export type Locale = string

/** Keys and their ICU messages. */
export type Messages = Record<string, string>

/** The languages that come with the product, in the order in which a switch shows them. */
export const SHIPPED_LOCALES: readonly Locale[] = ['en', 'uk', 'ru']

const ShippedFile = Type.Record(Type.String(), Type.String())

/** The sentences of one language as they are shipped, from all of its files. */
export function shippedMessages (locale: Locale): Messages {
  const folder = new URL(`./${locale}/`, import.meta.url)
  const files = readdirSync(fileURLToPath(folder)).filter((name) => name.endsWith('.json')).sort()
  return Object.fromEntries(files.flatMap((name) => Object.entries(readJson(ShippedFile, readFileSync(new URL(name, folder), 'utf8')))))
}

/** Which languages this server speaks, and what its operator says in words of their own. */
export interface Languages {
  locales: readonly Locale[]
  defaultLocale: Locale
  /** By language: some sentences of one that is shipped, or all of another one. */
  ownTexts: Record<Locale, Messages>
}

let languages: Languages = { locales: SHIPPED_LOCALES, defaultLocale: 'en', ownTexts: {} }
const parsed = new Map<Locale, Array<[key: string, message: Message]>>()
const bound = new Map<Locale, Texts>()

/** Sets the languages of this process; the start does so once. */
export function speak (chosen: Languages): void {
  languages = chosen
  parsed.clear()
  bound.clear()
}

/** As it was set: another object with every change. */
export const languagesOfProcess = (): Languages => languages

/** In the order of the switch. */
export const offeredLocales = (): readonly Locale[] => languages.locales

/** The offered language that this names, or the default. What was chosen once may not be offered any more. */
export const toLocale = (name: string | null | undefined): Locale =>
  languages.locales.find((locale) => locale === name) ?? languages.defaultLocale

/** Every sentence of one language, by key. */
export function messagesOf (locale: Locale): Array<[key: string, message: Message]> {
  let messages = parsed.get(locale)
  if (messages === undefined) {
    const shipped = SHIPPED_LOCALES.includes(locale) ? shippedMessages(locale) : {}
    messages = Object.entries({ ...shipped, ...languages.ownTexts[locale] }).map(([key, text]) => [key, parseMessage(text)])
    parsed.set(locale, messages)
  }
  return messages
}

/** Everything the product says to a person, in one language. */
export function sentences (locale: Locale): Texts {
  let texts = bound.get(locale)
  if (texts === undefined) {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- Tests compare the files, the start checks others.
    texts = bindTexts(locale, messagesOf(locale)) as Texts
    bound.set(locale, texts)
  }
  return texts
}
