import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'
import type { Locale, Messages } from './index.ts'
import { parseMessage } from './parse-message.ts'
import { branchesOf, placeholdersOf } from './placeholders.ts'

// A line break parts paragraphs, in the sentences that may have some.
const NEVER_IN_TEXTS = /[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u
const PARAGRAPHS = /\.(body|advice)$/

/** What is wrong with these texts, each beginning with its key. `isShipped`: only some sentences need be there. */
export function mistakesIn (locale: Locale, texts: Messages, english: Messages, isShipped: boolean): string[] {
  const missing = isShipped ? [] : Object.keys(english).filter((key) => !Object.hasOwn(texts, key)).map((key) => `"${key}" is missing.`)
  const wrong = Object.entries(texts).flatMap(([key, text]) => {
    const model = Object.hasOwn(english, key) ? english[key] : undefined
    if (model === undefined) return [`"${key}" is no key of a sentence.`]
    return mistakesOf(key, text, model, locale).map((mistake) => `"${key}" ${mistake}`)
  })
  return [...missing, ...wrong]
}

function mistakesOf (key: string, text: string, model: string, locale: Locale): string[] {
  if (text.trim() === '') return ['says nothing.']
  if (NEVER_IN_TEXTS.test(text) || (text.includes('\n') && !PARAGRAPHS.test(key))) return ['has control characters.']
  if (key === 'language.dates' && !isLanguageTag(text)) return [`must be a language tag, such as ${locale}.`]
  const elements = parsed(text)
  if (typeof elements === 'string') return [`is no ICU message: ${elements}.`]
  const wanted = placeholdersOf(parseMessage(model))
  const found = placeholdersOf(elements)
  return [
    ...[...wanted.keys()].filter((name) => !found.has(name)).map((name) => `lacks {${name}}.`),
    ...[...found.keys()].filter((name) => !wanted.has(name)).map((name) => `names {${name}}, which is not known there.`),
    ...[...found].filter(([name, kind]) => kind === 'number' && wanted.get(name) === 'value')
      .map(([name]) => `counts with {${name}}, which is text.`),
    ...unusable(elements),
    ...missingForms(elements, locale)
  ]
}

function parsed (text: string): MessageFormatElement[] | string {
  try {
    return parse(text, { ignoreTag: true })
  } catch (error) {
    return error instanceof Error ? error.message.toLowerCase().replaceAll('_', ' ') : 'it cannot be read'
  }
}

function unusable (elements: MessageFormatElement[]): string[] {
  return elements.flatMap((element) => [
    ...element.type === TYPE.date || element.type === TYPE.time ? [`takes {${element.value}} for a time, which is none.`] : [],
    ...branchesOf(element).flatMap(unusable)
  ])
}

/** CLDR's forms of the language, as Intl.PluralRules names them. */
function missingForms (elements: MessageFormatElement[], locale: Locale): string[] {
  return elements.flatMap((element) => [
    ...element.type === TYPE.plural
      ? new Intl.PluralRules(locale, { type: element.pluralType ?? 'cardinal' }).resolvedOptions().pluralCategories
        .filter((form) => !Object.hasOwn(element.options, form)).map((form) => `lacks the plural form "${form}" of {${element.value}}.`)
      : [],
    ...branchesOf(element).flatMap((branch) => missingForms(branch, locale))
  ])
}

function isLanguageTag (text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1
  } catch {
    return false
  }
}
