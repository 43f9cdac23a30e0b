import { fileURLToPath } from 'node:url'
import { shippedMessages } from '../../src/platform/locales/index.ts'
import { parseMessage } from '../../src/platform/locales/parse-message.ts'
import { placeholdersOf } from '../../src/platform/locales/placeholders.ts'

const FROM_HERE = import.meta.url.includes('/dist/test/') ? '../../..' : '../..'
export const TEXT_ARGS_FILE = fileURLToPath(new URL(`${FROM_HERE}/src/platform/locales/text-args.ts`, import.meta.url))

/** The types of what the English sentences name. */
export function textArgs (): string {
  const lines = Object.entries(shippedMessages('en')).flatMap(([key, text]) => {
    const args = [...placeholdersOf(parseMessage(text))].map(([name, kind]) => `${name}: ${kind === 'number' ? 'number' : 'Value'}`)
    return args.length === 0 ? [] : [`  '${key}': { ${args.join(', ')} }\n`]
  })
  return '// Made by `npm run texts:args` out of the English sentences.\n\ntype Value = string | number\n\n' +
    `/** What each sentence names that names anything. */\nexport interface TextArgs {\n${lines.join('')}}\n`
}
