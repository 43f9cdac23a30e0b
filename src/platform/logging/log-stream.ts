/** Log lines of one turn of the event loop leave in one write: a system call for each costs a busy server a tenth of its time. */
export function createLogStream (write: (text: string) => unknown): { write: (line: string) => void } {
  let waiting = ''
  const flush = (): void => {
    const text = waiting
    waiting = ''
    if (text !== '') write(text)
  }
  process.once('exit', flush)
  return {
    write: (line) => {
      if (waiting === '') setImmediate(flush)
      waiting += line
    }
  }
}
