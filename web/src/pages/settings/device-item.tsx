import type { ReactNode } from 'react'
import { DateTime } from '../../ui/date-time.tsx'

interface Props {
  device: string
  ip: string
  /** The badge of the browser in use now. */
  current: string | false
  times: Array<[name: string, at: string]>
  note?: string | undefined
  children?: ReactNode
}

/** A list item for a session or a trusted browser. */
export function DeviceItem ({ device, ip, current, times, note, children }: Props) {
  return (
    <li className='flex flex-wrap items-center justify-between gap-x-6 gap-y-3 px-4 py-3'>
      <div className='min-w-0'>
        <p className='font-medium'>
          {device}
          {current !== false && <span className='ms-2 inline-block rounded-full bg-good-tint px-2.5 text-sm text-good'>{current}</span>}
        </p>
        <p className='text-sm text-soft'>{ip}{note !== undefined && ` · ${note}`}</p>
        <p className='flex flex-wrap gap-x-4 text-sm text-soft'>
          {times.map(([name, at]) => <span key={name}>{name}: <DateTime at={at} /></span>)}
        </p>
      </div>
      {children}
    </li>
  )
}
