import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Languages, type Locale, type Messages, SHIPPED_LOCALES, shippedMessages } from '../locales/index.ts'
import { mistakesIn } from '../locales/check-texts.ts'
import { type Attempt, listOf, SettingRefused } from './refused.ts'
import type { Variables } from './variables.ts'

const FILE = /^([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\.json$/
const MOST_TOLD = 20

/** Which languages are offered, with the texts of the operator's own. */
export function languagesOf (variables: Variables, attempt: Attempt): Languages {
  const { LOCALES: listed, TEXTS_DIR: folder, DEFAULT_LOCALE: chosen } = variables
  const ownTexts = folder ? attempt(() => readFolder(folder, attempt), {}) : {}
  const known = [...new Set([...SHIPPED_LOCALES, ...Object.keys(ownTexts)])]
  const locales = listed ? attempt(() => parseLocales(listed, known), known) : known
  const [first = 'en'] = locales
  return { locales, defaultLocale: attempt(() => parseDefault(chosen, locales), first), ownTexts }
}

function parseLocales (listed: string, known: Locale[]): Locale[] {
  const locales = [...new Set(listOf(listed))]
  if (locales.length === 0) {
    throw new SettingRefused('LOCALES names no language. Write some of them, such as LOCALES=en,uk, or leave it out.')
  }
  const unknown = locales.find((locale) => !known.includes(locale))
  if (unknown === undefined) return locales
  throw new SettingRefused(`LOCALES names ${JSON.stringify(unknown.slice(0, 40))}, which has no texts. There are ${known.join(', ')}; ` +
    'for another language put its file into TEXTS_DIR.')
}

/** English where it is offered, unless one is chosen. */
function parseDefault (chosen: string | undefined, locales: readonly Locale[]): Locale {
  const [first = 'en'] = locales
  if (chosen === undefined) return locales.includes('en') ? 'en' : first
  if (locales.includes(chosen)) return chosen
  throw new SettingRefused(`DEFAULT_LOCALE is ${JSON.stringify(chosen.slice(0, 40))}, which is not offered. ` +
    `Choose one of ${locales.join(', ')}.`)
}

function readFolder (folder: string, attempt: Attempt): Record<Locale, Messages> {
  const found: Record<Locale, Messages> = {}
  for (const name of namesIn(folder)) {
    const [, locale] = FILE.exec(name) ?? []
    if (locale === undefined || Intl.getCanonicalLocales(locale)[0] !== locale) {
      attempt(() => refuse(`${join(folder, name)} is not named after a language. Name it like de.json or pt-BR.json.`), undefined)
      continue
    }
    const path = join(folder, name)
    const texts = attempt(() => readTexts(path), undefined)
    if (texts === undefined) continue
    found[locale] = texts
    const mistakes = mistakesIn(locale, texts, shippedMessages('en'), SHIPPED_LOCALES.includes(locale))
    for (const mistake of mistakes.slice(0, MOST_TOLD)) attempt(() => refuse(`${path}: ${mistake}`), undefined)
    if (mistakes.length > MOST_TOLD) attempt(() => refuse(`${path}: ${mistakes.length - MOST_TOLD} more mistakes.`), undefined)
  }
  return found
}

function namesIn (folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json')).sort()
  } catch (error) {
    return refuse(`TEXTS_DIR is ${folder}, which cannot be read (${codeOf(error)}). ` +
      'Make it a folder that this user may read, or remove it.')
  }
}

function readTexts (path: string): Messages {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(`${path} is no JSON: ${error.message}.`)
    return refuse(`${path} cannot be read (${codeOf(error)}). Make it a file that this user may read.`)
  }
  if (isMessages(value)) return value
  return refuse(`${path} must be one object with a sentence for each key, all of them text.`)
}

const isMessages = (value: unknown): value is Messages =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((text) => typeof text === 'string')

const codeOf = (error: unknown): string => error instanceof Error && 'code' in error ? String(error.code) : 'unknown'

function refuse (message: string): never {
  throw new SettingRefused(message)
}
