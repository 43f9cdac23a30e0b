import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'

const OPTIONS = {
  module: ts.ModuleKind.ESNext,
  target: ts.ScriptTarget.ES2023,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true
}

/** A TypeScript file as Node runs it. Types are checked by `npm run check:types`, which takes ten times as long. */
export function transpile (source, options = {}) {
  const compilerOptions = { ...OPTIONS, ...options }
  return ts.transpileModule(readFileSync(source, 'utf8'), { compilerOptions, fileName: resolve(source) }).outputText
}
