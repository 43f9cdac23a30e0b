import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { serverConfig } from '../../app/server-config.ts'
import { useSettingsWords } from '../../i18n/index.ts'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { ChangeDestination } from './change-destination.tsx'
import { Subsection } from './subsection.tsx'
import { focusSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

/** E.164. */
const NUMBER = /^\+[1-9]\d{6,14}$/
/** `00380 (50) 123-45-67` -> `+380501234567`. */
const plainNumber = (typed: string): string => typed.replace(/[\s().-]/g, '').replace(/^00/, '+')

/** The phone number for codes. It can be removed even if the server no longer sends any. */
export function PhoneSubsection ({ user }: { user: User }) {
  const { phone } = useSettingsWords()
  const isSet = user.secondFactors.includes('sms')
  const remove = useAccountChange('phone-remove', async () => {
    await client.api.DELETE('/users/me/phone')
    focusSection('profile')
    return phone.removed
  })
  return (
    <Subsection heading={phone.heading} lead={phone.lead}>
      {isSet && <p className='font-medium text-good'>{phone.isSet}</p>}
      {serverConfig.isSmsOffered && (
        <ChangeDestination
          user={user} purpose='phone' words={isSet ? phone : { ...phone, change: phone.add }}
          input={{
            label: phone.number, name: 'phone', type: 'tel', inputMode: 'tel', autoComplete: 'tel', maxLength: 32, hint: phone.hint
          }}
          path='/phone' toSent={plainNumber} check={(number) => NUMBER.test(number) ? undefined : phone.shape}
          start={async (number) => (await client.api.POST('/users/me/phone', { body: { phone: number } })).data}
          confirm={async (body) => { await client.api.POST('/users/me/phone/confirm', { body }) }}
        />
      )}
      {remove.problem && <ProblemNotice problem={remove.problem} />}
      {isSet && (
        <div>
          <ConfirmButton
            variant='danger' pending={remove.isPending && phone.removing} lockedUntil={remove.lockedUntil}
            title={phone.removeTitle} lead={phone.removeLead} confirm={phone.remove} onConfirm={() => { remove.run() }}
          >
            {phone.remove}
          </ConfirmButton>
        </div>
      )}
    </Subsection>
  )
}
