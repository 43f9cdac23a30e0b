import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import type { Brand, BrandLogo } from '../brand/brand.ts'
import { type Attempt, SettingRefused } from './refused.ts'
import type { Variables } from './variables.ts'

const NAME = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]{1,40}$/u
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u
const LOGO_MAX_BYTES = 64 * 1024
const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const PNG_HEADER_BYTES = 24
const BEFORE_ROOT = '^\\uFEFF?\\s*(?:<\\?xml[^>]*>\\s*)?(?:<!--(?:(?!-->)[^])*-->\\s*|<!DOCTYPE[^>[]*>\\s*)*'
// An image without this namespace is shown by no browser.
const SVG = new RegExp(`${BEFORE_ROOT}(<svg\\s[^>]*xmlns\\s*=\\s*["']http://www\\.w3\\.org/2000/svg["'][^>]*>)`)

export function brandOf (variables: Variables, attempt: Attempt): Brand {
  const { BRAND_NAME: name, BRAND_COLOR: color, BRAND_LOGO: logo } = variables
  const link = (variable: 'SUPPORT_URL' | 'TERMS_URL' | 'PRIVACY_URL'): string | null => {
    const value = variables[variable]
    return value ? attempt(() => parseLink(variable, value), null) : null
  }
  return {
    name: attempt(() => parseName(name), ''),
    color: color ? attempt(() => parseColor(color), null) : null,
    logo: logo ? attempt(() => readLogo(logo), null) : null,
    links: { support: link('SUPPORT_URL'), terms: link('TERMS_URL'), privacy: link('PRIVACY_URL') }
  }
}

function parseName (value: string): string {
  if (NAME.test(value) && VISIBLE.test(value)) return value
  throw new SettingRefused('BRAND_NAME must have 1 to 40 characters, one of them visible, and no control characters. Write the name of ' +
    'your product, such as Kobzar.')
}

function parseColor (value: string): string {
  if (/^#[0-9a-f]{6}$/i.test(value)) return value.toLowerCase()
  throw new SettingRefused(`BRAND_COLOR must be a colour as #rrggbb, but is ${JSON.stringify(value.slice(0, 40))}. In .env and in a ` +
    'shell it needs quotes, such as BRAND_COLOR="#0b6e4f".')
}

function parseLink (variable: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isPage = url?.protocol === 'https:' && !url.username && !url.password
  const isLink = isPage || (url?.protocol === 'mailto:' && url.pathname.includes('@'))
  if (url && isLink) return url.href
  throw new SettingRefused(`${variable} must be an https:// or mailto: address, such as https://example.org/help or ` +
    'mailto:help@example.org.')
}

/** @throws SettingRefused when there is no such file, or it is no SVG or PNG of at most 64 KiB */
export function readLogo (path: string): BrandLogo {
  const body = readSmallFile(path)
  const isPng = body.subarray(0, PNG.length).equals(PNG) && body.length > PNG_HEADER_BYTES
  const [, root] = isPng ? [] : SVG.exec(body.toString('utf8')) ?? []
  if (!isPng && root === undefined) throw new SettingRefused(`BRAND_LOGO is ${path}, which is neither an SVG (with its xmlns) nor a PNG.`)
  return {
    type: isPng ? 'image/png' : 'image/svg+xml',
    base64: body.toString('base64'),
    hash: createHash('sha256').update(body).digest('base64url').slice(0, 12),
    aspect: root === undefined ? aspectOf(body.readUInt32BE(16), body.readUInt32BE(20)) : svgAspect(root)
  }
}

function readSmallFile (path: string): Buffer {
  try {
    const found = statSync(path)
    if (!found.isFile()) throw new SettingRefused(`BRAND_LOGO is ${path}, which is no file.`)
    if (found.size > LOGO_MAX_BYTES) {
      throw new SettingRefused(`BRAND_LOGO is ${path} with ${found.size} bytes; ${LOGO_MAX_BYTES} are the most. Make it smaller.`)
    }
    return readFileSync(path)
  } catch (error) {
    if (error instanceof SettingRefused) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new SettingRefused(`BRAND_LOGO is ${path}, which cannot be read (${code}). Make it a file that this user may read, or remove it.`)
  }
}

function svgAspect (root: string): number {
  const [, width, height] = /\sviewBox\s*=\s*["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)/.exec(root) ?? []
  const size = (name: string): string | undefined => new RegExp(`\\s${name}\\s*=\\s*["']([\\d.]+)`).exec(root)?.[1]
  return aspectOf(Number(width ?? size('width')), Number(height ?? size('height')))
}

/** What cannot be right is shown as a square. */
function aspectOf (width: number, height: number): number {
  const aspect = width / height
  return aspect > 0.1 && aspect < 10 ? Math.round(aspect * 1000) / 1000 : 1
}
