import { pageWords } from './page-words.ts'
import type { SettingsWords } from './en/settings.ts'

export type { SettingsWords }

export const { load: loadSettingsWords, useWords: useSettingsWords } = pageWords<SettingsWords>({
  en: async () => (await import('./en/settings.ts')).settings,
  uk: async () => (await import('./uk/settings.ts')).settings,
  ru: async () => (await import('./ru/settings.ts')).settings
})
