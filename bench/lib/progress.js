const startedAt = performance.now()

/** A line about how far we are, on stderr. */
export const say = (line) => {
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  process.stderr.write(`[${String(seconds).padStart(4)} s] ${line}\n`)
}
