import { readFileSync } from 'node:fs'
import { Type } from '@sinclair/typebox'
import { readJson } from './json.ts'

const Package = Type.Object({ name: Type.Literal('dvokrok'), version: Type.String() })

/** Of this product, as package.json has it: two folders up from the sources, three from the build. */
export function ownVersion (): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      return readJson(Package, readFileSync(new URL(path, import.meta.url), 'utf8')).version
    } catch {}
  }
  return 'unknown'
}
