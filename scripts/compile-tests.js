// Compiles test/ into dist/test, beside the server that the build left in dist/. Types are checked by `npm run check:types`.
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { transpile } from './transpile.js'

/**
 * Compiles what changed since the last time, because another run may be using the rest. Answers the compiled files by the path of their
 * source.
 */
export function compileTests () {
  const sources = readdirSync('test', { recursive: true }).map((name) => join('test', name)).filter((path) => path.endsWith('.ts'))
  return new Map(sources.map((source) => {
    const target = join('dist', source.replace(/\.ts$/, '.js'))
    if (changedAt(target) > Math.max(changedAt(source), changedAt('scripts/compile-tests.js'))) return [source, target]
    // What a test reads beside itself stays where it is.
    const outputText = transpile(source, { inlineSourceMap: true, inlineSources: true })
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, outputText.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(resolve(source)).href)))
    return [source, target]
  }))
}

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
