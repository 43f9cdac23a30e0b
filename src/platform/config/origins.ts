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

/** Origins beside our own that browsers may call from; our own are left out. */
export function parseCorsOrigins (value: string | undefined, own: string[]): string[] {
  const given = listOf(value)
  const wrong = given.filter((text) => !asOrigin(text))
  if (wrong.length > 0) {
    const shown = wrong.map((text) => text.replace(/\/\/[^@]*@/, '//')).join(', ')
    throw new SettingRefused(`CORS_ORIGINS must list exact origins, but has ${JSON.stringify(shown)}. ` +
      'Write each as https://app.example.org, separated by commas; there are no wildcards.')
  }
  const origins = given.map((text) => asOrigin(text)).filter((origin) => origin !== undefined)
  return [...new Set(origins)].filter((origin) => !own.includes(origin))
}

/** `publicUrl`; for development on this machine also the other names of it, because people type either. */
export function ownOriginsOf (publicUrl: string, production: boolean): string[] {
  const url = new URL(publicUrl)
  if (production || !isLoopback(url.hostname)) return [publicUrl]
  const port = url.port === '' ? '' : `:${url.port}`
  return [...new Set([publicUrl, ...loopbackNames.map((name) => `${url.protocol}//${name}${port}`)])]
}

/**
 * Whether a browser would send SameSite cookies from `origin` to `publicUrl`. Two neighbours under one parent of two labels or
 * more count as one site; without the Public Suffix List that is too kind to a.co.uk and b.co.uk, where the browser still says no.
 */
export function isSameSite (origin: string, publicUrl: string): boolean {
  const [one, other] = [new URL(origin), new URL(publicUrl)]
  if (one.protocol !== other.protocol) return false
  const [a, b] = [one.hostname, other.hostname]
  if (a === b) return true
  if (isAddress(a) || isAddress(b)) return false
  const isUnder = (child: string, parent: string): boolean => parent.includes('.') && child.endsWith(`.${parent}`)
  return isUnder(a, b) || isUnder(b, a) || isUnder(b, parentOf(a)) || isUnder(a, parentOf(b))
}

const parentOf = (hostname: string): string => hostname.slice(hostname.indexOf('.') + 1)
const isAddress = (hostname: string): boolean => hostname.startsWith('[') || /\.\d+$/.test(hostname)

function asOrigin (text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const isOrigin = /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href && !url.hostname.includes('*')
  return isOrigin ? url.origin : undefined
}
