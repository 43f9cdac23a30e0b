import { useState } from 'react'
import { useNavigate } from 'react-router'
import { toast } from '../app/toasts.tsx'
import { useSettingsWords } from '../i18n/index.ts'
import { Button } from '../ui/button.tsx'
import { EnvelopeIcon } from '../ui/icons.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { Step } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'
import { confirmEmail, tokenOfAddress } from './mailed-link.ts'

/** Who gets a mail about a new address that an admin has entered comes here; opening the link changes nothing. */
export default function ConfirmEmailPage () {
  const { confirmEmail: words, invitation } = useSettingsWords()
  const [token] = useState(tokenOfAddress)
  const navigate = useNavigate()
  const confirm = useAction('confirm-email', async () => {
    toast((await confirmEmail(token)).message)
    await navigate('/login', { replace: true })
  })
  const { problem } = confirm
  const isOver = problem !== null && !problem.isTransient
  return (
    <Step title={words.title} heading={words.title} lead={words.lead} icon={<EnvelopeIcon className='size-7' />}>
      {isOver && <Notice kind='info' title={invitation.over}>{invitation.overLead}</Notice>}
      {problem && !isOver && <ProblemNotice problem={problem} />}
      {!isOver && (
        <Button pending={confirm.isPending && words.confirming} lockedUntil={confirm.lockedUntil} onClick={() => { confirm.run() }}>
          {words.confirm}
        </Button>
      )}
    </Step>
  )
}
