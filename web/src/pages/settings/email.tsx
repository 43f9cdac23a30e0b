import { bodyOf, signed, type User } from '../../api/client.ts'
import { useWords } from '../../i18n/index.ts'
import { useProfileWords } from '../../i18n/profile.ts'
import { checkFields } from '../check-fields.ts'
import { ChangeDestination } from './change-destination.tsx'
import { SettingsPart } from './part.tsx'

export function EmailPart ({ user }: { user: User }) {
  const words = useWords()
  const { email } = useProfileWords()
  return (
    <SettingsPart heading={email.heading} lead={email.now(user.email)}>
      <ChangeDestination
        user={user} purpose='email-change' words={email}
        input={{ label: email.new, name: 'new-email', type: 'email', inputMode: 'email', autoComplete: 'email', autoCapitalize: 'none', spellCheck: false, maxLength: 254 }}
        path='/email' toSent={(typed) => typed.trim()}
        check={(address) => checkFields.email(address, words).email ?? (address.toLowerCase() === user.email ? email.same : undefined)}
        start={async (address) => await bodyOf(signed.POST('/users/me/email', { body: { email: address } }))}
        confirm={async (body) => await bodyOf(signed.POST('/users/me/email/confirm', { body }))}
      />
    </SettingsPart>
  )
}
