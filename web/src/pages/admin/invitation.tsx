import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from 'react-router'
import { ApiProblem } from '@dvokrok/client'
import { client } from '../../client.ts'
import { useAdminWords, useLanguage } from '../../i18n/index.ts'
import { now } from '../../session/clock.ts'
import { Button } from '../../ui/button.tsx'
import { formatDateTime } from '../../ui/date-time.tsx'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { SettingsSection } from '../settings/section.tsx'
import { useAccountChange } from '../settings/use-account-change.ts'
import { type AdminUser, deleteAccount, readAccount } from './api.ts'

/** An account that waits for its owner. */
export function InvitationSection ({ user: { id, invitation } }: { user: AdminUser }) {
  const { invitation: words, account } = useAdminWords()
  const { locale } = useLanguage()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const renew = useAccountChange('admin-renew', async () => {
    await client.api.POST('/admin/users/{id}/invite', { params: { path: { id } } })
    return words.renewed
  })
  const revoke = useAccountChange('admin-revoke', async () => {
    // Accepted in the meantime: it is somebody's account now, which is not deleted by the way.
    if ((await readAccount(id)).status !== 'invited') throw new ApiProblem('CONFLICT')
    await deleteAccount(id, queries)
    await navigate('/admin')
    return words.revoked
  })
  const problem = renew.problem ?? revoke.problem
  const expiresAt = invitation?.expiresAt ?? null
  const date = expiresAt === null ? '' : formatDateTime(expiresAt, locale)
  return (
    <SettingsSection id='invitation' heading={words.heading}>
      <p className='font-medium'>
        {expiresAt === null ? words.unsent : Date.parse(expiresAt) > now() ? words.until({ date }) : words.over({ date })}
      </p>
      <p className='text-soft'>{words.renewLead}</p>
      {problem && <ProblemNotice problem={problem} />}
      <div className='flex flex-wrap gap-3'>
        <Button
          variant='quiet' pending={renew.isPending && account.working} lockedUntil={renew.lockedUntil} onClick={() => { renew.run() }}
        >
          {words.renew}
        </Button>
        <ConfirmButton
          variant='danger' pending={revoke.isPending && account.working} lockedUntil={revoke.lockedUntil} title={words.revokeTitle}
          lead={words.revokeLead} confirm={words.revoke} onConfirm={() => { revoke.run() }}
        >
          {words.revoke}
        </ConfirmButton>
      </div>
    </SettingsSection>
  )
}
