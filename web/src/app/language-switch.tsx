import { chooseLocale, languageName, LOCALES, type Locale, shortName, useLanguage } from '../i18n/index.ts'
import { saveLocale } from './profile-locale.ts'

const OPTION = 'min-h-9 min-w-10 rounded-full px-2 text-sm font-semibold text-soft hover:text-ink'

export function LanguageSwitch () {
  const { locale, words } = useLanguage()
  const choose = (wanted: Locale): void => {
    chooseLocale(wanted).catch(reportError)
    saveLocale(wanted).catch(reportError)
  }
  if (LOCALES.length < 2) return null
  return (
    <div role='group' aria-label={words.common.language} className='flex flex-wrap rounded-full border border-line bg-card/80 p-1'>
      {LOCALES.map((one) => (
        <button
          key={one} type='button' lang={one} aria-pressed={one === locale} title={languageName(one)} onClick={() => { choose(one) }}
          className={`${OPTION} aria-pressed:bg-tint aria-pressed:text-accent-strong`}
        >
          <span aria-hidden='true'>{shortName(one)}</span><span className='sr-only'>{languageName(one)}</span>
        </button>
      ))}
    </div>
  )
}
