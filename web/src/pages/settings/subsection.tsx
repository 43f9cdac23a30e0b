import type { ReactNode } from 'react'

/** A part of a settings section, with its own heading. */
export function Subsection ({ heading, lead, children }: { heading: string, lead: ReactNode, children: ReactNode }) {
  return (
    <div className='grid gap-4 border-t border-line pt-5 first:border-0 first:pt-0'>
      <div>
        <h3 className='font-semibold'>{heading}</h3>
        <p className='text-soft'>{lead}</p>
      </div>
      {children}
    </div>
  )
}
