import { basename } from 'node:path'
import { Cluster, type Redis } from 'ioredis'
import type { RedisClient } from './connect.ts'
import { absentBeside, accountIdOf } from './keys.ts'
import type { Durably } from './replicas.ts'
import { type Declaration, type ScriptSource, sourceOf } from './script-source.ts'
import { decodeItems, type Decoded, type Encoder, type RestEncoder, type Wire } from './values.ts'

export type { Decoder, Encoder } from './values.ts'
export { flag, integer, list, listOf, oneOf, optional, pairs, row, text, tuple } from './values.ts'

/** A declared script, to be given to `run`. */
export interface Script<Keys, Args, Answer> {
  readonly name: string
  readonly url: URL
  readonly declaration: Declaration
  toKeys (keys: Keys): string[]
  toArgs (args: Args): Wire[]
  /** @throws Error for an answer that is not declared */
  decode (reply: unknown): Answer
}

/** For what treats all scripts alike. */
export type AnyScript = Script<never, never, unknown>

/** What `run` resolves with for a script. */
export type AnswerOf<One> = One extends Script<never, never, infer Answer> ? Answer : never

type Flat<Type> = { [Name in keyof Type]: Type[Name] }

/** An object type without names would take any object. */
type Strict<Type> = [keyof Type] extends [never] ? Record<string, never> : Type

type KeysOf<Names extends readonly string[], Rest extends string> = Strict<Flat<
  & { [Name in Names[number] as Name extends `${string}?` ? never : Name]: string }
  & { [Name in Names[number] as Name extends `${infer Bare}?` ? Bare : never]?: string | undefined }
  & { [Name in Rest]: readonly string[] }
>>

type ArgsOf<Args, Rest> = Strict<Flat<
  & { [Name in keyof Args]: Args[Name] extends Encoder<infer Value> ? Value : never }
  & { [Name in keyof Rest]: Rest[Name] extends RestEncoder<infer Value> ? Value : never }
>>

type Answers<Shapes extends Declaration['answers']> = {
  [Word in keyof Shapes]: Flat<{ outcome: Word } & Decoded<Shapes[Word]>>
}[keyof Shapes]

/** A script to those who do not know its names. */
type LooseScript = Script<Record<string, string | readonly string[]>, Record<string, unknown>, { outcome: string }>

const declared = new Map<string, AnyScript>()

/** Every script that was declared by what is loaded so far. */
export const declaredScripts = (): AnyScript[] => [...declared.values()]

/** Declares the script that lies at `url`. */
export function defineScript<
  const Keys extends readonly string[],
  const Shapes extends Declaration['answers'],
  const RestKeys extends string = never,
  Args extends Readonly<Record<string, Encoder<unknown>>> = Record<never, never>,
  Rest extends Readonly<Record<string, RestEncoder<unknown>>> = Record<never, never>
> (
  url: URL,
  declaration: { keys: Keys, restKeys?: RestKeys, args?: Args, rest?: Rest, answers: Shapes } & Pick<Declaration, 'tells' | 'tellsRarely'>
): Script<KeysOf<Keys, RestKeys>, ArgsOf<Args, Rest>, Answers<Shapes>>
export function defineScript (url: URL, declaration: Declaration): LooseScript {
  const name = basename(url.pathname, '.lua')
  const keyNames = declaration.keys.map((key) => key.replace('?', ''))
  const { restKeys } = declaration
  const encoders = Object.entries(declaration.args ?? {})
  const [rest] = Object.entries(declaration.rest ?? {})
  const shapes = new Map(Object.entries(declaration.answers)
    .map(([outcome, shape]) => [outcome, { outcome, shape, names: Object.keys(shape) }]))

  const script: LooseScript = {
    name,
    url,
    declaration,
    toKeys: (values) => {
      const keys: string[] = []
      for (const one of keyNames) {
        const value = values[one]
        if (typeof value === 'string') keys.push(value)
      }
      if (restKeys !== undefined) keys.push(...values[restKeys] ?? [])
      return keys
    },
    toArgs: (values) => {
      const args: Wire[] = []
      for (const [one, encoder] of encoders) args.push(encoder.encode(values[one]))
      if (rest) rest[1].append(values[rest[0]], args)
      return args
    },
    decode: (reply) => {
      const known = Array.isArray(reply) && typeof reply[0] === 'string' ? shapes.get(reply[0]) : undefined
      if (!known || !Array.isArray(reply) || reply.length !== known.names.length + 1) {
        throw new Error(`The script ${name} answered what it does not declare.`)
      }
      const { outcome, shape, names } = known
      return names.length === 0 ? { outcome } : { outcome, ...decodeItems(shape, names, reply, 1) }
    }
  }
  declared.set(url.href, script)
  return script
}

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

/** What a Cluster needs around a script that tells the event log: the log is in another slot than the account. */
export interface Telling {
  /** Before the script: so that what a crash leaves in the account's outbox is found. */
  announce: (accountId: string) => Promise<string>
  /** Afterwards: the outbox of this account can be emptied. */
  told: (accountId: string, announcement?: string) => void
}

/** `telling` is only asked on a Cluster; `isForCluster` is said by tests. */
export function createScripts (
  redis: RedisClient, durably: Durably, telling?: Telling, isForCluster = redis instanceof Cluster
): RunScript {
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
    const { tellsRarely } = script.declaration
    const teller = isForCluster && source.mayTell ? telling : undefined
    const announcement = teller && !tellsRarely ? await teller.announce(accountIdOf(first)) : undefined
    if (isForCluster) keys.push(...absentBeside(first))
    const answer = script.decode(await durably(first, async () => await call(source, keys, args)))
    // After an error nobody knows whether it was done: then the announcement stays until it is old.
    if (teller && !(tellsRarely && isOk(answer))) teller.told(accountIdOf(first), announcement)
    return answer
  }
}

const isOk = (answer: unknown): boolean => typeof answer === 'object' && answer !== null && 'outcome' in answer && answer.outcome === 'ok'

function cached (make: (script: AnyScript) => ScriptSource): (script: AnyScript) => ScriptSource {
  const known = new Map<AnyScript, ScriptSource>()
  return (script) => {
    const found = known.get(script) ?? make(script)
    known.set(script, found)
    return found
  }
}
