import type { ReactNode } from 'react'
import { serverConfig } from '../app/server-config.ts'

const LOGO_HEIGHT = 36

const icon = (paths: ReactNode) => function Icon ({ className = 'size-6' }: { className?: string }) {
  return (
    <svg
      className={className} viewBox='0 0 24 24' fill='none' stroke='currentColor' strokeWidth='1.8' strokeLinecap='round'
      strokeLinejoin='round' aria-hidden='true'
    >
      {paths}
    </svg>
  )
}

export const EnvelopeIcon = icon(<><rect x='3' y='5' width='18' height='14' rx='3' /><path d='m4 7.5 6.6 5a2.3 2.3 0 0 0 2.8 0l6.6-5' /></>)
export const KeyIcon = icon(<><circle cx='8' cy='15' r='4.2' /><path d='m11 12 8.5-8.5M16 7l2.6 2.6M13.5 9.5l1.6 1.6' /></>)
export const PersonIcon = icon(<><circle cx='12' cy='8' r='4' /><path d='M4.5 20a7.5 7.5 0 0 1 15 0' /></>)
export const DoorIcon = icon(<><path d='M10 4h7a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-7' /><path d='M4 12h10m-3.5-3.5L14 12l-3.5 3.5' /></>)
export const PhoneIcon = icon(<><rect x='7' y='2.5' width='10' height='19' rx='2.5' /><path d='M11 18.5h2' /></>)
export const ShieldIcon = icon((
  <>
    <path d='M12 3 5 5.8v5.4c0 4.4 2.9 7.9 7 9.8 4.1-1.9 7-5.4 7-9.8V5.8z' />
    <path d='m9 12 2.2 2.2L15.3 10' />
  </>
))
export const EyeIcon = icon((
  <>
    <path d='M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z' />
    <circle cx='12' cy='12' r='2.8' />
  </>
))
export const EyeOffIcon = icon((
  <>
    <path d='M10 5.7a9 9 0 0 1 2-.2c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.6 3.4' />
    <path d='M6.3 7.2A16.5 16.5 0 0 0 2.5 12S6 18.5 12 18.500a9 9 0 0 0 4.2-1.1' />
    <path d='m3.5 3.5 17 17M9.9 10a2.8 2.8 0 0 0 4 4' />
  </>
))
export const LockIcon = icon(<><rect x='5' y='10.5' width='14' height='10' rx='2.5' /><path d='M8 10.500V8a4 4 0 0 1 8 0v2.5' /></>)
export const AlertIcon = icon(<><circle cx='12' cy='12' r='9' /><path d='M12 7.500v5.200M12 16.200v.1' /></>)
export const CheckIcon = icon(<><circle cx='12' cy='12' r='9' /><path d='m8.2 12.2 2.600 2.600 5-5.2' /></>)
export const InfoIcon = icon(<><circle cx='12' cy='12' r='9' /><path d='M12 11v5.500M12 7.700v.1' /></>)
export const BackIcon = icon(<path d='M19 12H5m5.5-5.500L5 12l5.5 5.5' />)

/** The brand's logo, else two steps. Its height is fixed, so nothing moves when it arrives. */
export function Logo ({ className = 'size-9' }: { className?: string }) {
  const { logo, logoAspect } = serverConfig
  if (logo !== '') {
    const size = 'h-9 max-w-20 shrink-0 object-contain xs:max-w-32'
    return <img src={logo} alt='' width={LOGO_HEIGHT * logoAspect} height={LOGO_HEIGHT} className={size} />
  }
  return (
    <span className={`${className} gradient inline-grid shrink-0 place-items-center rounded-[30%]`} aria-hidden='true'>
      <svg viewBox='0 0 32 32' className='size-full' fill='#fff'>
        <rect x='7' y='15' width='8' height='10' rx='2.5' /><rect x='17' y='7' width='8' height='18' rx='2.5' />
      </svg>
    </span>
  )
}
