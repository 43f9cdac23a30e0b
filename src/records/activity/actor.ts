import bowser from 'bowser'
import { type Encoder, text } from '../../platform/redis/script.ts'

/** Who asks, as far as the request tells. */
export interface Client {
  ip: string
  /** `Firefox on Linux`: short, because it stands in hot records. */
  device: string
  /** IANA name, of a request that begins a session or an account and says it. */
  timeZone?: string | undefined
}

/** Who did something: the owner (or whoever had their password or session), unless somebody else is named. */
export interface Actor extends Client {
  /** The id of an admin, `operator` for the command line, `key:NAME` for a service key. */
  by?: string
  /** The operation in the log of what admins did; by it a crash in between is told from what never happened. */
  operation?: string
}

/** The session that asks for a change: it must still live when the change is made, and is the one that outlives it. */
export interface SessionActor { accountId: string, sid: string, client: Client }

/** Packed into one argument; `read_actor` in _activity.lua takes it apart. */
export const encodeActor = ({ ip, device, by = '', operation }: Actor): string =>
  [ip, device, by, ...operation === undefined ? [] : [operation]].map((part) => part.replaceAll('\t', ' ')).join('\t')

/** What the log says of who did it: by whom, and the operation. */
export const parseActor = (kept: string): [by: string, operation: string] => {
  const [by = '', operation = ''] = kept.split('\t')
  return [by, operation]
}

/** An argument of a script. */
export const actor: Encoder<Actor> = { encode: encodeActor, lua: text.lua }

const BROWSERS: ReadonlySet<string> = new Set(Object.values(bowser.BROWSER_MAP))
const SYSTEMS: ReadonlySet<string> = new Set(Object.values(bowser.OS_MAP))
/** Programs that call the API without a browser, by the first word of their User-Agent. */
const PROGRAMS: ReadonlySet<string> = new Set([
  'axios', 'curl', 'Dart', 'Go-http-client', 'HTTPie', 'Java', 'node', 'okhttp', 'PostmanRuntime', 'python-requests', 'undici', 'Wget'
])
/** As many User-Agents are remembered: reading one takes longer than all else that a refresh does. */
const MOST_KNOWN = 1000
const known = new Map<string, string>()

/**
 * A User-Agent in a few words for people: `Firefox on Linux`, `?` for what nobody knows. Only names from a list: it is mailed and logged,
 * and a stranger could else write to the owner of an account in our name.
 */
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
  const program = userAgent.split(/[/\s]/)[0] ?? ''
  const names = [
    [browser.name, program].find((name = '') => BROWSERS.has(name) || PROGRAMS.has(name)),
    [os.name].find((name = '') => SYSTEMS.has(name))
  ]
  return names.filter((name) => name !== undefined).join(' on ') || '?'
}
