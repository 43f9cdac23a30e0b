import type { ReactNode } from 'react'
import type { ApiProblem } from '@dvokrok/client'
import { useWords } from '../i18n/index.ts'
import { nextStep } from '../i18n/next-step.ts'
import { AlertIcon, CheckIcon, InfoIcon } from './icons.tsx'

const KINDS = {
  bad: { style: 'bg-bad-tint text-bad', Icon: AlertIcon, role: 'alert' },
  good: { style: 'bg-good-tint text-good', Icon: CheckIcon, role: 'status' },
  info: { style: 'bg-tint text-accent-strong', Icon: InfoIcon, role: 'status' }
} as const

interface Props { kind: keyof typeof KINDS, title?: string | undefined, children?: ReactNode, id?: string }

/** States its kind by colour, icon and text, never by colour alone. */
export function Notice ({ kind, title, children, id }: Props) {
  const { style, Icon, role } = KINDS[kind]
  return (
    <div id={id} role={role} className={`${style} rise flex gap-3 rounded-2xl px-4 py-3 text-[.9375rem] leading-6`}>
      <Icon className='mt-0.5 size-5 shrink-0' />
      <div className='min-w-0'>
        {title !== undefined && <p className='font-semibold'>{title}</p>}
        {children !== undefined && <div className={title === undefined ? 'font-medium' : 'text-ink'}>{children}</div>}
      </div>
    </div>
  )
}

/** An error in the user's language, with what to do next. */
export function ProblemNotice ({ problem, id, children }: { problem: ApiProblem, id?: string, children?: ReactNode }) {
  const words = useWords()
  // Of what may be done again soon a button counts the seconds: here they would stand still.
  const details = problem.isTransient ? { ...problem.details, retryAfterSeconds: undefined } : problem.details
  return (
    <Notice kind='bad' title={words.problems[problem.code].title} {...(id ? { id } : {})}>
      <p>{nextStep(words, problem.code, details)}</p>
      {problem.code === 'INTERNAL' && problem.details.requestId && (
        <p className='text-sm text-soft'>{words.common.requestId}: {problem.details.requestId}</p>
      )}
      {children}
    </Notice>
  )
}
