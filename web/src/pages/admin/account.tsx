import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import type { User } from '@dvokrok/client'
import { useAdminWords } from '../../i18n/index.ts'
import { LINK } from '../../ui/button.tsx'
import { DoorIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Step } from '../../ui/step.tsx'
import { QueryResult } from '../settings/query-result.tsx'
import { AccessSection } from './access.tsx'
import { ADMIN, type AdminUser, findAccount } from './api.ts'
import { DeleteSection } from './delete.tsx'
import { FactorsSection } from './factors.tsx'
import { FactsSection } from './facts.tsx'
import { Frame } from './frame.tsx'
import { IdentitySection } from './identity.tsx'
import { InvitationSection } from './invitation.tsx'
import { OwnRolesSection, RolesSection } from './roles.tsx'
import { ActivitySection, SessionsSection } from './trail.tsx'

export function AccountPage ({ user: me }: { user: User }) {
  const { account } = useAdminWords()
  const { id = '' } = useParams()
  const query = useQuery({ queryKey: [ADMIN, 'account', id], queryFn: async () => await findAccount(id), refetchOnWindowFocus: 'always' })
  return (
    <QueryResult query={query}>
      {(user) => user
        ? <Account key={id} user={user} isSelf={id === me.id} />
        : (
          <Step title={account.gone} heading={account.gone} lead={account.goneLead} icon={<DoorIcon className='size-7' />}>
            <p><Link to='/admin' className={LINK}>{account.back}</Link></p>
          </Step>
          )}
    </QueryResult>
  )
}

function Account ({ user, isSelf }: { user: AdminUser, isSelf: boolean }) {
  const { account } = useAdminWords()
  const isInvited = user.status === 'invited'
  return (
    <Frame title={user.name === '' ? user.email : user.name} lead={<Link to='/admin' className={LINK}>{account.back}</Link>}>
      <FactsSection user={user} isSelf={isSelf} />
      {isSelf && <Notice kind='info'>{account.self}</Notice>}
      {isInvited && <InvitationSection user={user} />}
      {!isSelf && !isInvited && (
        <>
          <AccessSection user={user} />
          <FactorsSection user={user} />
        </>
      )}
      {!isSelf && <IdentitySection user={user} />}
      {!isSelf && !isInvited && <RolesSection user={user} />}
      {!isSelf && <OwnRolesSection user={user} />}
      {!isInvited && <SessionsSection id={user.id} />}
      <ActivitySection id={user.id} />
      {!isSelf && !isInvited && <DeleteSection user={user} />}
    </Frame>
  )
}
