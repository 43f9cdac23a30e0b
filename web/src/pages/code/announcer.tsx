import { useEffect, useState } from 'react'
import { useWords } from '../../i18n/index.ts'
import { useSecondsUntil } from '../../ui/use-seconds.ts'

const WARNING_SECONDS = 30

/** Live region for what the user did not see happen: code sent (shown too), resend available, 30 seconds left. */
export function Announcer ({ codeExpiresAt, resendAt, sentCount }: { codeExpiresAt: number, resendAt: number, sentCount: number }) {
  const { code } = useWords()
  const [said, setSaid] = useState('')
  const codeSeconds = useSecondsUntil(codeExpiresAt)
  const resendSeconds = useSecondsUntil(resendAt)
  const isLastCall = codeSeconds === WARNING_SECONDS
  const mayResend = resendAt > 0 && resendSeconds === 0

  useEffect(() => { if (sentCount > 0) setSaid(code.sent) }, [sentCount, code])
  useEffect(() => { if (mayResend) setSaid(code.canResend) }, [mayResend, code])
  useEffect(() => { if (isLastCall) setSaid(code.secondsLeft({ n: WARNING_SECONDS })) }, [isLastCall, code])
  const look = said === code.sent ? 'text-center font-medium text-good' : 'sr-only'
  return <p className={look} role='status' aria-live='polite'>{said}</p>
}
