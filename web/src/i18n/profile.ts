import { pageWords } from './page-words.ts'
import type { ProfileWords } from './en/profile.ts'

export type { ProfileWords }

export const { load: loadProfileWords, useWords: useProfileWords } = pageWords<ProfileWords>({
  en: async () => (await import('./en/profile.ts')).profile,
  uk: async () => (await import('./uk/profile.ts')).profile,
  ru: async () => (await import('./ru/profile.ts')).profile
})
