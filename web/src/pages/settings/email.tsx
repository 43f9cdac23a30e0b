import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { useSettingsWords, useWords } from '../../i18n/index.ts'
import { validate } from '../validate.ts'
import { ChangeDestination } from './change-destination.tsx'
import { Subsection } from './subsection.tsx'

const EMAIL_INPUT = { type: 'email', inputMode: 'email', autoCapitalize: 'none', spellCheck: false, maxLength: 254 } as const

export function EmailSubsection ({ user }: { user: User }) {
  const words = useWords()
  const { email } = useSettingsWords()
  return (
    <Subsection heading={email.heading} lead={email.now({ address: user.email })}>
      <ChangeDestination
        user={user} purpose='email-change' words={email}
        input={{ label: email.new, name: 'new-email', autoComplete: 'email', ...EMAIL_INPUT }}
        path='/email' toSent={(typed) => typed.trim()}
        check={(address) => validate.email(address, words).email ?? (address.toLowerCase() === user.email ? email.same : undefined)}
        start={async (address) => (await client.api.POST('/users/me/email', { body: { email: address } })).data}
        confirm={async (body) => { await client.api.POST('/users/me/email/confirm', { body }) }}
      />
    </Subsection>
  )
}
