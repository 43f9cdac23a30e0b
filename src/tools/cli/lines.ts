import { createReadStream } from 'node:fs'

export interface Line {
  /** Null when the line is too long. */
  text: string | null
  /** Where the next line begins, in bytes. */
  end: number
}

const LONGEST_BYTES = 64 * 1024
const NEW_LINE = 0x0a

/** The lines of a file from an offset in bytes. Keeps at most one line in memory, and no line that is too long. */
export async function * readLines (path: string, start: number): AsyncGenerator<Line> {
  let parts: Buffer[] = []
  let length = 0
  let end = start
  const take = (): Line => {
    const text = length > LONGEST_BYTES ? null : Buffer.concat(parts).toString('utf8')
    parts = []
    length = 0
    return { text, end }
  }
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { start })
  for await (const chunk of chunks) {
    let rest = chunk
    for (let at = rest.indexOf(NEW_LINE); at !== -1; at = rest.indexOf(NEW_LINE)) {
      keep(rest.subarray(0, at))
      end += 1
      yield take()
      rest = rest.subarray(at + 1)
    }
    keep(rest)
  }
  if (length > 0) yield take()

  function keep (part: Buffer): void {
    length += part.length
    end += part.length
    if (length <= LONGEST_BYTES) parts.push(part)
    else parts = []
  }
}
