import { dropSession, type EndReason, keepSession, type Session, currentSession } from './store.ts'

type TabMessage = { kind: 'session', session: Session } | { kind: 'end', reason: EndReason }

/** Reaches only the tabs of this browser, and is never stored. */
const channel = new BroadcastChannel('dvokrok')
const waiting = new Set<() => void>()

channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
  if (data.kind === 'end') dropSession(data.reason)
  // All tabs share one cookie, so the latest sign-in applies to all of them.
  else if (data.session.expiresAt > (currentSession()?.expiresAt ?? 0)) keepSession(data.session)
  for (const done of waiting) done()
}

export function broadcastSession (session: Session): void {
  keepSession(session)
  channel.postMessage({ kind: 'session', session } satisfies TabMessage)
}

export function broadcastEnd (reason: EndReason): void {
  dropSession(reason)
  channel.postMessage({ kind: 'end', reason } satisfies TabMessage)
}

/** Resolves at the next message of another tab, or after `timeoutMs`. */
export async function nextMessage (timeoutMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      waiting.delete(done)
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(done, timeoutMs)
    waiting.add(done)
  })
}
