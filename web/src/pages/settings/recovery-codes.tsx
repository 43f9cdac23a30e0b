import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'react-router'
import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { useSettingsWords } from '../../i18n/index.ts'
import { LINK } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { RecoveryCodeSheet } from './recovery-code-sheet.tsx'
import { QueryResult } from './query-result.tsx'
import { focusSection, SettingsSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

const ID = 'recovery-codes'

export function RecoveryCodesSection ({ user }: { user: User }) {
  const { recoveryCodes, headings } = useSettingsWords()
  const [codes, setCodes] = useState<string[] | null>(null)
  const hasThem = user.secondFactors.includes('totp') || user.secondFactors.includes('passkey')
  const left = useQuery({
    queryKey: [ID], queryFn: async () => (await client.api.GET('/users/me/recovery-codes')).data.left, enabled: hasThem
  })
  const renew = useAccountChange(ID, async () => {
    setCodes((await client.api.POST('/users/me/recovery-codes')).data.recoveryCodes)
    return recoveryCodes.renewed
  })
  const saved = (): void => {
    setCodes(null)
    focusSection(ID)
  }
  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={recoveryCodes.lead}>
      {renew.problem && <ProblemNotice problem={renew.problem} />}
      {!hasThem
        ? <p className='text-soft'>{recoveryCodes.none} <Link to='#authenticator' className={LINK}>{recoveryCodes.setUp}</Link></p>
        : codes !== null
          ? <RecoveryCodeSheet codes={codes} email={user.email} onSaved={saved} />
          : (
            <div className='grid justify-items-start gap-3'>
              <QueryResult query={left}>{(left) => <p>{recoveryCodes.left({ left })}</p>}</QueryResult>
              <ConfirmButton
                pending={renew.isPending && recoveryCodes.renewing} lockedUntil={renew.lockedUntil} title={recoveryCodes.renewTitle}
                lead={recoveryCodes.renewLead} confirm={recoveryCodes.renew} onConfirm={() => { renew.run() }}
              >
                {recoveryCodes.renew}
              </ConfirmButton>
            </div>
            )}
    </SettingsSection>
  )
}
