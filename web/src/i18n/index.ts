import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Words } from './en.ts'

export type { Words }
export type Locale = 'en' | 'uk' | 'ru'

/** In the order of the language switch, each with its endonym. */
export const LANGUAGES: Record<Locale, string> = { en: 'English', uk: 'Українська', ru: 'Русский' }
const isLocale = (value: string): value is Locale => Object.hasOwn(LANGUAGES, value)
export const LOCALES = Object.keys(LANGUAGES).filter(isLocale)

const COOKIE_LIFE_SECONDS = 365 * 86_400

const load: Record<Locale, () => Promise<Words>> = {
  en: async () => (await import('./en.ts')).en,
  uk: async () => (await import('./uk.ts')).uk,
  ru: async () => (await import('./ru.ts')).ru
}

interface Language { locale: Locale, words: Words }

let current: Language | undefined
const listeners = new Set<() => void>()

/** The language the server chose: cookie, then Accept-Language, then the default. */
export const servedLocale = (): Locale => {
  const { lang } = document.documentElement
  return isLocale(lang) ? lang : 'en'
}

/** Switches the pages to this language. Resolves once its texts are loaded. */
export async function showLocale (locale: Locale): Promise<void> {
  if (current?.locale === locale) return
  const words = await load[locale]()
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
