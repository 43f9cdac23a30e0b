import { useState } from 'react'
import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { ApiProblem } from '@dvokrok/client'
import { useSettingsWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { useAction } from '../../ui/use-action.ts'
import { type SetUp, AuthenticatorSetUp } from './authenticator-set-up.tsx'
import { useReauthentication } from './reauthentication.tsx'
import { RecoveryCodeSheet } from './recovery-code-sheet.tsx'
import { focusSection, SettingsSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

const ID = 'authenticator'

type Stage = { now: 'rest' } | { now: 'set-up', setUp: SetUp } | { now: 'over' } | { now: 'codes', codes: string[] }

/** Set-up, first code, recovery codes, and removal. */
export function AuthenticatorSection ({ user }: { user: User }) {
  const { authenticator, headings } = useSettingsWords()
  const withReauthentication = useReauthentication()
  const isOn = user.secondFactors.includes('totp')
  const [stage, setStage] = useState<Stage>({ now: 'rest' })

  const start = useAction('totp-start', async () => {
    confirm.clear()
    setStage({ now: 'set-up', setUp: await withReauthentication(async () => (await client.api.POST('/users/me/totp')).data) })
  })
  const confirm = useAccountChange('totp-confirm', async (otp: string) => {
    try {
      setStage({ now: 'codes', codes: (await client.api.POST('/users/me/totp/confirm', { body: { otp } })).data.recoveryCodes })
    } catch (error) {
      if (error instanceof ApiProblem && (error.code === 'CHALLENGE_INVALID' || error.details.attemptsLeft === 0)) setStage({ now: 'over' })
      throw error
    }
    return authenticator.done
  })
  const remove = useAccountChange('totp-remove', async () => {
    await client.api.DELETE('/users/me/totp')
    focusSection(ID)
    return authenticator.removed
  })
  const problem = start.problem ?? remove.problem
  const leave = (): void => {
    setStage({ now: 'rest' })
    focusSection(ID)
  }

  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={authenticator.lead}>
      {stage.now === 'codes' && <RecoveryCodeSheet codes={stage.codes} email={user.email} onSaved={leave} />}
      {stage.now === 'set-up' && <AuthenticatorSetUp setUp={stage.setUp} confirm={confirm} onCancel={leave} />}
      {stage.now === 'over' && <Notice kind='bad' title={authenticator.over}>{authenticator.overNext}</Notice>}
      {problem && <ProblemNotice problem={problem} />}
      {(stage.now === 'rest' || stage.now === 'over') && (
        <>
          {isOn && <p className='font-medium text-good'>{authenticator.isOn}</p>}
          <div className='flex flex-wrap gap-3'>
            <Button
              variant='quiet' pending={start.isPending && authenticator.starting} lockedUntil={start.lockedUntil}
              onClick={() => { start.run() }}
            >
              {isOn ? authenticator.replace : authenticator.setUp}
            </Button>
            {isOn && (
              <ConfirmButton
                variant='danger' pending={remove.isPending && authenticator.removing} lockedUntil={remove.lockedUntil}
                title={authenticator.removeTitle} lead={authenticator.removeLead} confirm={authenticator.remove}
                onConfirm={() => { remove.run() }}
              >
                {authenticator.remove}
              </ConfirmButton>
            )}
          </div>
        </>
      )}
    </SettingsSection>
  )
}
