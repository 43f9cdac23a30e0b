import { basename } from 'node:path'
import { decodeItems, type Decoded, type Decoders, type Encoder, type RestEncoder, type Wire } from './values.ts'

export type { Decoder, Encoder } from './values.ts'
export { flag, integer, list, listOf, oneOf, optional, pairs, row, text, tuple } from './values.ts'

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
}

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
  url: URL, declaration: { keys: Keys, restKeys?: RestKeys, args?: Args, rest?: Rest, answers: Shapes }
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
