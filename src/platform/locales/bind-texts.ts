import type { MessageFormatElement } from '@formatjs/icu-messageformat-parser'
import { IntlMessageFormat } from 'intl-messageformat'

/** A sentence as it stands, or as ICU MessageFormat was parsed. */
export type Message = string | MessageFormatElement[]

export type MessageArgs = Record<string, string | number>

/**
 * The sentences of one language as a tree, from keys with dots: text, or a function of what the sentence names. Also for the pages,
 * which get parsed messages and therefore need no parser.
 */
export function bindTexts (locale: string, messages: Iterable<readonly [key: string, message: Message]>): unknown {
  const tree: Record<string, unknown> = {}
  for (const [key, message] of messages) {
    const path = key.split('.')
    const name = path.pop() ?? ''
    const node = path.reduce<Record<string, unknown>>((parent, part) => branch(parent, part), tree)
    node[name] = typeof message === 'string' ? message : formatter(locale, message)
  }
  return tree
}

function branch (parent: Record<string, unknown>, part: string): Record<string, unknown> {
  const made: Record<string, unknown> = {}
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- Only branches lie under a name that is no leaf.
  return (parent[part] ??= made) as Record<string, unknown>
}

function formatter (locale: string, message: MessageFormatElement[]): (args: MessageArgs) => string {
  let format: IntlMessageFormat | undefined
  return (args) => {
    format ??= new IntlMessageFormat(message, locale)
    return String(format.format(args))
  }
}

/** What a sentence says, whether it names anything or not. */
export const say = (sentence: string | ((args: never) => string), args: MessageArgs): string =>
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- Texts are checked for what they name; a name too many is fine.
  typeof sentence === 'string' ? sentence : (sentence as (args: MessageArgs) => string)(args)

const MINUTE = 60
const HOUR = 60 * MINUTE

type Units = Record<'seconds' | 'minutes' | 'hours', (args: { n: number }) => string>

/** A wait in the largest unit that keeps it honest: rounded up, so nobody who obeys comes back too early. */
export function sayWait ({ seconds: inSeconds, minutes, hours }: Units, seconds: number): string {
  if (seconds <= 2 * MINUTE) return inSeconds({ n: Math.ceil(seconds) })
  if (seconds <= 2 * HOUR) return minutes({ n: Math.ceil(seconds / MINUTE) })
  return hours({ n: Math.ceil(seconds / HOUR) })
}
