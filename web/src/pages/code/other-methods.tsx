import type { Method } from '../../client.ts'
import { useWords } from '../../i18n/index.ts'
import { now } from '../../session/clock.ts'
import { LinkButton } from '../../ui/button.tsx'
import { hasPasskeys } from '../../session/passkeys.ts'
import type { AttemptHandle } from './use-attempt.ts'

/** The account's other methods. Choosing e-mail or SMS sends a code. */
export function OtherMethods ({ attempt }: { attempt: AttemptHandle }) {
  const { code } = useWords()
  const { view, method, choose, resend } = attempt
  const others = view?.methods.filter((one) => one !== method && (one !== 'passkey' || hasPasskeys)) ?? []
  if (others.length === 0) return null

  const take = (wanted: Method): void => {
    const isSent = wanted === 'email' || wanted === 'sms'
    if (isSent && (view?.resendAt ?? 0) <= now()) resend.run(wanted)
    else choose(wanted)
  }
  return (
    <div className='border-t border-line pt-4'>
      <h2 className='text-sm font-medium text-soft'>{code.other}</h2>
      <ul className='mt-1 grid justify-items-start'>
        {others.map((one) => (
          <li key={one}>
            <LinkButton className='min-h-11' disabled={resend.isPending} onClick={() => { take(one) }}>{code.by[one]}</LinkButton>
          </li>
        ))}
      </ul>
    </div>
  )
}
