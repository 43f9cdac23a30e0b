import { type ComponentType, useEffect } from 'react'
import { Link, useLocation } from 'react-router'
import type { User } from '../api/client.ts'
import { ContinueLink } from '../app/continue-link.tsx'
import { useMe } from '../app/me.ts'
import { type SettingsWords, useSettingsWords } from '../i18n/settings.ts'
import { useSession } from '../session/session.ts'
import { useHeading } from '../ui/step.tsx'
import { ActivitySection } from './settings/activity.tsx'
import { AuthenticatorSection } from './settings/authenticator.tsx'
import { DataSection } from './settings/data.tsx'
import { DevicesSection } from './settings/devices.tsx'
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
  ['authenticator', AuthenticatorSection],
  ['recovery-codes', RecoveryCodesSection],
  ['devices', DevicesSection],
  ['sessions', SessionsSection],
  ['activity', ActivitySection],
  ['data', DataSection]
]

const SECTION_LINK = 'inline-flex min-h-10 w-full items-center rounded-xl px-3 font-medium text-soft ' +
  'hover:bg-tint hover:text-accent-strong'

export default function SettingsPage () {
  const session = useSession()
  return session.status === 'signed-in' ? <Settings user={session.user} /> : null
}

function Settings ({ user }: { user: User }) {
  const { page, headings } = useSettingsWords()
  const { hash, key } = useLocation()
  const heading = useHeading(page.title, hash !== '')
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
          <ContinueLink />
        </header>
        <nav aria-label={page.sections} className='px-3 xs:px-0 lg:sticky lg:top-6 lg:self-start'>
          <ul className='flex flex-wrap gap-2 lg:grid lg:gap-1'>
            {SECTIONS.map(([id]) => (
              <li key={id}>
                <Link
                  to={`#${id}`}
                  className={SECTION_LINK}
                >
                  {headings[id]}
                </Link>
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
