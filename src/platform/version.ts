import { readFileSync } from 'node:fs'

/** Of this product, as package.json has it: two folders up from the sources, three from the build. */
export function ownVersion (): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { name: unknown, version: unknown }
      if (name === 'dvokrok') return String(version)
    } catch {}
  }
  return 'unknown'
}
