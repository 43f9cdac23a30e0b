/** One deadline for a command, in milliseconds, over all its redirections; and one for its replicas. */
export const COMMAND_DEADLINE_MS = 800

/** The client's own deadline counts from the moment a command is written; this one counts from now. What is late may still be done. */
export async function inTime<Answer> (work: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error('Command timed out')) }, COMMAND_DEADLINE_MS)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}
