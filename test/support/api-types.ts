import { readFileSync } from 'node:fs'
import openapiTS, { astToString } from 'openapi-typescript'
import type { FastifyInstance } from 'fastify'

export const API_TYPES_FILE = new URL('../../packages/client/src/schema.d.ts', import.meta.url)

const HEAD = '// Made by `npm run api:types` from the OpenAPI document of the server. Not edited by hand.\n\n'
/** Noise of the generator: what is not there, what repeats the type, and the long texts and examples, which the document has. */
const NOISE: Array<[RegExp, string]> = [
  [/^ *(?:get|put|post|delete|options|head|patch|trace)\?: never;\n/gm, ''],
  [/^ *parameters: \{\n(?: *(?:query|header|path|cookie)\?: never;\n)+ *\};\n/gm, ''],
  [/^ *(?:query|header|path|cookie|requestBody)\?: never;\n/gm, ''],
  [/^ *(?:parameters|requestBodies|headers|pathItems): never;\n/gm, ''],
  [/^ *headers: \{\n *\[name: string\]: unknown;\n *\};\n/gm, ''],
  [/^ *"[45]XX": .*\n/gm, ''],
  [/^ *\/\*\* (?:@enum|Format:|@example|[A-Z]\w+ \*\/|@description (?:Default Response|Refused|Not possible now)).*\n/gm, ''],
  [/^ *\* (?:@enum|Format:|[A-Z]\w+$).*\n/gm, ''],
  [/^ *\* @example .*\n(?: *\* {3,}.*\n)*/gm, ''],
  [/^( *\/\*\*\n *\* [^@\n].*\n) *\* @description .*\n/gm, '$1'],
  [/^ *\/\*\*\n *\*\/\n/gm, ''],
  [/^( *\/\*\*)\n *\* (.*)\n *\*\/\n/gm, '$1 $2 */\n'],
  [/^export type (?:webhooks|\$defs).*\n/gm, '']
]
const LONGEST_LINE = 140

/** The types that the pages are built on, as TypeScript text. */
export async function apiTypes (fastify: FastifyInstance): Promise<string> {
  const { body } = await fastify.inject('/docs/json')
  const types = astToString(await openapiTS(body))
  return HEAD + onFewLines(NOISE.reduce((text, [noise, rest]) => text.replace(noise, rest), types))
}

export const checkedInApiTypes = (): string => readFileSync(API_TYPES_FILE, 'utf8')

/** What fits on one line stands on one. */
function onFewLines (text: string): string {
  const lines: string[] = []
  const openAt: number[] = []
  for (const line of text.split('\n')) {
    lines.push(line)
    if (line.endsWith('{')) openAt.push(lines.length - 1)
    if (!/^ *\}/.test(line)) continue
    const block = lines.slice(openAt.pop())
    const joined = [block[0], ...block.slice(1).map((part) => part.trim())].join(' ')
    if (joined.length <= LONGEST_LINE && !joined.includes('/*')) lines.splice(-block.length, block.length, joined)
  }
  return lines.join('\n')
}
