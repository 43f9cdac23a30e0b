import { dropSession, type EndReason, keepSession, type Session, currentSession } from './store.ts'

type TabMessage = { kind: 'session', session: Session } | { kind: 'end', reason: EndReason }

/** Between the tabs of this browser alone; what is said here is written nowhere. */
const channel = new BroadcastChannel('dvokrok')
const waiting = new Set<() => void>()

channel.onmessage = ({ data }: MessageEvent<TabMessage>) => {
  if (data.kind === 'end') dropSession(data.reason)
  // The cookie is the same in all tabs: whoever signed in last is signed in everywhere.
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

/** Resolves with the next word of another tab, or after `patienceMs` without one. */
export async function nextMessage (patienceMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      waiting.delete(done)
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(done, patienceMs)
    waiting.add(done)
  })
}
