/** Whose name and look people see. */
export interface Brand {
  name: string
  /** `#rrggbb`; null: ours. */
  color: string | null
  logo: BrandLogo | null
  /** https or mailto; null where there is none. */
  links: Record<BrandLink, string | null>
}

export const BRAND_LINKS = ['support', 'terms', 'privacy'] as const
export type BrandLink = typeof BRAND_LINKS[number]

export interface BrandLogo {
  type: 'image/svg+xml' | 'image/png'
  base64: string
  /** Of the content, so that its address changes with it. */
  hash: string
  /** Width by height. */
  aspect: number
}

export const OUR_NAME = 'Dvokrok'

export const ourBrand: Brand = { name: OUR_NAME, color: null, logo: null, links: { support: null, terms: null, privacy: null } }
