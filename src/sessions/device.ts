import bowser from 'bowser'

const LONGEST = 48

/** A User-Agent in a few words for people: `Firefox on Linux`. Short and plain, because it is stored, mailed and logged. */
export function describeDevice (userAgent: string | undefined): string {
  if (!userAgent) return '?'
  const { browser, os } = bowser.parse(userAgent.slice(0, 512))
  const name = browser.name || userAgent.split(/[/\s]/)[0] || '?'
  const text = os.name ? `${name} on ${os.name}` : name
  return text.replace(/[^\x20-\x7e]/g, '').replace(/[<>"'&]/g, '').slice(0, LONGEST) || '?'
}
