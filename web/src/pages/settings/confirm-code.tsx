import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { toast } from '../../app/toasts.tsx'
import { useWords } from '../../i18n/index.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { CodeForm } from '../code/code-form.tsx'
import { codeHeading } from '../code/code-heading.ts'
import { useAttempt } from '../code/use-attempt.ts'
import { useReauthentication } from './reauthentication.tsx'

interface Props {
  pendingToken: string
  /** Verifies the code; resolves with the success message. */
  onCode: (otp: string) => Promise<string>
  onBack: () => void
}

/** Asks for the code that was sent to a new address or number. */
export function ConfirmCode ({ pendingToken, onCode, onBack }: Props) {
  const words = useWords()
  const withReauthentication = useReauthentication()
  const queries = useQueryClient()
  const attempt = useAttempt(pendingToken)
  const { view, problem, reload } = attempt
  const isGone = !view && problem !== null && !problem.isTransient

  useEffect(() => { if (isGone) onBack() })
  if (!view) {
    return problem?.isTransient
      ? (
        <>
          <ProblemNotice problem={problem} />
          <div><Button variant='quiet' lockedUntil={problem.retryAt} onClick={() => { reload() }}>{words.common.tryAgain}</Button></div>
        </>
        )
      : <div role='status'><span className='sr-only'>{words.common.loading}</span><i className='skeleton' /></div>
  }
  const { heading, lead } = codeHeading(words, attempt)
  return (
    <div className='grid gap-4 border-line xs:rounded-2xl xs:border xs:p-4'>
      <div>
        <h4 className='font-semibold'>{heading}</h4>
        <p className='text-soft'>{lead}</p>
      </div>
      <CodeForm
        attempt={attempt} mayTrust={false} onRestart={onBack} restartLabel={words.code.startAgain}
        onCode={async ({ otp }) => {
          toast(await withReauthentication(async () => await onCode(otp)))
          await queries.invalidateQueries()
        }}
      />
      <p className='text-center'><LinkButton className='min-h-11' onClick={onBack}>{words.common.cancel}</LinkButton></p>
    </div>
  )
}
