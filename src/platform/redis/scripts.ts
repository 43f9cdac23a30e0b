import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Cluster, type Redis } from 'ioredis'
import type { RedisClient } from './connect.ts'
import { absentBeside } from './keys.ts'
import type { Durably } from './replicas.ts'

/**
 * Runs one of `scripts/*.lua`: one step, whole or not at all. All keys of a call belong to one slot. Scripts check first and
 * write last (Lua rolls nothing back), judge `...At` milliseconds by Redis' clock, and answer a list whose first item is a word.
 */
export type RunScript = <Answer extends readonly unknown[]>(name: string, keys: string[], args: Array<string | number>, once?: OutcomeRecord) => Promise<Answer>

/** Where a script that answers 'ok' keeps, in the same step, what the request made: so that the same request can be answered again. */
export interface OutcomeRecord { key: string, id: string, outcome: string }

const folder = new URL('./scripts/', import.meta.url)
const INCLUDE = /^-- include (\S+)$/gm

interface Script { source: string, sha: string, isReadOnly: boolean }

type Scripts = Map<string, Script>

/**
 * A Cluster runs nothing on a slot that moves when a key is absent there. So each call that writes names two absent keys. Or a script
 * would find some of an account's keys gone already, and pass over sessions that it was to end. The script does not see these two.
 */
const UNSEEN = 'KEYS[#KEYS] = nil KEYS[#KEYS] = nil'

const read = (name: string): string => readFileSync(new URL(`${name}.lua`, folder), 'utf8')

const sources = new Map(readdirSync(folder)
  .filter((file) => file.endsWith('.lua') && !file.startsWith('_'))
  .map((file) => {
    const name = file.slice(0, -'.lua'.length)
    return [name, read(name).replace(INCLUDE, (_line, part: string) => read(part).trimEnd())]
  }))

/** The same script, which keeps an outcome when it has said yes. The last key and the last two arguments are for that. */
const keeping = (source: string): string => `#!lua
${read('_once')}
local function script(KEYS, ARGV)
${source.slice(source.indexOf('\n'))}
end
local answer = script({ unpack(KEYS, 1, #KEYS - 1) }, { unpack(ARGV, 1, #ARGV - 2) })
if answer[1] == 'ok' then keep_outcome(KEYS[#KEYS], ARGV[#ARGV - 1], ARGV[#ARGV]) end
return answer`

function toScript (source: string, isForCluster: boolean): Script {
  const isReadOnly = /^#!lua flags=no-writes$/m.test(source)
  const whole = isForCluster && !isReadOnly ? source.replace('\n', `\n${UNSEEN}\n`) : source
  return { source: whole, sha: createHash('sha1').update(whole).digest('hex'), isReadOnly }
}

const scriptsFor = (isCluster: boolean, change = (source: string): string => source): Scripts =>
  new Map([...sources].map(([name, source]) => [name, toScript(change(source), isCluster)]))

/** Hands a server every script, so that the first call of one costs no more than the next. What it forgets at a restart it is given again by the call. */
export async function loadScripts (node: Redis, { isCluster }: { isCluster: boolean }): Promise<void> {
  await Promise.all([...scriptsFor(isCluster).values()].map(async ({ source }) => await node.script('LOAD', source)))
}

export function createScripts (redis: RedisClient, durably: Durably): RunScript {
  const isCluster = redis instanceof Cluster
  const scripts = scriptsFor(isCluster)
  const keepingScripts = scriptsFor(isCluster, keeping)

  async function call<Answer> ({ sha, source }: Script, keys: string[], args: Array<string | number>): Promise<Answer> {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args) as Answer
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return await redis.eval(source, keys.length, ...keys, ...args) as Answer
    }
  }

  return async <Answer extends readonly unknown[]>(name: string, scriptKeys: string[], scriptArgs: Array<string | number>, once?: OutcomeRecord) => {
    const script = (once ? keepingScripts : scripts).get(name)
    if (!script) throw new Error(`No script is called ${name}.`)
    const keys = once ? [...scriptKeys, once.key] : scriptKeys
    const args = once ? [...scriptArgs, once.id, once.outcome] : scriptArgs
    if (script.isReadOnly) return await call<Answer>(script, keys, args)
    const [first = ''] = keys
    const all = isCluster ? [...keys, ...absentBeside(first)] : keys
    return await durably(first, async () => await call<Answer>(script, all, args))
  }
}
