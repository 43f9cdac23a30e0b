import { en, type Sentences } from './en.ts'
import { ru } from './ru.ts'
import { uk } from './uk.ts'

export type { Sentences }
export type Locale = 'en' | 'uk' | 'ru'

/** The languages we speak, in the order in which a switch shows them. */
export const LOCALES: readonly Locale[] = ['en', 'uk', 'ru']

const all: Record<Locale, Sentences> = { en, uk, ru }

/** Everything the product says to a person, in one language. */
export const sentences = (locale: Locale): Sentences => all[locale]
