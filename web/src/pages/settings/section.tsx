import type { ReactNode } from 'react'

interface Props { id: string, heading: string, lead?: ReactNode, children: ReactNode }

/** A section of the settings; `/settings#id` focuses its heading. */
export function SettingsSection ({ id, heading, lead, children }: Props) {
  return (
    <section className='card max-w-none' aria-labelledby={id}>
      <h2 id={id} tabIndex={-1} className='scroll-mt-4 text-xl font-semibold tracking-tight'>{heading}</h2>
      {lead !== undefined && <p className='mt-2 text-soft'>{lead}</p>}
      <div className='mt-5 grid gap-5'>{children}</div>
    </section>
  )
}

/** Moves the focus to the section's heading after the focused control was removed. */
export const focusSection = (id: string): void => { document.getElementById(id)?.focus({ preventScroll: true }) }
