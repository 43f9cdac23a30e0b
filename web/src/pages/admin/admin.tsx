import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Route, Routes } from 'react-router'
import { ApiProblem, type User } from '@dvokrok/client'
import { useAdminWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ShieldIcon } from '../../ui/icons.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { Step } from '../../ui/step.tsx'
import { useAction } from '../../ui/use-action.ts'
import { NotFoundPage } from '../not-found.tsx'
import { QueryResult } from '../settings/query-result.tsx'
import { ProofProvider, useReauthentication } from '../settings/reauthentication.tsx'
import { AccountPage } from './account.tsx'
import { AccountsPage } from './accounts.tsx'
import { ADMIN, listRoles } from './api.ts'
import { LogPage } from './log.tsx'
import { RolesContext } from './roles-context.ts'

/** The pages of who looks after accounts. */
export default function AdminPages ({ user }: { user: User }) {
  return (
    <ProofProvider user={user}>
      <Gate>
        <Routes>
          <Route index element={<AccountsPage user={user} />} />
          <Route path='accounts/:id' element={<AccountPage user={user} />} />
          <Route path='log' element={<LogPage />} />
          <Route path='*' element={<NotFoundPage />} />
        </Routes>
      </Gate>
    </ProofProvider>
  )
}

/** Asks for a code first when a trusted device stood in for it at the sign-in: the server admits no admin by that. */
function Gate ({ children }: { children: ReactNode }) {
  const query = useQuery({ queryKey: [ADMIN, 'roles'], queryFn: listRoles, staleTime: Infinity })
  const { error } = query
  if (error instanceof ApiProblem && (error.code === 'FORBIDDEN' || error.code === 'SECOND_FACTOR_REQUIRED')) return <Prove />
  return <QueryResult query={query}>{(roles) => <RolesContext value={roles}>{children}</RolesContext>}</QueryResult>
}

function Prove () {
  const { proof } = useAdminWords()
  const withReauthentication = useReauthentication()
  const queries = useQueryClient()
  const proving = useAction('admin-proof', async () => {
    let isAsked = false
    await withReauthentication(async () => {
      if (isAsked) await queries.resetQueries({ queryKey: [ADMIN] })
      else {
        isAsked = true
        throw new ApiProblem('REAUTHENTICATION_REQUIRED')
      }
    })
  })
  return (
    <Step title={proof.heading} heading={proof.heading} lead={proof.lead} icon={<ShieldIcon className='size-7' />}>
      {proving.problem && <ProblemNotice problem={proving.problem} />}
      <Button pending={proving.isPending && proof.pending} lockedUntil={proving.lockedUntil} onClick={() => { proving.run() }}>
        {proof.confirm}
      </Button>
    </Step>
  )
}
