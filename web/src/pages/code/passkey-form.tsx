import { type ReactNode, useEffect, useState } from 'react'
import { useWords } from '../../i18n/index.ts'
import { hasPasskeys } from '../../session/passkeys.ts'
import { Button } from '../../ui/button.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { useAction } from '../../ui/use-action.ts'
import { OtherMethods } from './other-methods.tsx'
import { ResendProblem } from './resend.tsx'
import { Trust } from './trust.tsx'
import { type AttemptHandle, isFinal } from './use-attempt.ts'

export interface PasskeyFormProps {
  attempt: AttemptHandle
  mayTrust: boolean
  /** Asks for the passkey and continues with the result. */
  onPasskey: (trustDevice: boolean) => Promise<void>
  onRestart: () => void
  restartLabel: string
  children?: ReactNode
}

/** The second step by a passkey. */
export function PasskeyForm ({ attempt, mayTrust, onPasskey, onRestart, restartLabel, children }: PasskeyFormProps) {
  const { code, login } = useWords()
  const [isTrusted, setTrusted] = useState(false)
  const { isOver, end } = attempt
  const ask = useAction('passkey', async () => { await onPasskey(isTrusted) })
  const { problem } = ask
  useEffect(() => { if (isFinal(problem)) end() }, [problem])

  return (
    <div className='grid gap-5'>
      {children}
      {!hasPasskeys && !isOver && <Notice kind='info'>{code.noPasskeys}</Notice>}
      {problem && <ProblemNotice problem={problem} />}
      {!problem && isOver && <Notice kind='bad'>{code.overLead}</Notice>}
      {!problem && !isOver && <ResendProblem attempt={attempt} />}
      {isOver
        ? <Button onClick={onRestart} autoFocus>{restartLabel}</Button>
        : (
          <>
            {hasPasskeys && mayTrust && <Trust isTrusted={isTrusted} onChange={setTrusted} />}
            {hasPasskeys && (
              <Button pending={ask.isPending && login.passkeyPending} lockedUntil={ask.lockedUntil} onClick={() => { ask.run() }} autoFocus>
                {code.by.passkey}
              </Button>
            )}
            <OtherMethods attempt={attempt} />
          </>
          )}
    </div>
  )
}
