import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Cluster } from 'ioredis'
import type { RedisClient } from './connect.ts'

/**
 * Runs one of `scripts/*.lua`: one step, whole or not at all. All keys of a call belong to one slot. Scripts check first and
 * write last (Lua rolls nothing back), judge `...At` milliseconds by Redis' clock, and answer a list whose first item is a word.
 */
export type RunScript = <Answer extends readonly unknown[]>(name: string, keys: string[], args: Array<string | number>, once?: OnceMark) => Promise<Answer>

/** Where a script that answers 'ok' keeps, in the same step, what the request made: so that the same request can be answered again. */
export interface OnceMark { key: string, id: string, outcome: string }

const folder = new URL('./scripts/', import.meta.url)
const INCLUDE = /^-- include (\S+)$/gm

interface Script { source: string, sha: string }

const read = (name: string): string => readFileSync(new URL(`${name}.lua`, folder), 'utf8')

const scripts = new Map<string, Script>(readdirSync(folder)
  .filter((file) => file.endsWith('.lua') && !file.startsWith('_'))
  .map((file) => {
    const name = file.slice(0, -'.lua'.length)
    return [name, toScript(read(name).replace(INCLUDE, (_line, part: string) => read(part).trimEnd()))]
  }))

function toScript (source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

/** The same script, which keeps an outcome when it has said yes. The last key and the last two arguments are for that. */
function keeping ({ source }: Script): Script {
  return toScript(`#!lua
${read('_once')}
local function script(KEYS, ARGV)
${source.slice(source.indexOf('\n'))}
end
local answer = script({ unpack(KEYS, 1, #KEYS - 1) }, { unpack(ARGV, 1, #ARGV - 2) })
if answer[1] == 'ok' then keep_outcome(KEYS[#KEYS], ARGV[#ARGV - 1], ARGV[#ARGV]) end
return answer`)
}

const keepingScripts = new Map([...scripts].map(([name, script]) => [name, keeping(script)]))

/** Hands Redis every script, so that the first call of one costs no more than the next. What it forgets at a restart it is given again by `run`. */
export async function loadScripts (redis: RedisClient): Promise<void> {
  // A cluster would need it on every master; there the first call brings its script along.
  if (redis instanceof Cluster) return
  await Promise.all([...scripts.values()].map(async ({ source }) => await redis.script('LOAD', source)))
}

export function createScripts (redis: RedisClient): RunScript {
  return async <Answer extends readonly unknown[]>(name: string, scriptKeys: string[], scriptArgs: Array<string | number>, once?: OnceMark) => {
    const script = (once ? keepingScripts : scripts).get(name)
    if (!script) throw new Error(`No script is called ${name}.`)
    const keys = once ? [...scriptKeys, once.key] : scriptKeys
    const args = once ? [...scriptArgs, once.id, once.outcome] : scriptArgs
    try {
      return await redis.evalsha(script.sha, keys.length, ...keys, ...args) as Answer
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return await redis.eval(script.source, keys.length, ...keys, ...args) as Answer
    }
  }
}
