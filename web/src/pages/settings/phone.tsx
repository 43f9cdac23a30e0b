import { bodyOf, signed, type User } from '../../api/client.ts'
import { facts } from '../../app/facts.ts'
import { useProfileWords } from '../../i18n/profile.ts'
import { updateUser } from '../../session/session.ts'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { ChangeDestination } from './change-destination.tsx'
import { SettingsPart } from './part.tsx'
import { focusSection } from './section.tsx'
import { useChange } from './use-change.ts'

/** E.164. */
const NUMBER = /^\+[1-9]\d{6,14}$/
/** `00380 (50) 123-45-67` -> `+380501234567`. */
const plainNumber = (typed: string): string => typed.replace(/[\s().-]/g, '').replace(/^00/, '+')

/** The number for codes. Where no operator sends them any more, it can still be taken away. */
export function PhonePart ({ user }: { user: User }) {
  const { phone } = useProfileWords()
  const isSet = user.secondFactors.includes('sms')
  const remove = useChange('phone-remove', async () => {
    updateUser((await bodyOf(signed.DELETE('/users/me/phone'))).user)
    focusSection('profile')
    return phone.removed
  })
  return (
    <SettingsPart heading={phone.heading} lead={phone.lead}>
      {isSet && <p className='font-medium text-good'>{phone.isSet}</p>}
      {facts.isSmsOffered && (
        <ChangeDestination
          user={user} purpose='phone' words={isSet ? phone : { ...phone, change: phone.add }}
          input={{ label: phone.number, name: 'phone', type: 'tel', inputMode: 'tel', autoComplete: 'tel', maxLength: 32, hint: phone.hint }}
          path='/phone' toSent={plainNumber} check={(number) => NUMBER.test(number) ? undefined : phone.shape}
          start={async (number) => await bodyOf(signed.POST('/users/me/phone', { body: { phone: number } }))}
          confirm={async (body) => await bodyOf(signed.POST('/users/me/phone/confirm', { body }))}
        />
      )}
      {remove.problem && <ProblemNotice problem={remove.problem} />}
      {isSet && (
        <div>
          <ConfirmButton
            look='danger' pending={remove.isPending && phone.removing} lockedUntil={remove.lockedUntil}
            title={phone.removeTitle} lead={phone.removeLead} confirm={phone.remove} onConfirm={() => { remove.run() }}
          >
            {phone.remove}
          </ConfirmButton>
        </div>
      )}
    </SettingsPart>
  )
}
