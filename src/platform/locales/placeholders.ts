import { type MessageFormatElement, TYPE } from '@formatjs/icu-messageformat-parser'
import type { Message } from './bind-texts.ts'

/** What a sentence names: for each name whether it is counted with. */
export function placeholdersOf (message: Message): Map<string, 'number' | 'value'> {
  const found = new Map<string, 'number' | 'value'>()
  if (typeof message !== 'string') collect(message, found)
  return found
}

function collect (elements: MessageFormatElement[], found: Map<string, 'number' | 'value'>): void {
  for (const element of elements) {
    if (element.type === TYPE.literal || element.type === TYPE.pound) continue
    const isNumber = element.type === TYPE.plural || element.type === TYPE.number
    if (isNumber || !found.has(element.value)) found.set(element.value, isNumber ? 'number' : 'value')
    for (const branch of branchesOf(element)) collect(branch, found)
  }
}

export function branchesOf (element: MessageFormatElement): MessageFormatElement[][] {
  if (element.type === TYPE.plural || element.type === TYPE.select) return Object.values(element.options).map(({ value }) => value)
  return element.type === TYPE.tag ? [element.children] : []
}
