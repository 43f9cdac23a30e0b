import { parse } from '@formatjs/icu-messageformat-parser'
import type { Message } from './bind-texts.ts'

/**
 * A sentence out of a file.
 * @throws SyntaxError when it is no ICU message
 */
export function parseMessage (text: string): Message {
  // Most sentences name nothing. Without a brace there is nothing to parse but the quoting of braces.
  if (!text.includes('{') && !text.includes('}') && !text.includes("'")) return text
  const parsed = parse(text, { ignoreTag: true })
  const [only] = parsed
  return parsed.length === 1 && only?.type === 0 ? only.value : parsed
}
