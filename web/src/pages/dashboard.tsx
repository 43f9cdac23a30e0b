import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { User } from '../api/client.ts'
import { ApiProblem } from '../api/problem.ts'
import { ContinueLink } from '../app/continue-link.tsx'
import { useMe } from '../app/me.ts'
import { LANGUAGES, useLanguage } from '../i18n/index.ts'
import { signOut, useSession } from '../session/session.ts'
import { Button, LINK } from '../ui/button.tsx'
import { PersonIcon } from '../ui/icons.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { Step } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'

export default function DashboardPage () {
  const session = useSession()
  return session.status === 'signed-in' ? <Dashboard user={session.user} /> : null
}

function Dashboard ({ user }: { user: User }) {
  const { dashboard, common } = useLanguage().words
  const me = useMe(user)
  const leaving = useAction('sign-out', signOut)
  const problem = leaving.problem ?? (me.error instanceof ApiProblem && me.error.isTransient ? me.error : null)

  return (
    <Step title={dashboard.title} heading={dashboard.heading(user.name)} lead={dashboard.lead} icon={<PersonIcon className='size-7' />}>
      {problem && <ProblemNotice problem={problem} />}
      {problem && !leaving.problem && (
        <Button variant='quiet' onClick={() => { me.refetch().catch(reportError) }}>{common.tryAgain}</Button>
      )}
      <Facts user={user} />
      {user.isTwoFactorEnabled && !user.secondFactors.includes('totp') && <Notice kind='info'>{dashboard.basic}</Notice>}
      <ContinueLink />
      <div className='flex flex-wrap items-center justify-between gap-3'>
        <Link to='/settings' className={LINK}>{dashboard.settings}</Link>
        <Button variant='quiet' pending={leaving.isPending && dashboard.signingOut} onClick={() => { leaving.run() }}>
          {dashboard.signOut}
        </Button>
      </div>
    </Step>
  )
}

function Facts ({ user }: { user: User }) {
  const { locale, words: { dashboard } } = useLanguage()
  const since = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { dateStyle: 'long' }).format(new Date(user.createdAt))
  const factors = user.secondFactors.map((factor) => dashboard.factors[factor]).join(', ')
  return (
    <dl className='divide-y divide-line rounded-2xl border border-line'>
      <Fact name={dashboard.email}>{user.email}</Fact>
      <Fact name={dashboard.secondStep}>{user.isTwoFactorEnabled ? `${dashboard.on}: ${factors}` : dashboard.off}</Fact>
      <Fact name={dashboard.language}>{LANGUAGES[user.locale]}</Fact>
      <Fact name={dashboard.since}>{since}</Fact>
    </dl>
  )
}

function Fact ({ name, children }: { name: string, children: ReactNode }) {
  return (
    <div className='flex flex-wrap justify-between gap-x-4 px-4 py-3'>
      <dt className='text-soft'>{name}</dt>
      <dd className='min-w-0 font-medium wrap-anywhere'>{children}</dd>
    </div>
  )
}
