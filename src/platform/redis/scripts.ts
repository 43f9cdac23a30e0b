import { Cluster, type Redis } from 'ioredis'
import type { RedisClient } from './connect.ts'
import { absentBeside } from './keys.ts'
import type { Durably } from './replicas.ts'
import { type AnyScript, declaredScripts, type Script } from './script.ts'
import { type ScriptSource, sourceOf } from './script-source.ts'
import type { Wire } from './values.ts'

/**
 * Runs a script: one step, whole or not at all. All keys of a call belong to one slot. Scripts check first and write last (Lua rolls
 * nothing back), and judge `...At` milliseconds by Redis' clock.
 */
export type RunScript = <Keys, Args, Answer>(
  script: Script<Keys, Args, Answer>, keys: NoInfer<Keys>, args: NoInfer<Args>, record?: OutcomeRecord
) => Promise<Answer>

/** Where a script that answers 'ok' keeps, in the same step, what the request made: so that the same request can be answered again. */
export interface OutcomeRecord { key: string, id: string, outcome: string }

/**
 * Hands a server every script, so that the first call of one costs no more than the next. What it forgets at a restart it is given
 * again by the call.
 */
export async function loadScripts (node: Redis, { isCluster }: { isCluster: boolean }): Promise<void> {
  await Promise.all(declaredScripts().map(async (script) => {
    await node.script('LOAD', sourceOf(script, { isForCluster: isCluster }).source)
  }))
}

export function createScripts (redis: RedisClient, durably: Durably): RunScript {
  const isForCluster = redis instanceof Cluster
  const plain = cached((script) => sourceOf(script, { isForCluster }))
  const keeping = cached((script) => sourceOf(script, { isForCluster, keepsOutcome: true }))

  async function call ({ sha, source }: ScriptSource, keys: string[], args: Wire[]): Promise<unknown> {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return await redis.eval(source, keys.length, ...keys, ...args)
    }
  }

  return async (script, namedKeys, namedArgs, record) => {
    const keys = script.toKeys(namedKeys)
    const args = script.toArgs(namedArgs)
    const source = (record ? keeping : plain)(script)
    if (record) {
      keys.push(record.key)
      args.push(record.id, record.outcome)
    }
    if (source.isReadOnly) return script.decode(await call(source, keys, args))
    const [first = ''] = keys
    if (isForCluster) keys.push(...absentBeside(first))
    return script.decode(await durably(first, async () => await call(source, keys, args)))
  }
}

function cached (make: (script: AnyScript) => ScriptSource): (script: AnyScript) => ScriptSource {
  const known = new Map<AnyScript, ScriptSource>()
  return (script) => {
    const found = known.get(script) ?? make(script)
    known.set(script, found)
    return found
  }
}
