import { useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ShieldIcon } from '../../ui/icons.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { Step } from '../../ui/step.tsx'
import type { AttemptHandle } from './use-attempt.ts'

/** Shown when the server cannot be reached; the attempt may still be valid. */
export function AttemptUnreachable ({ attempt: { problem, reload } }: { attempt: AttemptHandle }) {
  const { code, common } = useWords()
  return (
    <Step title={code.title} heading={code.title} icon={<ShieldIcon className='size-7' />}>
      {problem && <ProblemNotice problem={problem} />}
      <Button onClick={() => { reload() }} lockedUntil={problem?.retryAt ?? 0}>{common.tryAgain}</Button>
    </Step>
  )
}
