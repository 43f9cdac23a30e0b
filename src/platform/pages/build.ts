import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Static, Type } from '@sinclair/typebox'
import type { Brand } from '../brand/brand.ts'
import { readJson } from '../json.ts'
import type { Locale } from '../locales/index.ts'
import { textFiles } from './text-files.ts'
import { brandHead } from './brand-head.ts'
import { createShell, type Preload, type Shell } from './shell.ts'

/** The pages as Vite built them. */
export interface BuiltPages {
  shell: Shell
  /** HTML: stylesheet and font, for a page in Latin letters that is to look like these. */
  look: string
  /** What the first look at this address needs beside what every page needs. */
  preload: (path: string, locale: Locale) => Preload
}

const Files = Type.Optional(Type.Array(Type.String()))
const Manifest = Type.Record(Type.String(), Type.Object({ file: Type.String(), imports: Files, css: Files }))

/** Scripts that only this page needs; login comes with the first script, the others would be asked for one round trip later. */
const PAGE_SOURCES: Record<string, string> = {
  '/register': 'src/pages/register.tsx',
  '/verify-otp': 'src/pages/verify-otp.tsx',
  '/forgot-password': 'src/pages/forgot-password.tsx',
  '/logout': 'src/pages/logout.tsx',
  '/disown': 'src/pages/disown.tsx',
  '/invitation': 'src/pages/invitation.tsx',
  '/confirm-email': 'src/pages/confirm-email.tsx'
}
const fontsOf = (locale: Locale): string[] =>
  new Intl.Locale(locale).maximize().script === 'Cyrl' ? ['cyrillic', 'latin'] : ['latin', 'switch']

/** What the build left beside the sources, seen from them or from dist/; undefined when there is none. */
export const findBuild = (): string | undefined => ['../../../web/dist', '../../../../web/dist'].map(
  (path) => fileURLToPath(new URL(path, import.meta.url))
).find((path) => existsSync(join(path, 'index.html')))

/** Null when the pages were not built. */
export function readBuiltPages ({ brand, basePath }: { brand: Brand, basePath: string }): BuiltPages | null {
  const folder = findBuild()
  if (folder === undefined) return null
  const manifest = readJson(Manifest, readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8'))
  const everywhere = new Set(withImports(manifest, 'index.html'))
  const toPath = (file: string): string => `${basePath}/${file}`
  const fontFile = (name: string): string[] => [manifest[`src/ui/fonts/onest-${name}.woff2`]?.file ?? []].flat()
  // The build names its files from where the page lies; ours has many addresses.
  const withBase = (html: string): string => html.replaceAll('"./', `"${basePath}/`)

  return {
    shell: createShell(withBase(readFileSync(join(folder, 'index.html'), 'utf8')), brandHead(brand, basePath)),
    look: `<link rel="preload" as="font" type="font/woff2" crossorigin href="${fontFile('latin').map(toPath).join('')}">` +
      `<link rel="stylesheet" href="${(manifest['index.html']?.css ?? []).map(toPath).join('')}">`,
    preload: (path, locale) => {
      const sources = ['src/start.tsx', PAGE_SOURCES[path] ?? '']
      const scripts = sources.flatMap((source) => withImports(manifest, source)).filter((file) => !everywhere.has(file))
      const fonts = fontsOf(locale).flatMap(fontFile)
      const texts = toPath(`assets/${textFiles().nameOf(locale, 'pages')}`)
      return { texts, scripts: [...new Set(scripts)].map(toPath), fonts: fonts.map(toPath) }
    }
  }
}

function withImports (manifest: Static<typeof Manifest>, name: string): string[] {
  const chunk = manifest[name]
  return chunk ? [chunk.file, ...(chunk.imports ?? []).flatMap((other) => withImports(manifest, other))] : []
}
