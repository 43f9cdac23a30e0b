import { client } from '../../client.ts'
import { useAdminWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { SettingsSection } from '../settings/section.tsx'
import { Subsection } from '../settings/subsection.tsx'
import { useAccountChange } from '../settings/use-account-change.ts'
import { type AdminUser, changeAccount } from './api.ts'

/** For people who cannot get past the second step any more. */
export function FactorsSection ({ user: { id, wrongCodesInRow } }: { user: AdminUser }) {
  const { factors, account } = useAdminWords()
  const unlock = useAccountChange('admin-unlock', async () => {
    await changeAccount(id, { liftLocks: true })
    return factors.unlocked
  })
  const reset = useAccountChange('admin-reset', async () => {
    await client.api.POST('/admin/users/{id}/second-factors/reset', { params: { path: { id } } })
    return factors.resetDone
  })
  return (
    <SettingsSection id='factors' heading={factors.heading}>
      <Subsection heading={factors.locksHeading} lead={factors.locksLead({ n: wrongCodesInRow })}>
        {unlock.problem && <ProblemNotice problem={unlock.problem} />}
        <div>
          <Button
            variant='quiet' pending={unlock.isPending && account.working} lockedUntil={unlock.lockedUntil} onClick={() => { unlock.run() }}
          >
            {factors.unlock}
          </Button>
        </div>
      </Subsection>
      <Subsection heading={factors.resetHeading} lead={factors.resetLead}>
        {reset.problem && <ProblemNotice problem={reset.problem} />}
        <div>
          <ConfirmButton
            variant='danger' pending={reset.isPending && account.working} lockedUntil={reset.lockedUntil} title={factors.resetTitle}
            lead={factors.resetConfirm} confirm={factors.reset} onConfirm={() => { reset.run() }}
          >
            {factors.reset}
          </ConfirmButton>
        </div>
      </Subsection>
    </SettingsSection>
  )
}
