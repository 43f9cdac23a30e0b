import { listOf, SettingRefused } from './refused.ts'

const SECRET_MIN_BYTES = 32
const DISTINCT_MIN = 8
const METRICS_TOKEN_SHORT = 16
const MAKE_ONE = 'Make one with: openssl rand -base64 48'

/** `value` when it can be the root of all keys. The refusal never repeats the value. */
export function parseSecret (value: string): string {
  const weakness = weaknessOf(value)
  if (weakness) throw new SettingRefused(`SECRET ${weakness}. ${MAKE_ONE}`)
  // SECRET_PREVIOUS is a list with commas: such a secret could never be rotated out.
  if (value.includes(',')) throw new SettingRefused(`SECRET must not contain a comma. ${MAKE_ONE}`)
  return value
}

/** The retired secrets in `value`, comma-separated, in their order. */
export function parsePreviousSecrets (value: string | undefined): string[] {
  const secrets = listOf(value)
  secrets.forEach((secret, index) => {
    const weakness = weaknessOf(secret)
    if (!weakness) return
    const which = secrets.length > 1 ? `, number ${index + 1} of ${secrets.length},` : ''
    throw new SettingRefused(`SECRET_PREVIOUS${which} ${weakness}. Give the retired secret exactly as it was, or remove it.`)
  })
  return secrets
}

export const missingSecret = (): string =>
  `SECRET is not set, and production never makes one up. ${MAKE_ONE}, and give every node the same.`

/** Throws for what cannot be sent as a Bearer (RFC 6750, section 2.1). */
export function parseMetricsToken (value: string): string {
  if (/^[A-Za-z0-9._~+/-]+=*$/.test(value)) return value
  throw new SettingRefused('METRICS_TOKEN must consist of the letters A-Z and a-z, digits and -._~+/ to fit into a Bearer header. ' +
    'Make one with: openssl rand -hex 24')
}

export const isShortMetricsToken = (token: string): boolean => token.length < METRICS_TOKEN_SHORT

/** Why a text cannot be a secret, to be told after its name; undefined when it can. */
export function weaknessOf (secret: string): string | undefined {
  if (/(change|replace)[-_ ]?(me|this)/i.test(secret)) return 'is the example from the documentation, which everybody knows'
  const bytes = Buffer.byteLength(secret)
  if (bytes < SECRET_MIN_BYTES) return `has ${bytes} bytes, at least ${SECRET_MIN_BYTES} are needed`
  if (isRepetition(secret) || new Set(secret).size < DISTINCT_MIN) return 'is easily guessed, because it repeats itself'
  return undefined
}

function isRepetition (secret: string): boolean {
  for (let length = 1; length <= secret.length / 2; length++) {
    if (secret.startsWith(secret.slice(length))) return true
  }
  return false
}
