import type { ReactNode } from 'react'
import { Link, NavLink } from 'react-router'
import { useAdminWords, useWords } from '../../i18n/index.ts'
import { LINK } from '../../ui/button.tsx'
import { useHeading } from '../../ui/step.tsx'

const PAGE_LINK = 'inline-flex min-h-10 items-center rounded-xl px-3 font-medium text-soft hover:bg-tint hover:text-accent-strong ' +
  'aria-[current]:bg-tint aria-[current]:text-accent-strong'

interface Props { title: string, lead?: ReactNode, keepsFocus?: boolean, children: ReactNode }

/** A page of the administration: the way to the others, its heading, its content. */
export function Frame ({ title, lead, keepsFocus = false, children }: Props) {
  const { nav } = useAdminWords()
  const { dashboard } = useWords()
  const heading = useHeading(title, keepsFocus)
  return (
    <div className='grid w-full max-w-4xl gap-6'>
      <header className='grid gap-3 px-3 xs:px-0'>
        <nav aria-label={nav.title} className='flex flex-wrap items-center justify-between gap-x-6 gap-y-2'>
          <ul className='-ms-3 flex flex-wrap gap-2'>
            <li><NavLink to='/admin' end className={PAGE_LINK}>{nav.accounts}</NavLink></li>
            <li><NavLink to='/admin/log' className={PAGE_LINK}>{nav.log}</NavLink></li>
          </ul>
          <p className='flex flex-wrap gap-x-6 gap-y-1'>
            <Link to='/dashboard' className={LINK}>{dashboard.title}</Link>
            <Link to='/logout' className={LINK}>{dashboard.signOut}</Link>
          </p>
        </nav>
        <div>
          <h1 ref={heading} tabIndex={-1} className='text-3xl font-semibold tracking-tight wrap-anywhere'>{title}</h1>
          {lead !== undefined && <div className='mt-2 text-soft'>{lead}</div>}
        </div>
      </header>
      {children}
    </div>
  )
}
