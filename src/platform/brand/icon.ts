import type { Brand } from './brand.ts'
import { brandColors } from './colors.ts'

const OUR_GRADIENT = ['#5b3df5', '#b03ad6', '#ec5f8f']

/** The logo, else two steps in the brand's colour. */
export function brandIcon ({ logo, color }: Brand): { type: string, body: Buffer } {
  if (logo) return { type: logo.type, body: Buffer.from(logo.base64, 'base64') }
  const gradient = color === null ? OUR_GRADIENT : brandColors(color).light.gradient
  const stops = gradient.map((stop, at) => `<stop offset="${at / (gradient.length - 1)}" stop-color="${stop}"/>`).join('')
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><defs><linearGradient id="g" x1="0" y1="1" x2="1" y2="0">' +
    `${stops}</linearGradient></defs><rect width="32" height="32" rx="9" fill="url(#g)"/><g fill="#fff">` +
    '<rect x="7" y="15" width="8" height="10" rx="2.5"/><rect x="17" y="7" width="8" height="18" rx="2.5"/></g></svg>'
  return { type: 'image/svg+xml', body: Buffer.from(svg) }
}
