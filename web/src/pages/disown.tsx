import { useState } from 'react'
import { serverConfig } from '../app/server-config.ts'
import { client } from '../client.ts'
import { useWords } from '../i18n/index.ts'
import { Button, LINK } from '../ui/button.tsx'
import { ShieldIcon } from '../ui/icons.tsx'
import { Notice, ProblemNotice } from '../ui/notice.tsx'
import { Step } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'

/** Mails that warn link here. What is secret stands behind `#`; a scanner that opens the link changes nothing. */
export default function DisownPage () {
  const { disown } = useWords()
  const [token] = useState(() => location.hash.slice(1))
  const [done, setDone] = useState<string | null>(null)
  const telling = useAction('disown', async () => {
    const { data: { message } } = await client.api.POST('/auth/disown', { token: null, body: { token } })
    history.replaceState(history.state, '', location.pathname)
    setDone(message)
  })
  const isOld = token === '' || telling.problem?.code === 'CHALLENGE_INVALID'
  // A whole load: what this tab knows of a session is over.
  const next = <a href={`${serverConfig.basePath}/forgot-password`} className={LINK}>{disown.next}</a>

  return (
    <Step title={disown.title} heading={disown.heading} lead={disown.lead} icon={<ShieldIcon className='size-7' />}>
      {done !== null && <Notice kind='good' title={done}>{next}</Notice>}
      {isOld && <Notice kind='bad' title={disown.old}><p>{disown.oldHint}</p>{next}</Notice>}
      {telling.problem && !isOld && <ProblemNotice problem={telling.problem} />}
      {done === null && !isOld && (
        <Button pending={telling.isPending && disown.button} onClick={() => { telling.run() }}>{disown.button}</Button>
      )}
    </Step>
  )
}
