import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the pages where they are missing or older than their sources. */
export function buildPages (): void {
  const script = fileURLToPath(new URL('../../scripts/build.js', import.meta.url))
  const { status, stderr } = spawnSync(process.execPath, [script, '--pages', '--if-stale'], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`the pages were not built: ${stderr}`)
}
