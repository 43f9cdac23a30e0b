import type { Brand } from '../../brand/brand.ts'
import { brandColors } from '../../brand/colors.ts'

/**
 * Colours of the mails. No colour has six decimal digits in a row: programs that look for a code must find only the code.
 * The gradient of the frame goes around the code, never under it.
 */
export interface Palette {
  page: string
  card: string
  text: string
  muted: string
  accent: string
  code: string
  codeField: string
  line: string
}

/** What the brand decides of a mail's look. */
export interface MailLook {
  name: string
  links: Brand['links']
  accent: { light: string, dark: string }
  gradient: readonly string[]
}

export function mailLook ({ name, links, color }: Brand): MailLook {
  if (color === null) return { name, links, accent: { light: LIGHT.accent, dark: DARK.accent }, gradient: GRADIENT }
  const { light, dark } = brandColors(color)
  // One frame for both schemes: that of the dark one can be seen on white too.
  return { name, links, accent: { light: light.accent, dark: dark.accent }, gradient: dark.gradient }
}

const GRADIENT = ['#5b3df5', '#b03ad6', '#ec5f8f']

export const LIGHT: Palette = {
  page: '#f3f2fa',
  card: '#fff',
  text: '#1d1b2e',
  muted: '#5a586e',
  accent: '#4a2fd0',
  code: '#1d1b2e',
  codeField: '#fff',
  line: '#e4e2f0'
}

export const DARK: Palette = {
  page: '#12111c',
  card: '#1c1b2a',
  text: '#f2f1fa',
  muted: '#b6b4ca',
  accent: '#b5a6ff',
  code: '#fff',
  codeField: '#14131f',
  line: '#33314a'
}
