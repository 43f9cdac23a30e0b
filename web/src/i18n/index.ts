import { createContext, use, useContext, useDeferredValue, useSyncExternalStore } from 'react'
import { bindTexts, type Message } from '../../../src/platform/locales/bind-texts.ts'
import type { PageArea, Texts } from '../../../src/platform/locales/texts.ts'
import { serverConfig } from '../app/server-config.ts'

/** A BCP 47 tag: one of `LOCALES`. */
export type Locale = string
export type Words = Texts['pages']

const COOKIE_LIFE_SECONDS = 365 * 86_400

/** In the order of the switch. */
export const LOCALES: Locale[] = serverConfig.locales.map(([locale]) => locale)
const facts = (locale: Locale) => serverConfig.locales.find(([tag]) => tag === locale)
/** In the language itself. */
export const languageName = (locale: Locale): string => facts(locale)?.[1] ?? locale
export const shortName = (locale: Locale): string => facts(locale)?.[2] ?? locale

const loaded = new Map<string, Promise<unknown>>()

/** The sentences of one part in one language; the same promise every time, which React waits for. */
function load<Part extends PageArea> (area: Part, locale: Locale): Promise<Texts[Part]> {
  const name = `${locale}-${area}`
  const texts = loaded.get(name) ?? fetchTexts(area, locale)
  if (!loaded.has(name)) {
    loaded.set(name, texts)
    // Forget a failure, so that the next use tries again.
    texts.catch(() => { loaded.delete(name) })
  }
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- The server has checked the texts.
  return texts as Promise<Texts[Part]>
}

async function fetchTexts (area: PageArea, locale: Locale): Promise<unknown> {
  const version = facts(locale)?.[3] ?? ''
  const response = await fetch(`${serverConfig.basePath}/assets/texts-${locale}-${area}-${version}.json`)
  if (!response.ok) throw new Error(`the texts cannot be loaded: ${response.status}`)
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- As the server made it.
  return bindTexts(locale, await response.json() as Array<[string, Message]>)
}

interface Language { locale: Locale, words: Words }

let current: Language | undefined
const listeners = new Set<() => void>()

/** The language the server chose: cookie, then Accept-Language, then the default. */
export const servedLocale = (): Locale => document.documentElement.lang

/** Switches the pages to this language. Resolves once its texts are loaded. */
export async function showLocale (locale: Locale): Promise<void> {
  if (current?.locale === locale) return
  const words = await load('pages', locale)
  current = { locale, words }
  document.documentElement.lang = locale
  for (const listener of listeners) listener()
}

/** Switches the language and remembers it in a cookie. */
export async function chooseLocale (locale: Locale): Promise<void> {
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  document.cookie = `locale=${locale}; Path=/; Max-Age=${COOKIE_LIFE_SECONDS}; SameSite=Lax${secure}`
  await showLocale(locale)
}

export const currentLocale = (): Locale => current?.locale ?? servedLocale()

const LanguageContext = createContext<Language | null>(null)
export const LanguageProvider = LanguageContext.Provider

/** For the root only: re-renders it when the language changes. */
export const useCurrentLanguage = (): Language | undefined => useSyncExternalStore(subscribe, () => current)

function subscribe (listener: () => void): () => void {
  listeners.add(listener)
  return () => { listeners.delete(listener) }
}

export function useLanguage (): Language {
  const language = useContext(LanguageContext)
  if (!language) throw new Error('no language yet')
  return language
}

export const useWords = (): Words => useLanguage().words

export type SettingsWords = Texts['settings']
export const loadSettingsWords = async (): Promise<SettingsWords> => await load('settings', currentLocale())

export type AdminWords = Texts['admin']
export const loadAdminWords = async (): Promise<AdminWords> => await load('admin', currentLocale())
export const useAdminWords = (): AdminWords => use(load('admin', useDeferredValue(useLanguage().locale)))

/** Keeps the previous language until the texts of the new one are loaded. */
export const useSettingsWords = (): SettingsWords => use(load('settings', useDeferredValue(useLanguage().locale)))
