import { isRecord } from './claims.ts'

const TIMEOUT_MS = 2_000

/** What the server says of a token now; `forbidden`: the key lacks the scope `introspect`. @throws Error when it does not answer */
export type Introspect = (token: string) => Promise<'active' | 'ended' | 'forbidden'>

export function createIntrospect ({ issuer, serviceKey }: { issuer: string, serviceKey: string }): Introspect {
  const asking = new Map<string, ReturnType<Introspect>>()

  const ask: Introspect = async (token) => {
    const answer = await fetch(`${issuer}/auth/introspect`, {
      method: 'POST',
      headers: { authorization: `Bearer ${serviceKey}` },
      body: new URLSearchParams({ token }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS)
    })
    const body: unknown = await answer.json()
    if (answer.status === 403) return 'forbidden'
    const active = isRecord(body) ? body['active'] : undefined
    if (!answer.ok || typeof active !== 'boolean') throw new Error(`The introspection answers ${answer.status}.`)
    return active ? 'active' : 'ended'
  }

  // Many requests bring the same token at once.
  return async (token) => {
    const running = asking.get(token) ?? ask(token).finally(() => asking.delete(token))
    asking.set(token, running)
    return await running
  }
}
