import { languageName, useAdminWords, useWords } from '../../i18n/index.ts'
import { DateTime } from '../../ui/date-time.tsx'
import { Fact } from '../../ui/fact.tsx'
import { SettingsSection } from '../settings/section.tsx'
import type { AdminUser } from './api.ts'
import { Badges } from './badges.tsx'

export function FactsSection ({ user, isSelf }: { user: AdminUser, isSelf: boolean }) {
  const { facts, status, role } = useAdminWords()
  const { dashboard } = useWords()
  const methods = user.secondFactors.map((factor) => dashboard.factors[factor]).join(', ')
  return (
    <SettingsSection id='facts' heading={facts.heading}>
      <dl className='divide-y divide-line rounded-2xl border border-line'>
        <Fact name={facts.email}>{user.email}</Fact>
        {user.newEmail && <Fact name={facts.newEmail}>{user.newEmail.email}</Fact>}
        <Fact name={facts.status}>
          <span className='flex flex-wrap gap-2'>
            {user.status === 'active' && status.active}<Badges user={{ ...user, role: 'user', roles: [] }} isSelf={isSelf} />
          </span>
        </Fact>
        <Fact name={facts.role}>{[user.role === 'admin' ? role.admin : facts.roleUser, ...user.roles].join(', ')}</Fact>
        {user.status !== 'invited' && (
          <Fact name={facts.twoStep}>{user.isTwoFactorEnabled ? facts.on({ methods }) : facts.off}</Fact>
        )}
        <Fact name={facts.language}>{languageName(user.locale)}</Fact>
        <Fact name={facts.since}><DateTime at={user.createdAt} /></Fact>
        <Fact name={facts.id}>{user.id}</Fact>
      </dl>
    </SettingsSection>
  )
}
