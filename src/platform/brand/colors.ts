import { clampChroma, formatHex, modeLrgb, modeOklab, modeOklch, modeRgb, type Oklch, useMode, wcagContrast } from 'culori/fn'

const toOklch = useMode(modeOklch)
for (const mode of [modeRgb, modeLrgb, modeOklab]) useMode(mode)

/** What is drawn with one colour in one scheme; all `#rrggbb`. */
export interface SchemeColors {
  /** Links, buttons and focus rings. */
  accent: string
  /** The same under the pointer, and text on `tint`. */
  accentStrong: string
  /** Text on both. */
  onAccent: string
  /** Behind notices and quiet buttons. */
  tint: string
  /** In the corners of the page. */
  glows: [string, string, string]
  /** Behind white shapes. */
  gradient: [string, string]
}

export interface BrandColors { light: SchemeColors, dark: SchemeColors }

/** WCAG asks for 4.5 and 3; the rest is for rounding. */
const TEXT = 4.6
const SHAPE = 3.1
const STEP = 0.005

const WHITE = '#ffffff'
const DARK_INK = '#0f0d16'
// The surfaces of web/src/ui/app.css and of the mails that lie nearest to the text on them.
const LIGHT_SURFACES = ['#ffffff', '#faf8fc', '#fbf8f6', '#f3f2fa']
const DARK_SURFACES = ['#1c1926', '#15131d', '#131119', '#1c1b2a', '#12111c']

/**
 * Colours of this hue that can be read and seen in both schemes: only the lightness moves, no further than it must. `color` is `#rrggbb`.
 */
export function brandColors (color: string): BrandColors {
  const brand = toOklch(color) ?? { mode: 'oklch', l: 0, c: 0 }
  const at = (l: number, mostChroma = 1): string => hexOf({ ...brand, l: Math.min(1, Math.max(0, l)), c: Math.min(brand.c, mostChroma) })
  const moved = (from: number, step: number, isGood: (hex: string) => boolean): string => {
    let l = Math.min(1, Math.max(0, from))
    while (!isGood(at(l)) && l >= 0 && l <= 1) l += step
    return at(l)
  }
  const lightnessOf = (hex: string): number => toOklch(hex)?.l ?? 0

  const lightGlows: [string, string, string] = [at(0.94, 0.045), at(0.95, 0.03), at(0.955, 0.035)]
  const lightTint = at(0.96, 0.025)
  const lightAccent = moved(brand.l, -STEP, reads(TEXT, lightTint, ...LIGHT_SURFACES, ...lightGlows))
  const darkGlows: [string, string, string] = [at(0.27, 0.05), at(0.25, 0.05), at(0.23, 0.03)]
  const darkTint = at(0.28, 0.05)
  const darkAccent = moved(brand.l, STEP, reads(TEXT, DARK_INK, darkTint, ...DARK_SURFACES, ...darkGlows))
  // White shapes on it, and it on a dark card.
  const lightTile = moved(brand.l, -STEP, reads(SHAPE, WHITE))
  const darkTile = moved(lightnessOf(lightTile), STEP, reads(SHAPE, ...DARK_SURFACES))
  return {
    light: {
      accent: lightAccent,
      accentStrong: moved(lightnessOf(lightAccent) - 0.06, -STEP, reads(TEXT, lightTint, ...LIGHT_SURFACES)),
      onAccent: WHITE,
      tint: lightTint,
      glows: lightGlows,
      gradient: [at(lightnessOf(lightTile) - 0.06), lightTile]
    },
    dark: {
      accent: darkAccent,
      accentStrong: moved(lightnessOf(darkAccent) + 0.05, STEP, reads(TEXT, DARK_INK, darkTint, ...DARK_SURFACES)),
      onAccent: DARK_INK,
      tint: darkTint,
      glows: darkGlows,
      gradient: [darkTile, moved(lightnessOf(darkTile) + 0.04, -STEP, reads(SHAPE, WHITE))]
    }
  }
}

/** The contrast of two colours as WCAG 2.2 defines it, 1 to 21. */
export const contrast = (one: string, other: string): number => wcagContrast(one, other)

const reads = (ratio: number, ...against: string[]) => (hex: string): boolean => against.every((other) => contrast(hex, other) >= ratio)

/** In sRGB. Six decimal digits would look like a code to programs that search mails for one. */
function hexOf (color: Oklch): string {
  const hex = formatHex(clampChroma(color, 'oklch'))
  return /^#\d{6}$/.test(hex) ? `${hex.slice(0, -1)}a` : hex
}
