import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Static, Type } from '@sinclair/typebox'
import type { Brand } from '../brand/brand.ts'
import { readJson } from '../json.ts'
import type { Locale } from '../locales/index.ts'
import { brandHead } from './brand-head.ts'
import { createShell, type Preload, type Shell } from './shell.ts'

/** The pages as Vite built them. */
export interface BuiltPages {
  shell: Shell
  /** What the first look at this address needs beside what every page needs. */
  preload: (path: string, locale: Locale) => Preload
}

const Manifest = Type.Record(Type.String(), Type.Object({ file: Type.String(), imports: Type.Optional(Type.Array(Type.String())) }))

/** Scripts that only this page needs; login comes with the first script, the others would be asked for one round trip later. */
const PAGE_SOURCES: Record<string, string> = {
  '/register': 'src/pages/register.tsx',
  '/verify-otp': 'src/pages/verify-otp.tsx',
  '/forgot-password': 'src/pages/forgot-password.tsx',
  '/logout': 'src/pages/logout.tsx'
}
const FONTS: Record<Locale, string[]> = { en: ['latin', 'switch'], uk: ['cyrillic', 'signs'], ru: ['cyrillic', 'signs'] }

/** What the build left beside the sources, seen from them or from dist/; undefined when there is none. */
export const findBuild = (): string | undefined => ['../../../web/dist', '../../../../web/dist'].map(
  (path) => fileURLToPath(new URL(path, import.meta.url))
).find((path) => existsSync(join(path, 'index.html')))

/** Null when the pages were not built. */
export function readBuiltPages (brand: Brand): BuiltPages | null {
  const folder = findBuild()
  if (folder === undefined) return null
  const manifest = readJson(Manifest, readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8'))
  const everywhere = new Set(withImports(manifest, 'index.html'))

  return {
    shell: createShell(readFileSync(join(folder, 'index.html'), 'utf8'), brandHead(brand)),
    preload: (path, locale) => {
      const sources = ['src/start.tsx', `src/i18n/${locale}.ts`, PAGE_SOURCES[path] ?? '']
      const scripts = sources.flatMap((source) => withImports(manifest, source)).filter((file) => !everywhere.has(file))
      const fonts = FONTS[locale].map((name) => manifest[`src/ui/fonts/onest-${name}.woff2`]?.file ?? '').filter((file) => file !== '')
      return { scripts: [...new Set(scripts)].map(toPath), fonts: fonts.map(toPath) }
    }
  }
}

const toPath = (file: string): string => `/${file}`

function withImports (manifest: Static<typeof Manifest>, name: string): string[] {
  const chunk = manifest[name]
  return chunk ? [chunk.file, ...(chunk.imports ?? []).flatMap((other) => withImports(manifest, other))] : []
}
