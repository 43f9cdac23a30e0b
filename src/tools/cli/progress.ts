import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Type } from '@sinclair/typebox'
import { readJson } from '../../platform/json.ts'

export interface Counts { lines: number, imported: number, there: number, refused: number }

const count = Type.Integer()
const Mark = Type.Object({
  size: count,
  mtimeMs: Type.Number(),
  offset: count,
  counts: Type.Object({ lines: count, imported: count, there: count, refused: count })
})

export interface Progress {
  /** Where to resume in the file, in bytes, and what was done before. */
  offset: number
  counts: Counts
  /** Saves the offset, so that an interrupted command resumes there. */
  save: (offset: number) => void
  /** Deletes what was saved. */
  finish: () => void
}

/** How far a file was read, saved beside it as `<file>.progress`. A file that has changed since is read from its beginning. */
export function openProgress (path: string): Progress {
  const { size, mtimeMs } = statSync(path)
  const mark = `${path}.progress`
  const { offset, counts } = before() ?? { offset: 0, counts: { lines: 0, imported: 0, there: 0, refused: 0 } }
  return {
    offset,
    counts,
    save: (newOffset) => {
      writeFileSync(`${mark}.new`, JSON.stringify({ size, mtimeMs, offset: newOffset, counts }), { mode: 0o600 })
      renameSync(`${mark}.new`, mark)
    },
    finish: () => { rmSync(mark, { force: true }) }
  }

  function before (): { offset: number, counts: Counts } | undefined {
    try {
      const kept = readJson(Mark, readFileSync(mark, 'utf8'))
      return kept.size === size && kept.mtimeMs === mtimeMs ? kept : undefined
    } catch {
      return undefined
    }
  }
}

const BAR_WIDTH = 30

/** `[#####.....] 34%  340000 imported, 12 refused, 5120 lines a second` */
export function progressBar (share: number, { lines, imported, there, refused }: Counts, seconds: number, linesBefore: number): string {
  const filled = Math.round(share * BAR_WIDTH)
  const pace = Math.round((lines - linesBefore) / Math.max(seconds, 0.001))
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}] ${Math.floor(share * 100)}%`
  return `${bar}  ${imported} imported, ${there} were there, ${refused} refused, ${pace} lines a second`
}
