import { use, useDeferredValue } from 'react'
import { currentLocale, type Locale, useLanguage } from './index.ts'

interface PageWords<Words> {
  /** Loads the texts in the current language. */
  load: () => Promise<Words>
  useWords: () => Words
}

/** Texts that are loaded with their page instead of the first bundle. */
export function pageWords<Words> (loaders: Record<Locale, () => Promise<Words>>): PageWords<Words> {
  const loaded: Partial<Record<Locale, Promise<Words>>> = {}

  function wordsIn (locale: Locale): Promise<Words> {
    loaded[locale] ??= fetched(locale)
    return loaded[locale]
  }

  async function fetched (locale: Locale): Promise<Words> {
    try {
      return await loaders[locale]()
    } catch (error) {
      // Forget the failure, so that the next use tries again.
      delete loaded[locale]
      throw error
    }
  }
  return {
    load: async () => await wordsIn(currentLocale()),
    // Keeps the previous language until the texts of the new one are loaded.
    useWords: () => use(wordsIn(useDeferredValue(useLanguage().locale)))
  }
}
