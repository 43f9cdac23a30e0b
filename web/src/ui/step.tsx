import { type ReactNode, type RefObject, useEffect, useRef } from 'react'
import { useLocation } from 'react-router'
import { serverConfig } from '../app/server-config.ts'
import { useWords } from '../i18n/index.ts'

interface Props {
  /** Of the document; the brand is appended. */
  title: string
  heading: string
  lead?: ReactNode | undefined
  icon: ReactNode
  children?: ReactNode
  /** Set if another element takes the focus, such as the code input. */
  keepsFocus?: boolean
}

let isFirstPage = true

/** Sets the document title and, after a navigation, focuses the heading that gets the ref. */
export function useHeading (title: string, keepsFocus: boolean): RefObject<HTMLHeadingElement | null> {
  const ref = useRef<HTMLHeadingElement>(null)
  const { key } = useLocation()

  useEffect(() => { document.title = `${title} · ${serverConfig.brandName}` }, [title])
  useEffect(() => {
    // On the first load the browser itself starts at the top.
    if (!isFirstPage && !keepsFocus) ref.current?.focus()
    isFirstPage = false
  }, [key, title, keepsFocus])
  return ref
}

/** One step of a page in its card. */
export function Step ({ title, heading, lead, icon, children, keepsFocus = false }: Props) {
  const ref = useHeading(title, keepsFocus)
  return (
    <section className='card rise' aria-labelledby='heading'>
      <div className='flex items-center gap-4'>
        <span className='gradient grid size-13 shrink-0 place-items-center rounded-2xl text-white shadow-md' aria-hidden='true'>
          {icon}
        </span>
        <h1 id='heading' ref={ref} tabIndex={-1} className='min-w-0 text-2xl leading-8 font-semibold tracking-tight wrap-anywhere'>
          {heading}
        </h1>
      </div>
      {lead !== undefined && <p className='mt-4 text-soft'>{lead}</p>}
      <div className='mt-6 grid gap-5'>{children}</div>
    </section>
  )
}

/** The placeholder of a step that is still loading. */
export function StepSkeleton () {
  const { common } = useWords()
  return (
    <div className='card skeleton-card' role='status'>
      <span className='sr-only'>{common.loading}</span>
      <i /><i /><i /><i /><i />
    </div>
  )
}
