import { parseArgs } from 'node:util'
import { parseMailAddress } from '../../platform/mail-address.ts'
import { isLoopback } from '../../platform/config/hosts.ts'
import { UsageError } from '../usage-error.ts'

export interface DoctorOptions {
  /** The origin to examine, when it was given. */
  url: string | undefined
  json: boolean
  help: boolean
  attack: boolean
  email: string | undefined
  confirmedHost: string | undefined
  dkimSelector: string | undefined
  /** DNS server to ask instead of the system's. */
  resolver: string | undefined
}

export const USAGE = `npm run doctor -- [options]

  --url ORIGIN            what to examine; without it PUBLIC_URL of the settings here
  --json                  print the report as JSON (npm run doctor --silent -- --json)
  --dkim-selector NAME    the selector your mail server signs with
  --resolver ADDRESS      ask this DNS server
  --attack                also play attacks with a throw-away account; needs --email
  --email ADDRESS         your own address; the account gets a plus-address of it
  --confirm-host HOST     attack this host although it is neither PUBLIC_URL here nor loopback
  --help                  this text

Exit code: 0 nothing failed, 1 something failed, 2 the command could not be run.
`

/** @throws UsageError */
export function readOptions (args: string[]): DoctorOptions {
  const values = parse(args)
  const { url, email, attack = false } = values
  if (url !== undefined && !isOrigin(url)) {
    throw new UsageError('--url must be http:// or https:// with a host, such as https://id.example.org.')
  }
  if (attack && email === undefined) {
    throw new UsageError('--attack needs --email with your own address: the throw-away account gets a plus-address of it.')
  }
  if (email !== undefined && parseMailAddress(email) === null) throw new UsageError('--email must be one plain address.')
  return {
    url: url === undefined ? undefined : new URL(url).origin,
    json: values.json ?? false,
    help: values.help ?? false,
    attack,
    email,
    confirmedHost: values['confirm-host'],
    dkimSelector: values['dkim-selector'],
    resolver: values.resolver
  }
}

/** Refuses to attack a deployment that may be somebody else's. @throws UsageError */
export function requirePermission (target: string, publicUrl: string | undefined, confirmedHost: string | undefined): void {
  const { host, hostname } = new URL(target)
  if (target === publicUrl || isLoopback(hostname) || confirmedHost === host) return
  throw new UsageError(`${target} is neither PUBLIC_URL of the settings here nor this machine. ` +
    `Attack only what is yours; if it is, add --confirm-host ${host}`)
}

function parse (args: string[]) {
  try {
    const text = { type: 'string' } as const
    const flag = { type: 'boolean' } as const
    return parseArgs({
      args,
      options: { url: text, json: flag, help: flag, attack: flag, email: text, 'confirm-host': text, 'dkim-selector': text, resolver: text }
    }).values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`)
  }
}

function isOrigin (text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`
}
