import { useAdminWords } from '../../i18n/index.ts'
import type { AdminUser } from './api.ts'

const BADGE = 'inline-block rounded-full px-2.5 text-sm font-medium'

/** What sets an account apart from the others. */
export function Badges ({ user: { status, role, roles }, isSelf }: { user: AdminUser, isSelf: boolean }) {
  const words = useAdminWords()
  return (
    <>
      {isSelf && <span className={`${BADGE} bg-good-tint text-good`}>{words.list.you}</span>}
      {status !== 'active' && (
        <span className={`${BADGE} ${status === 'disabled' ? 'bg-bad-tint text-bad' : 'bg-good-tint text-good'}`}>
          {words.status[status]}
        </span>
      )}
      {role === 'admin' && <span className={`${BADGE} bg-tint text-accent-strong`}>{words.role.admin}</span>}
      {roles.map((one) => <span key={one} className={`${BADGE} bg-tint text-accent-strong wrap-anywhere`}>{one}</span>)}
    </>
  )
}
