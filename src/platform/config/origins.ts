import { getDomain } from 'tldts'
import { isLoopback } from './hosts.ts'
import { listOf, SettingRefused } from './refused.ts'

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']

/** `value` as an origin, without a trailing slash. */
export function parsePublicUrl (value: string): string {
  const origin = asOrigin(value)
  if (origin) return origin
  throw new SettingRefused('PUBLIC_URL must be the address that people see, as http:// or https://, host and port without a path, ' +
    'user or query, such as https://id.example.org.')
}

/** Origins beside our own that browsers, and the browsers inside native apps, may call from; our own are left out. */
export const parseCorsOrigins = (value: string | undefined, own: string[]): string[] =>
  parseOrigins('CORS_ORIGINS', value, (text) => asOrigin(text) ?? asNativeOrigin(text), '').filter((origin) => !own.includes(origin))

/** Origins that our pages may send people to. Nobody in between may read what stands in those addresses. */
export const parseReturnOrigins = (value: string): string[] =>
  parseOrigins('RETURN_ORIGINS', value, (text) => asSafeOrigin(text), ' http:// is for this machine only.')

/** Whether people may be sent there. */
export const isReturnOrigin = (origin: string): boolean => asSafeOrigin(origin) !== undefined

/** Where a person goes after a sign-in. */
export function parseAppUrl (value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  if (url && isReturnOrigin(url.origin) && !url.username && !url.password) return url.href
  throw new SettingRefused('APP_URL must be the address of your application, as https:// or, on this machine, http://, without user, ' +
    'such as https://app.example.org/home.')
}

function parseOrigins (
  variable: string, value: string | undefined, parse: (text: string) => string | undefined, hint: string
): string[] {
  const given = listOf(value)
  const wrong = given.filter((text) => !parse(text))
  if (wrong.length > 0) {
    const shown = wrong.map((text) => text.replace(/\/\/[^@]*@/, '//')).join(', ')
    throw new SettingRefused(`${variable} must list exact origins, but has ${JSON.stringify(shown)}. ` +
      `Write each as https://app.example.org, separated by commas; there are no wildcards.${hint}`)
  }
  return [...new Set(given.map(parse))].filter((origin) => origin !== undefined)
}

/** `publicUrl`; for development on this machine also the other names of it, because people type either. */
export function ownOriginsOf (publicUrl: string, production: boolean): string[] {
  const url = new URL(publicUrl)
  if (production || !isLoopback(url.hostname)) return [publicUrl]
  const port = url.port === '' ? '' : `:${url.port}`
  return [...new Set([publicUrl, ...loopbackNames.map((name) => `${url.protocol}//${name}${port}`)])]
}

/** Whether a browser sends SameSite cookies from pages of `origin` to `publicUrl`: same scheme, and one site by the Public Suffix List. */
export function isSameSite (origin: string, publicUrl: string): boolean {
  const [one, other] = [new URL(origin), new URL(publicUrl)]
  return one.protocol === other.protocol && siteOf(one.hostname) === siteOf(other.hostname)
}

/** The part of a host that one owner has; the host itself where there is none, such as localhost or an address. */
const siteOf = (hostname: string): string => getDomain(hostname, { allowPrivateDomains: true }) ?? hostname

/** What the browser inside a native app names as its origin. */
const NATIVE_ORIGIN = /^(?!(?:https?|wss?|ftp|file|filesystem|blob|data|javascript|about):)[a-z][a-z0-9+.-]*:\/\/[a-z0-9._-]+(?::\d{1,5})?$/

const asNativeOrigin = (text: string): string | undefined => NATIVE_ORIGIN.test(text) ? text : undefined

function asSafeOrigin (text: string): string | undefined {
  const origin = asOrigin(text)
  return origin && (origin.startsWith('https:') || isLoopback(new URL(origin).hostname)) ? origin : undefined
}

function asOrigin (text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isOrigin = /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href && !url.hostname.includes('*')
  return isOrigin ? url.origin : undefined
}
