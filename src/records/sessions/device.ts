import bowser from 'bowser'

const LONGEST = 48
/** As many User-Agents are remembered: reading one takes longer than all else that a refresh does. */
const MOST_KNOWN = 1000
const known = new Map<string, string>()

/** A User-Agent in a few words for people: `Firefox on Linux`. Short and plain, because it is stored, mailed and logged. */
export function describeDevice (userAgent: string | undefined): string {
  if (!userAgent) return '?'
  const text = userAgent.slice(0, 512)
  const remembered = known.get(text)
  if (remembered !== undefined) return remembered
  const device = readDevice(text)
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(text, device)
  return device
}

function readDevice (userAgent: string): string {
  const { browser, os } = bowser.parse(userAgent)
  const name = browser.name || userAgent.split(/[/\s]/)[0] || '?'
  const text = os.name ? `${name} on ${os.name}` : name
  return text.replace(/[^\x20-\x7e]/g, '').replace(/[<>"'&]/g, '').slice(0, LONGEST) || '?'
}
