import { lazy, Suspense } from 'react'
import { Link } from 'react-router'
import type { User } from '@dvokrok/client'
import { ApiProblem } from '@dvokrok/client'
import { ContinueLink } from '../app/continue-link.tsx'
import { useMe } from '../app/me.ts'
import { client } from '../client.ts'
import { usePasskeyOffer } from '../session/passkey-offer.ts'
import { useSession } from '../session/session.ts'
import { languageName, loadSettingsWords, useLanguage } from '../i18n/index.ts'
import { Button, LINK } from '../ui/button.tsx'
import { Fact } from '../ui/fact.tsx'
import { PersonIcon } from '../ui/icons.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { Step } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'

const PasskeyOffer = lazy(async () => (await Promise.all([import('./passkey-offer.tsx'), loadSettingsWords()]))[0])

export default function DashboardPage () {
  const session = useSession()
  return session.status === 'signed-in' ? <Dashboard user={session.user} /> : null
}

function Dashboard ({ user }: { user: User }) {
  const { dashboard, common } = useLanguage().words
  const me = useMe(user)
  const leaving = useAction('sign-out', client.logout)
  const isBasic = user.isTwoFactorEnabled && !user.secondFactors.includes('totp') && !user.secondFactors.includes('passkey')
  const { isOffered, close } = usePasskeyOffer(user)
  const problem = leaving.problem ?? (me.error instanceof ApiProblem && me.error.isTransient ? me.error : null)

  return (
    <Step
      title={dashboard.title} heading={dashboard.heading({ name: user.name })} lead={dashboard.lead}
      icon={<PersonIcon className='size-7' />}
    >
      {problem && <ProblemNotice problem={problem} />}
      {problem && !leaving.problem && (
        <Button variant='quiet' onClick={() => { me.refetch().catch(reportError) }}>{common.tryAgain}</Button>
      )}
      <Facts user={user} />
      {isBasic && <Notice kind='info'>{dashboard.basic}</Notice>}
      {isOffered && <Suspense fallback={null}><PasskeyOffer onDone={close} /></Suspense>}
      <ContinueLink />
      <div className='flex flex-wrap items-center justify-between gap-3'>
        <p className='flex flex-wrap gap-x-6 gap-y-1'>
          <Link to='/settings' className={LINK}>{dashboard.settings}</Link>
          {user.role === 'admin' && <Link to='/admin' className={LINK}>{dashboard.admin}</Link>}
        </p>
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
      <Fact name={dashboard.language}>{languageName(user.locale)}</Fact>
      <Fact name={dashboard.since}>{since}</Fact>
    </dl>
  )
}
