import { escapeHtml } from '../escape-html.ts'
import type { Locale } from '../locales/index.ts'

/** What the page is told before it asks anything. */
export interface ShellFacts {
  lang: Locale
  nonce: string
  /** Shown when the page cannot run. */
  requestId: string
  noScript: string
  /** JSON: tag, name, short name and version of the texts of each language on offer. */
  locales: string
  /** JSON: what the page says when it cannot run. */
  crash: string
  codeLength: number
  passwordMin: number
  passwordMinAlone: number
  twoFactorRequired: boolean
  smsOffered: boolean
  /** Nobody signs up by themselves. */
  inviteOnly: boolean
  /** What passkeys belong to. */
  passkeyDomain: string
  brandName: string
  /** Where the pages begin; '' at the root. */
  basePath: string
  /** Address of the logo; '' for our mark. */
  logo: string
  logoAspect: number
  /** Where the application is, and where this person may go back to; '' for nowhere. */
  appUrl: string
  returnTo: string
  /** Whether the browser sent a refresh cookie. */
  hasSession: boolean
  support: string
  terms: string
  privacy: string
  /** Paths of what this page in this language needs at once. */
  preload: Preload
}

export interface Preload { texts: string, scripts: string[], fonts: string[] }

/** What is the same in every answer: HTML for the head. */
export interface ShellHead { icon: string | null, style: string }

export type Shell = (facts: ShellFacts) => string

const HOLE = /\{\{(\w+)\}\}/
const ICON = /<link rel="icon"[^>]*>/

/**
 * A page out of the built `index.html` with its holes filled, read once.
 * @throws Error when the template has a hole that nothing fills
 */
export function createShell (template: string, { icon, style }: ShellHead): Shell {
  const parts = (icon === null ? template : template.replace(ICON, icon)).split(HOLE)
  return (facts) => {
    const { preload, ...plain } = facts
    const links = [
      ...style === '' ? [] : [`<style nonce="${facts.nonce}">${style}</style>`],
      `<link rel="preload" as="fetch" type="application/json" crossorigin href="${preload.texts}">`,
      ...preload.fonts.map((path) => `<link rel="preload" as="font" type="font/woff2" crossorigin href="${path}">`),
      ...preload.scripts.map((path) => `<link rel="modulepreload" crossorigin href="${path}" nonce="${facts.nonce}">`)
    ].join('\n  ')
    const values: Record<string, string> = {
      ...Object.fromEntries(Object.entries(plain).map(([name, value]) => [name, escapeHtml(String(value))])), preload: links
    }
    return parts.map((part, at) => at % 2 === 0 ? part : valueOf(values, part)).join('')
  }
}

function valueOf (values: Record<string, string>, name: string): string {
  const value = values[name]
  if (value === undefined) throw new Error(`The page template has a hole that nothing fills: ${name}`)
  return value
}

/**
 * The policy of our pages: scripts by this answer's nonce and what they load themselves, no inline code or style, no other site
 * for anything, and no text that becomes code (Trusted Types, for which the pages need no exception).
 */
export const pagePolicy = (nonce: string): string => [
  "default-src 'none'",
  `script-src 'nonce-${nonce}' 'strict-dynamic'`,
  `style-src 'self' 'nonce-${nonce}'`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'"
].join('; ')
