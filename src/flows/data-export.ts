import { now } from '../platform/clock.ts'
import type { ActivityStore } from '../records/activity/activity-store.ts'
import type { AccountExport, ExportsStore } from '../records/transfers/data-export-store.ts'
import type { Principal, Requester } from './requester.ts'

/** All that is held about the own account, except secrets. */
export type ExportAccount = (requester: Requester, principal: Principal) => Promise<AccountExport & { exportedAt: string }>

export function createExportAccount (
  { dataExports, activity }: { dataExports: ExportsStore, activity: Pick<ActivityStore, 'add'> }
): ExportAccount {
  return async ({ client }, { user }) => {
    // Recorded first, so that the file tells of itself and none leaves unrecorded.
    await activity.add(user.id, client, { event: 'exported', result: 'ok' })
    const exportedAt = now()
    return { exportedAt: new Date(exportedAt).toISOString(), ...await dataExports.export(user, exportedAt) }
  }
}
