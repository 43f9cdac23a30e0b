import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Decoders, Encoder, RestEncoder } from './values.ts'

/**
 * What a script takes and answers, beside its `.lua`. The order of names is the order on the wire; the script reads `KEY.name` and
 * `ARG.name`.
 */
export interface Declaration {
  /** Names of the keys; the last one may end in `?`: a script may be called without it. */
  keys: readonly string[]
  /** The name under which the script has all further keys. */
  restKeys?: string
  args?: Readonly<Record<string, Encoder<unknown>>>
  /** The one name under which the script has all further arguments. */
  rest?: Readonly<Record<string, RestEncoder<unknown>>>
  /** By the word that comes first: what follows it. */
  answers: Readonly<Record<string, Decoders>>
  /** The events that it may tell the log; or a sentence: why it tells none, though it has the keys of an account or a session. */
  tells?: readonly string[] | string
  /** Tells only when it refuses, and is run too often to announce each run. */
  tellsRarely?: true
}

/** What is needed to make its source. */
export interface DeclaredScript { readonly url: URL, readonly declaration: Declaration }

/** A script as Redis gets it. */
export interface ScriptSource {
  source: string
  sha: string
  isReadOnly: boolean
  /** Whether it can tell the event log (records/events/_events.lua). */
  mayTell: boolean
}

const INCLUDE = /^-- include (\S+)$/gm
const SHEBANG = /^#!lua.*\n/

/**
 * A Cluster runs nothing on a slot that moves when a key is absent there. So each call that writes names two absent keys. Or a script
 * would find some of an account's keys gone already, and pass over sessions that it was to end. The script does not see these two.
 */
const UNSEEN = 'KEYS[#KEYS] = nil KEYS[#KEYS] = nil'

/** What the expressions of values.ts need. */
const HELPERS = {
  'given(': "local function given(text) if text == '' then return nil end return text end",
  FLAG: "local FLAG = { ['0'] = false, ['1'] = true }"
}

/** Most scripts include the same parts. */
const texts = new Map<string, string>()

/** The text of a script with what it includes, each part once. Paths are relative to the file that names them, as in an import. */
export function readLua (url: URL, seen = new Set<string>()): string {
  seen.add(url.href)
  const text = texts.get(url.href) ?? readFileSync(url, 'utf8')
  texts.set(url.href, text)
  return text.replace(INCLUDE, (_line, path: string) => {
    const part = new URL(path, url)
    return seen.has(part.href) ? '' : readLua(part, seen).trimEnd()
  })
}

/** `keepsOutcome`: the same script, which keeps an outcome when it has said yes. The last key and the last two arguments are for that. */
export function sourceOf (script: DeclaredScript, { isForCluster = false, keepsOutcome = false } = {}): ScriptSource {
  const whole = readLua(script.url)
  const [shebang = ''] = SHEBANG.exec(whole) ?? []
  const isReadOnly = shebang.includes('flags=no-writes')
  const body = `${prelude(script)}\n${whole.slice(shebang.length)}`
  const unseen = isForCluster && !isReadOnly ? `${UNSEEN}\n` : ''
  const where = whole.includes('IS_CLUSTER') ? `local IS_CLUSTER = ${isForCluster}\n` : ''
  const source = shebang + unseen + where + (keepsOutcome ? keeping(body) : body)
  return { source, sha: createHash('sha1').update(source).digest('hex'), isReadOnly, mayTell: where !== '' }
}

/** Names for KEYS and ARGV, so that nobody counts positions. */
function prelude ({ declaration: { keys, restKeys, args = {}, rest = {} } }: DeclaredScript): string {
  const names = Object.entries(args)
  const keyFields = [
    ...keys.map((key, i) => `${key.replace('?', '')} = KEYS[${i + 1}]`),
    ...(restKeys === undefined ? [] : [`${restKeys} = { unpack(KEYS, ${keys.length + 1}) }`])
  ]
  const argFields = [
    ...names.map(([name, encoder], i) => `${name} = ${encoder.lua(`ARGV[${i + 1}]`)}`),
    ...Object.keys(rest).map((name) => `${name} = { unpack(ARGV, ${names.length + 1}) }`)
  ]
  const fields = argFields.join(', ')
  const helpers = Object.entries(HELPERS).filter(([name]) => fields.includes(name)).map(([, helper]) => helper)
  return [...helpers, `local KEY = { ${keyFields.join(', ')} }`, `local ARG = { ${fields} }`].join('\n')
}

const keeping = (body: string): string => `${readLua(new URL('./lua/_idempotency.lua', import.meta.url))}
local outcome_key, outcome_id, outcome = table.remove(KEYS), ARGV[#ARGV - 1], ARGV[#ARGV]
ARGV[#ARGV] = nil ARGV[#ARGV] = nil
local function script()
${body}
end
local answer = script()
if answer[1] == 'ok' then keep_outcome(outcome_key, outcome_id, outcome) end
return answer`
