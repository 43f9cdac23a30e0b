import type { Brand, BrandLogo } from '../brand/brand.ts'
import { brandColors, type SchemeColors } from '../brand/colors.ts'
import { brandIcon } from '../brand/icon.ts'
import { escapeHtml } from '../escape-html.ts'
import type { ShellHead } from './shell.ts'

/** Its address changes with the logo, so that browsers may keep it. */
export const logoAddress = (logo: BrandLogo, basePath: string): string => `${basePath}/brand/logo?v=${logo.hash}`

/** Of the logo, or of our mark in the brand's colour. */
export function iconOf (brand: Brand, basePath: string): { type: string, href: string } {
  if (brand.logo) return { type: brand.logo.type, href: logoAddress(brand.logo, basePath) }
  const { type, body } = brandIcon(brand)
  return { type, href: `data:${type};base64,${body.toString('base64')}` }
}

/** What the brand puts into the head of every page. In the page itself, for a stylesheet would cost a round trip. */
export function brandHead (brand: Brand, basePath: string): ShellHead {
  const { logo, color } = brand
  const { type, href } = iconOf(brand, basePath)
  const icon = `<link rel="icon" type="${type}" href="${escapeHtml(href)}">`
  if (color === null) return { icon: logo ? icon : null, style: '' }
  const { light, dark } = brandColors(color)
  // Stronger than the built stylesheet, whichever comes first.
  return { icon, style: `html:root{${variables(light)}}@media (prefers-color-scheme:dark){html:root{${variables(dark)}}}` }
}

const variables = ({ accent, accentStrong, onAccent, tint, glows: [a, b, c], gradient: [from, to] }: SchemeColors): string =>
  `--accent:${accent};--accent-strong:${accentStrong};--on-accent:${onAccent};--tint:${tint};` +
  `--glow-a:${a};--glow-b:${b};--glow-c:${c};--gradient:${from},${to}`
