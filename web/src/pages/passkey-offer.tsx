import { useNavigate } from 'react-router'
import { ApiProblem } from '@dvokrok/client'
import { fetchMe } from '../app/me.ts'
import { useCarry } from '../app/paths.ts'
import { toast } from '../app/toasts.tsx'
import { client } from '../client.ts'
import { useSettingsWords } from '../i18n/index.ts'
import { postponeOffer } from '../session/passkey-offer.ts'
import { Button } from '../ui/button.tsx'
import { KeyIcon } from '../ui/icons.tsx'
import { ProblemNotice } from '../ui/notice.tsx'
import { Step } from '../ui/step.tsx'
import { useAction } from '../ui/use-action.ts'

/** Offers a passkey: as a page of its own on the way to the application, or as a part of one. */
export default function PasskeyOffer ({ isPage = false, onDone }: { isPage?: boolean, onDone: () => void }) {
  const { passkeys } = useSettingsWords()
  const navigate = useNavigate()
  const carry = useCarry()
  const add = useAction('passkey-offer', async () => {
    try {
      await client.passkeys.add()
    } catch (error) {
      // The page has been open for long.
      if (!(error instanceof ApiProblem) || error.code !== 'REAUTHENTICATION_REQUIRED') throw error
      await navigate(carry('/settings#passkeys'))
      return
    }
    await fetchMe()
    toast(passkeys.added)
    onDone()
  })
  const actions = (
    <>
      {add.problem && <ProblemNotice problem={add.problem} />}
      <div className='flex flex-wrap gap-3'>
        <Button
          className='min-h-11!' pending={add.isPending && passkeys.adding} lockedUntil={add.lockedUntil} onClick={() => { add.run() }}
        >
          {passkeys.add}
        </Button>
        <Button
          variant='quiet' onClick={() => {
            postponeOffer()
            onDone()
          }}
        >
          {passkeys.later}
        </Button>
      </div>
    </>
  )
  if (isPage) {
    return (
      <Step title={passkeys.offer} heading={passkeys.offer} lead={passkeys.offerLead} icon={<KeyIcon className='size-7' />}>{actions}</Step>
    )
  }
  return (
    <section className='grid gap-4 rounded-2xl border border-line p-4' aria-labelledby='passkey-offer'>
      <div>
        <h2 id='passkey-offer' className='font-semibold'>{passkeys.offer}</h2>
        <p className='text-soft'>{passkeys.offerLead}</p>
      </div>
      {actions}
    </section>
  )
}
