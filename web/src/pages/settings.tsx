import { type ComponentType, useEffect, useState } from 'react'
import { Link, useLocation } from 'react-router'
import type { User } from '@dvokrok/client'
import { ContinueLink } from '../app/continue-link.tsx'
import { useMe } from '../app/me.ts'
import { type SettingsWords, useSettingsWords, useWords } from '../i18n/index.ts'
import { useSession } from '../session/session.ts'
import { LINK } from '../ui/button.tsx'
import { useHeading } from '../ui/step.tsx'
import { ActivitySection } from './settings/activity.tsx'
import { AuthenticatorSection } from './settings/authenticator.tsx'
import { DataSection } from './settings/data.tsx'
import { DevicesSection } from './settings/devices.tsx'
import { PasskeysSection } from './settings/passkeys.tsx'
import { PasswordSection } from './settings/password.tsx'
import { ProfileSection } from './settings/profile.tsx'
import { ProofProvider } from './settings/reauthentication.tsx'
import { RecoveryCodesSection } from './settings/recovery-codes.tsx'
import { SecondStepSection } from './settings/second-step.tsx'
import { SessionsSection } from './settings/sessions.tsx'

/** Each section has its own file and the URL `/settings#id`. */
const SECTIONS: Array<[id: keyof SettingsWords['headings'], Section: ComponentType<{ user: User }>]> = [
  ['profile', ProfileSection],
  ['password', PasswordSection],
  ['second-step', SecondStepSection],
  ['passkeys', PasskeysSection],
  ['authenticator', AuthenticatorSection],
  ['recovery-codes', RecoveryCodesSection],
  ['devices', DevicesSection],
  ['sessions', SessionsSection],
  ['activity', ActivitySection],
  ['data', DataSection]
]

const SECTION_LINK = 'inline-flex min-h-10 w-full items-center rounded-xl px-3 font-medium text-soft ' +
  'hover:bg-tint hover:text-accent-strong aria-[current]:bg-tint aria-[current]:text-accent-strong'

export default function SettingsPage () {
  const session = useSession()
  return session.status === 'signed-in' ? <Settings user={session.user} /> : null
}

function Settings ({ user }: { user: User }) {
  const { page, headings } = useSettingsWords()
  const { dashboard } = useWords()
  const { hash, key } = useLocation()
  const heading = useHeading(page.title, hash !== '')
  const seen = useSectionInSight()
  useMe(user)

  useEffect(() => {
    const wanted = document.getElementById(hash.slice(1))
    wanted?.scrollIntoView()
    wanted?.focus({ preventScroll: true })
  }, [hash, key])

  return (
    <ProofProvider user={user}>
      <div className='grid w-full max-w-4xl gap-6 lg:grid-cols-[13rem_1fr] lg:gap-x-10'>
        <header className='px-3 xs:px-0 lg:col-span-2'>
          <h1 ref={heading} tabIndex={-1} className='text-3xl font-semibold tracking-tight'>{page.title}</h1>
          <p className='mt-2 text-soft'>{page.lead}</p>
          <p className='mt-2 flex flex-wrap gap-x-6 gap-y-1'>
            <Link to='/dashboard' className={LINK}>{dashboard.title}</Link>
            {user.role === 'admin' && <Link to='/admin' className={LINK}>{dashboard.admin}</Link>}
            <Link to='/logout' className={LINK}>{dashboard.signOut}</Link>
          </p>
          <ContinueLink />
        </header>
        <nav aria-label={page.sections} className='px-3 xs:px-0 lg:sticky lg:top-6 lg:self-start'>
          <ul className='flex flex-wrap gap-2 lg:grid lg:gap-1'>
            {SECTIONS.map(([id]) => (
              <li key={id}>
                <Link to={`#${id}`} className={SECTION_LINK} aria-current={id === seen ? 'location' : undefined}>{headings[id]}</Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className='grid min-w-0 gap-6'>
          {SECTIONS.map(([id, Section]) => <Section key={id} user={user} />)}
        </div>
      </div>
    </ProofProvider>
  )
}

/** The section that a reader has got to: the one that crosses a line near the top. */
function useSectionInSight (): string {
  const { hash } = useLocation()
  const [seen, setSeen] = useState('profile')
  useEffect(() => { if (hash !== '') setSeen(hash.slice(1)) }, [hash])
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      const [entered] = entries.filter(({ isIntersecting }) => isIntersecting)
      const id = entered?.target.getAttribute('aria-labelledby')
      if (id) setSeen(id)
    }, { rootMargin: '-20% 0px -79% 0px' })
    for (const section of document.querySelectorAll('main section[aria-labelledby]')) observer.observe(section)
    return () => { observer.disconnect() }
  }, [])
  return seen
}
