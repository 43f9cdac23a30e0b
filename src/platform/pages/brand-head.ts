import type { Brand, BrandLogo } from '../brand/brand.ts'
import { brandColors, type SchemeColors } from '../brand/colors.ts'
import { brandIcon } from '../brand/icon.ts'
import { escapeHtml } from '../escape-html.ts'
import type { ShellHead } from './shell.ts'

export const LOGO_PATH = '/brand/logo'

/** Its address changes with the logo, so that browsers may keep it. */
export const logoAddress = (logo: BrandLogo): string => `${LOGO_PATH}?v=${logo.hash}`

/** What the brand puts into the head of every page. In the page itself, for a stylesheet would cost a round trip. */
export function brandHead (brand: Brand): ShellHead {
  const { logo, color } = brand
  const href = logo ? logoAddress(logo) : `data:image/svg+xml;base64,${brandIcon(brand).body.toString('base64')}`
  const icon = `<link rel="icon" type="${logo?.type ?? 'image/svg+xml'}" href="${escapeHtml(href)}">`
  if (color === null) return { icon: logo ? icon : null, style: '' }
  const { light, dark } = brandColors(color)
  // Stronger than the built stylesheet, whichever comes first.
  return { icon, style: `html:root{${variables(light)}}@media (prefers-color-scheme:dark){html:root{${variables(dark)}}}` }
}

const variables = ({ accent, accentStrong, onAccent, tint, glows: [a, b, c], gradient: [from, to] }: SchemeColors): string =>
  `--accent:${accent};--accent-strong:${accentStrong};--on-accent:${onAccent};--tint:${tint};` +
  `--glow-a:${a};--glow-b:${b};--glow-c:${c};--gradient:${from},${to}`
