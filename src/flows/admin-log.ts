import { Problem } from '../errors.ts'
import { now } from '../platform/clock.ts'
import { newId } from '../platform/ids.ts'
import type { EventName } from '../records/activity/activity.ts'
import type { AdminActor } from '../records/accounts/administration-store.ts'
import type { AdminLogStore } from '../records/admin-log/admin-log-store.ts'
import type { Requester } from './requester.ts'

/** What is about to be done, to which account. */
export interface Operation { accountId: string, aim: EventName, reason?: string | undefined }

/**
 * Does something to an account of somebody else, and writes it into the log of what admins and services did: announced before, so that a
 * crash hides nothing, and settled by what was done. @throws Problem FORBIDDEN to who is neither, and what `act` throws
 */
export type RecordOperation = <Result>(
  requester: Requester, operation: Operation, act: (by: AdminActor) => Promise<{ result: Result, events: EventName[] }>
) => Promise<Result>

export function createRecordOperation ({ adminLog }: { adminLog: Pick<AdminLogStore, 'begin' | 'settle'> }): RecordOperation {
  return async ({ actor, client, log }, { accountId, aim, reason }, act) => {
    if (!actor) throw new Problem('FORBIDDEN')
    const operation = newId()
    const kind = actor.kind === 'key' ? 'key' : 'admin'
    const who = { kind, id: actor.id, name: actor.name } as const
    await adminLog.begin(operation, { at: now(), aim, actor: who, accountId, ...client, ...reason === undefined ? {} : { reason } })
    const by: AdminActor = {
      adminId: kind === 'admin' ? actor.id : null,
      actor: { ...client, by: kind === 'admin' ? actor.id : `key:${actor.name}`, operation }
    }
    // What cannot be settled now is settled by who reads the log next.
    const settle = async (events: EventName[]): Promise<void> => { await adminLog.settle(operation, events).catch(() => {}) }
    try {
      const { result, events } = await act(by)
      await settle(events)
      const what = events.join(' ')
      log.info({ event: 'admin.changed', what, account: accountId, [kind]: actor.id }, 'an account was changed by an admin')
      return result
    } catch (error) {
      if (error instanceof Problem) await settle([])
      throw error
    }
  }
}

/** Where the requests of an admin or a service that may come again are kept, when what they change has no place that outlives it. */
export const ownerOf = ({ actor }: Requester): { accountId: string } | { addressTag: string } =>
  actor?.kind === 'session' ? { accountId: actor.id } : { addressTag: actor?.id ?? '' }

/** What an `Idempotency-Key` of theirs is bound to. */
export const bindingOf = ({ actor }: Requester): string => `${actor?.kind} ${actor?.id}`
