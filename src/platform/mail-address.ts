import tr46 from 'tr46'

const LOCAL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const LONGEST = 254

/**
 * One ASCII mailbox (RFC 5321 dot-string of at most 64 letters, and host name). Anything a mail library might read as a second recipient,
 * and letters that only look like ASCII, do not match.
 */
const asciiAddress = new RegExp(`^(?=[^@]{1,64}@)${LOCAL}@(?:${LABEL}\\.)+${LABEL}$`)
/** What phones add to an address, and what comes along when one is copied. */
const AROUND = /^[\t \p{Default_Ignorable_Code_Point}]+|[\t \p{Default_Ignorable_Code_Point}]+$/gu

/** UTS 46 without the mappings of 2003, which made another domain of ß and ς. */
const STRICT = {
  transitionalProcessing: false,
  useSTD3ASCIIRules: true,
  checkBidi: true,
  checkHyphens: true,
  checkJoiners: true,
  verifyDNSLength: true
}

/** Domains that are shown as people write them: with letters of one script, nobody can pass one off as another. */
const SCRIPTS = [
  'Latin', 'Cyrillic', 'Greek', 'Armenian', 'Georgian', 'Hebrew', 'Arabic', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya',
  'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Thai', 'Lao', 'Khmer', 'Myanmar', 'Tibetan', 'Ethiopic', 'Mongolian', 'Hangul',
  // Japanese is written in three.
  'Han}\\p{scx=Hiragana}\\p{scx=Katakana'
].map((script) => new RegExp(`^[\\p{scx=${script}}0-9.-]+$`, 'u'))

/** Their letters look alike. */
const ALIKE = ['Latin', 'Cyrillic', 'Greek', 'Armenian'].map((script) => new RegExp(`\\p{Script=${script}}`, 'u'))
const isLookAlike = (label: string): boolean => ALIKE.filter((script) => script.test(label)).length > 1

/** Those of IDNA 2003, which keyboards of East Asia write. */
const DOTS = /[.\u3002\uff0e\uff61]/

const isOneScript = (text: string): boolean => SCRIPTS.some((script) => script.test(text))

/**
 * The one form in which an address is compared, counted, stored and mailed, so that two spellings can never become two accounts: lower
 * case, and the domain in ASCII. Null when it is no address. The part before the @ must be ASCII: few servers take another.
 */
export function parseMailAddress (text: string): string | null {
  const bare = text.replace(AROUND, '')
  const at = bare.lastIndexOf('@') + 1
  // Not in lower case yet: that of the Kelvin sign is a k.
  const address = bare.slice(0, at) + (asciiDomain(bare.slice(at)) ?? '')
  return address.length <= LONGEST && asciiAddress.test(address) ? address.toLowerCase() : null
}

function asciiDomain (domain: string): string | null {
  const isPlain = /^[\x21-\x7e]*$/.test(domain) && !/(^|\.)xn--/i.test(domain)
  if (isPlain) return domain
  const ascii = tr46.toASCII(domain, STRICT)
  // Typed so, it is a slip of the keyboard or a trick: no registry gives out such a label.
  return domain.split(DOTS).some(isLookAlike) ? null : ascii
}

/** The same as people write it. A domain that mixes scripts, which may look like another one, stays in ASCII. */
export function displayMailAddress (address: string): string {
  if (!/[@.]xn--/.test(address)) return address
  const at = address.lastIndexOf('@') + 1
  const { domain, error } = tr46.toUnicode(address.slice(at), STRICT)
  return !error && isOneScript(domain) ? address.slice(0, at) + domain : address
}
