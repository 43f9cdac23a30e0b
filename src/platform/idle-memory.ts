/** The first requests may come in the first moment: they do not wait for this. */
const SETTLE_MS = 1_000

/**
 * Gives back what a start leaves behind, once: a quarter of the process, which V8 would keep as room to grow in. Only its inspector
 * can ask for that. It takes a tenth of a second.
 */
export function giveBackIdleMemory (): void {
  setTimeout(() => {
    // Memory is all that is lost where Node was built without an inspector.
    collect().catch(() => {})
  }, SETTLE_MS).unref()
}

async function collect (): Promise<void> {
  const { Session } = await import('node:inspector/promises')
  const session = new Session()
  session.connect()
  await session.post('HeapProfiler.collectGarbage')
  session.disconnect()
}
