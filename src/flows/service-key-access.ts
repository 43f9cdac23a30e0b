import { Problem, retryAfter } from '../errors.ts'
import { now } from '../platform/clock.ts'
import type { Scope, ServiceCredentials, ServiceKey } from '../records/service-keys/service-key.ts'
import type { ServiceKeysStore } from '../records/service-keys/service-keys-store.ts'

const MINUTE_MS = 60_000

interface Dependencies {
  serviceKeys: Pick<ServiceKeysStore, 'find' | 'noteUse'>
  /** Requests that this process takes of one key in a minute. */
  mostPerMinute: number
}

export interface ServiceKeyAccess {
  /** @throws Problem TOKEN_INVALID */
  identify: (credentials: ServiceCredentials) => Promise<ServiceKey>
  /** @throws Problem TOO_MANY_REQUESTS, SCOPE_MISSING */
  admit: (key: ServiceKey, scope: Scope) => void
}

/** Counted here and not in Redis: the limit keeps a service that runs wild from this process, and costs the others no round trip. */
export function createServiceKeyAccess ({ serviceKeys, mostPerMinute }: Dependencies): ServiceKeyAccess {
  const uses = new Map<string, { minute: number, requests: number }>()

  function count (id: string): void {
    const at = now()
    const minute = Math.floor(at / MINUTE_MS)
    let use = uses.get(id)
    if (use?.minute !== minute) {
      use = { minute, requests: 0 }
      uses.set(id, use)
      // Nobody waits for it, and the next minute notes another one.
      serviceKeys.noteUse(id).catch(() => {})
    }
    use.requests++
    if (use.requests > mostPerMinute) throw new Problem('TOO_MANY_REQUESTS', retryAfter((minute + 1) * MINUTE_MS - at))
  }

  return {
    identify: async (credentials) => {
      const key = await serviceKeys.find(credentials)
      if (!key) throw new Problem('TOKEN_INVALID')
      return key
    },

    admit: ({ id, scopes }, scope) => {
      count(id)
      if (!scopes.includes(scope)) throw new Problem('SCOPE_MISSING')
    }
  }
}
