/**
 * How a person proved who they are (RFC 8176 names; `device` for a trusted browser; `mfa` beside `pop` for a passkey that verified its
 * user). Refresh copies it and never raises it.
 */
export type Amr = 'pwd' | 'otp' | 'device' | 'pop' | 'mfa'

const KNOWN: ReadonlySet<string> = new Set<Amr>(['pwd', 'otp', 'device', 'pop', 'mfa'])
const SECOND_FACTORS: ReadonlySet<Amr> = new Set<Amr>(['otp', 'device', 'pop'])

const isKnown = (word: string): word is Amr => KNOWN.has(word)

/** As Redis keeps it: words with spaces between. */
export const parseAmr = (text: string): Amr[] => text.split(' ').filter(isKnown)

export const formatAmr = (amr: Amr[]): string => amr.join(' ')

/** Whether the person themselves gave it in this session: what a trusted browser vouches for does not count. */
export const hasOwnProof = (amr: Amr[]): boolean => amr.some((one) => one !== 'device' && SECOND_FACTORS.has(one))

/** Whether a second factor was given in the session: a code, a passkey, or a browser that was trusted after one. */
export const hasSecondFactor = (amr: Amr[]): boolean => amr.some((one) => SECOND_FACTORS.has(one))
