import { whyNotStarted } from '../../platform/why-not-started.ts'

/** Ends a command that could not do its work: a sentence, and exit code 1. */
export function fail (error: unknown): void {
  process.stderr.write(`${error instanceof Error ? sentenceOf(error) : String(error)}\n`)
  process.exitCode = 1
}

function sentenceOf (error: Error & { code?: unknown, path?: unknown }): string {
  const { code, path } = error
  if (code === 'EEXIST') {
    return `${String(path)} is there already and is not overwritten (EEXIST). Name another file, or move this one away.`
  }
  if (code === 'ENOENT' && path !== undefined) return `There is no ${String(path)} (ENOENT). Correct the name, or create it.`
  if (code === 'EISDIR') return `${String(path)} is a folder (EISDIR). Name a file.`
  if ((code === 'EACCES' || code === 'EPERM') && path !== undefined) {
    return `This user may not open ${String(path)} (${code}). Allow it, or name a file of your own.`
  }
  return whyNotStarted(error)
}
