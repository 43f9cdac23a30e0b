import { Suspense } from 'react'
import { Link, Outlet } from 'react-router'
import { useWords } from '../i18n/index.ts'
import { Logo } from '../ui/icons.tsx'
import { StepSkeleton } from '../ui/step.tsx'
import { BrandLinks } from './brand-links.tsx'
import { LanguageSwitch } from './language-switch.tsx'
import { serverConfig } from './server-config.ts'
import { Toasts } from './toasts.tsx'

/** Visible only while it has the focus. */
const SKIP_LINK = 'sr-only focus:not-sr-only focus:absolute focus:start-3 focus:top-3 focus:z-30 focus:rounded-xl focus:bg-card ' +
  'focus:px-4 focus:py-3 focus:font-semibold focus:text-accent'

/** The frame around every page. */
export function Layout () {
  const { common } = useWords()
  return (
    <div className='page'>
      <a href='#main' className={SKIP_LINK}>{common.skip}</a>
      <header className='bar'>
        <Link to='/' className='flex min-w-0 items-center gap-2.5 rounded-lg text-lg font-semibold tracking-tight'>
          <Logo /><span className='truncate'>{serverConfig.brandName}</span>
        </Link>
        <LanguageSwitch />
      </header>
      <main id='main' tabIndex={-1} className='stage outline-none'><Suspense fallback={<StepSkeleton />}><Outlet /></Suspense></main>
      <BrandLinks />
      <Toasts />
    </div>
  )
}
