import type { ReactNode } from 'react'

/** A line of a `dl`: what it is, and what it says. */
export function Fact ({ name, children }: { name: string, children: ReactNode }) {
  return (
    <div className='flex flex-wrap justify-between gap-x-4 px-4 py-3'>
      <dt className='text-soft'>{name}</dt>
      <dd className='min-w-0 font-medium wrap-anywhere'>{children}</dd>
    </div>
  )
}
