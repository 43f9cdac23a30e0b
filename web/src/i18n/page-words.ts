import { use, useDeferredValue } from 'react'
import { currentLocale, type Locale, useLanguage } from './index.ts'

interface PageWords<Words> {
  /** Fetches them in the language of now. */
  load: () => Promise<Words>
  useWords: () => Words
}

/** Words that come with their page, not with the first script. */
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
      // Out of reach now, asked for again when needed.
      delete loaded[locale]
      throw error
    }
  }
  return {
    load: async () => await wordsIn(currentLocale()),
    // The page speaks the language of before until the words of the new one are here.
    useWords: () => use(wordsIn(useDeferredValue(useLanguage().locale)))
  }
}
