import { useState } from 'react'
import { Link } from 'react-router'
import { bodyOf, authenticatedApi, type User } from '../../api/client.ts'
import { useSettingsWords } from '../../i18n/settings.ts'
import { LINK } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { RecoveryCodeSheet } from './recovery-code-sheet.tsx'
import { focusSection, SettingsSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

const ID = 'recovery-codes'

export function RecoveryCodesSection ({ user }: { user: User }) {
  const { recoveryCodes, headings } = useSettingsWords()
  const [codes, setCodes] = useState<string[] | null>(null)
  const renew = useAccountChange(ID, async () => {
    setCodes((await bodyOf(authenticatedApi.POST('/users/me/recovery-codes'))).recoveryCodes)
    return recoveryCodes.renewed
  })
  const saved = (): void => {
    setCodes(null)
    focusSection(ID)
  }
  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={recoveryCodes.lead}>
      {renew.problem && <ProblemNotice problem={renew.problem} />}
      {!user.secondFactors.includes('totp')
        ? <p className='text-soft'>{recoveryCodes.none} <Link to='#authenticator' className={LINK}>{recoveryCodes.setUp}</Link></p>
        : codes !== null
          ? <RecoveryCodeSheet codes={codes} email={user.email} onSaved={saved} />
          : (
            <div>
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
