/** What travels to a script. */
export type Wire = string | number

/** How a named argument travels, and how the script reads it: `lua` is the expression for the text that came. */
export interface Encoder<Value> {
  encode (value: Value): Wire
  lua (text: string): string
}

/** Reads one value of a script's answer. @throws Error when it is something else */
export interface Decoder<Value> { decode (reply: unknown): Value }

/** How the arguments after the named ones travel; the script has them as a list. */
export interface RestEncoder<Value> { append (value: Value, to: Wire[]): void }

export type Decoders = Readonly<Record<string, Decoder<unknown>>>

export type Decoded<Shape extends Decoders> = { [Name in keyof Shape]: Shape[Name] extends Decoder<infer Value> ? Value : never }

export const text: Encoder<string> & Decoder<string> = {
  encode: (value) => value,
  lua: (text) => text,
  decode: (reply) => typeof reply === 'string' ? reply : fail('a text')
}

/** A number to the script. Hashes keep numbers as text, so an answer may be either. */
export const integer: Encoder<number> & Decoder<number> = {
  encode: (value) => value,
  lua: (text) => `tonumber(${text})`,
  decode: (reply) => {
    const value = typeof reply === 'string' && reply !== '' ? Number(reply) : reply
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : fail('an integer')
  }
}

/** True or false to the script. It answers true as 1 and false as null; hashes keep '1' and '0'. */
export const flag: Encoder<boolean> & Decoder<boolean> = {
  encode: (value) => value ? '1' : '0',
  lua: (text) => `FLAG[${text}]`,
  decode: (reply) => reply === 1 || reply === '1' || (reply === 0 || reply === '0' || reply === null ? false : fail('a flag'))
}

/** Nil to the script where the value is undefined. */
export const optional = <Value>({ encode, lua }: Encoder<Value>): Encoder<Value | undefined> => ({
  encode: (value) => value === undefined ? '' : encode(value),
  lua: (text) => lua(`given(${text})`)
})

/** One of a few words. */
export const oneOf = <const Word extends string>(words: readonly Word[]): Decoder<Word> => ({
  decode: (reply) => words.find((word) => word === reply) ?? fail(`one of ${words.join(', ')}`)
})

/** What `cjson.encode` makes of an HMGET: null for a field that is not there. */
export const row: Decoder<Array<string | null>> = {
  decode: (reply) => {
    const values = parse(text.decode(reply))
    return Array.isArray(values) ? values.map((value) => value === false ? null : text.decode(value)) : fail('a row')
  }
}

function parse (json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return fail('JSON')
  }
}

/** Names and values in turn: a hash as HGETALL answers it, or fields to be written. */
export const pairs: Decoder<Record<string, string | undefined>> & RestEncoder<Readonly<Record<string, Wire>>> = {
  decode: (reply) => {
    if (!Array.isArray(reply)) return fail('pairs')
    const record: Record<string, string | undefined> = {}
    for (let i = 0; i < reply.length; i += 2) record[text.decode(reply[i])] = text.decode(reply[i + 1])
    return record
  },
  append: (record, to) => { for (const [name, value] of Object.entries(record)) to.push(name, value) }
}

export const list: RestEncoder<readonly string[]> = { append: (values, to) => { to.push(...values) } }

export const listOf = <Value>({ decode }: Decoder<Value>): Decoder<Value[]> => ({
  decode: (reply) => Array.isArray(reply) ? reply.map((item) => decode(item)) : fail('a list')
})

/** A list whose items have names here, in the order of `shape`. */
export const tuple = <Shape extends Decoders>(shape: Shape): Decoder<Decoded<Shape>> => {
  const names = Object.keys(shape)
  return {
    decode: (reply) => {
      if (!Array.isArray(reply) || reply.length !== names.length) return fail(`[${names.join(', ')}]`)
      return decodeItems(shape, names, reply, 0)
    }
  }
}

/** What stands in `reply` from `start` on, by name. */
export function decodeItems<Shape extends Decoders> (shape: Shape, names: string[], reply: unknown[], start: number): Decoded<Shape>
export function decodeItems (shape: Decoders, names: string[], reply: unknown[], start: number): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [i, name] of names.entries()) found[name] = shape[name]?.decode(reply[start + i])
  return found
}

/** Never says what it was: answers hold addresses and records. */
function fail (wanted: string): never {
  throw new Error(`A script answered something else than ${wanted}.`)
}
