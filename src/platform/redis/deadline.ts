/** One deadline for a command, in milliseconds, over all its redirections; and one for its replicas. */
export const COMMAND_DEADLINE_MS = 800

/** Of a command to connect: the first servers that it asks may be away. */
export const CONNECT_DEADLINE_MS = 5_000

/** The client's own deadline counts from the moment a command is written; this one counts from now. What is late may still be done. */
export async function inTime<Answer> (work: Promise<Answer>, milliseconds = COMMAND_DEADLINE_MS): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => { reject(new Error('Command timed out')) }, milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}
