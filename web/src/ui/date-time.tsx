import { useLanguage } from '../i18n/index.ts'

/** A timestamp (ISO 8601) in the user's language and time zone. */
export function DateTime ({ at }: { at: string }) {
  const { locale } = useLanguage()
  const format = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { dateStyle: 'medium', timeStyle: 'short' })
  return <time dateTime={at}>{format.format(new Date(at))}</time>
}
