import { createHash } from 'node:crypto'
import { brotliCompressSync, constants } from 'node:zlib'
import { type Languages, languagesOfProcess, type Locale, messagesOf } from '../locales/index.ts'
import type { PageArea } from '../locales/texts.ts'
import { BROTLI } from './shared-assets.ts'

const AREAS: readonly PageArea[] = ['pages', 'settings', 'admin']

export interface TextFiles {
  /** Changes with every sentence. */
  versionOf: (locale: Locale) => string
  nameOf: (locale: Locale, area: PageArea) => string
  /** By name and `.br`: sentences by key, parsed, as JSON in Brotli. */
  all: () => Map<string, Buffer>
}

let made: { languages: Languages, files: TextFiles } | undefined

/** The sentences of the pages as files beside the built ones: what an operator words anew needs no build. Made at the first use. */
export function textFiles (): TextFiles {
  const languages = languagesOfProcess()
  if (made?.languages !== languages) made = { languages, files: createTextFiles(languages.locales) }
  return made.files
}

function createTextFiles (locales: readonly Locale[]): TextFiles {
  const bodies = new Map<Locale, string[]>()
  const versions = new Map<Locale, string>()
  let files: Map<string, Buffer> | undefined
  const bodiesOf = (locale: Locale): string[] => {
    const known = bodies.get(locale) ?? AREAS.map((area) => bodyOf(locale, area))
    bodies.set(locale, known)
    return known
  }
  const versionOf = (locale: Locale): string => {
    const version = versions.get(locale) ?? createHash('sha256').update(bodiesOf(locale).join('\n')).digest('base64url').slice(0, 10)
    versions.set(locale, version)
    return version
  }
  const nameOf: TextFiles['nameOf'] = (locale, area) => `texts-${locale}-${area}-${versionOf(locale)}.json`
  return {
    versionOf,
    nameOf,
    all: () => {
      files ??= new Map(locales.flatMap((locale) => AREAS.map((area, at) => [
        nameOf(locale, area) + BROTLI,
        compress(bodiesOf(locale)[at] ?? '')
      ] as const)))
      return files
    }
  }
}

/** Keys without their area, so that the pages find what they show. */
const bodyOf = (locale: Locale, area: string): string => JSON.stringify(messagesOf(locale).flatMap(([key, message]) =>
  key.startsWith(`${area}.`) ? [[key.slice(area.length + 1), message]] : []))

const compress = (text: string): Buffer => brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
