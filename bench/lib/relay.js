import { fork } from 'node:child_process'
import { on, once } from 'node:events'

/** A mail server in a process of its own, named so that it has to be looked up. */
export async function startRelay () {
  const child = fork(new URL('./smtp-sink.js', import.meta.url))
  const [{ port }] = await once(child, 'message')
  let received = 0
  child.on('message', () => { received++ })
  return {
    received: () => received,
    url: `smtp://localhost:${port}`,
    /** Whether a mail to this address comes in time. */
    mailTo: async (address, milliseconds) => {
      const signal = AbortSignal.timeout(milliseconds)
      try {
        for await (const [{ to }] of on(child, 'message', { signal })) if (to === address) return true
      } catch {
        return false
      }
    },
    close: () => { child.disconnect() }
  }
}
