import { useLanguage } from '../i18n/index.ts'

export function formatDateTime (at: string, locale: string): string {
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at))
}

/** A timestamp (ISO 8601) in the user's language and time zone. */
export function DateTime ({ at }: { at: string }) {
  const { locale } = useLanguage()
  return <time dateTime={at}>{formatDateTime(at, locale)}</time>
}
