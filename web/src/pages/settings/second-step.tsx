import { Link } from 'react-router'
import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { fetchMe } from '../../app/me.ts'
import { serverConfig } from '../../app/server-config.ts'
import type { ApiProblem } from '@dvokrok/client'
import { useSettingsWords } from '../../i18n/index.ts'
import { forgetAttempt, keepAttempt } from '../../session/attempt.ts'
import { LINK } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { SettingsSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

const patch = async (body: { isTwoFactorEnabled: boolean } | { isEmailCodeEnabled: boolean }) =>
  (await client.api.PATCH('/users/{id}', { params: { path: { id: 'me' } }, body })).data

async function switchOn (): Promise<void> {
  const { user, challenge } = await patch({ isTwoFactorEnabled: true })
  // This ends a session without second step; the login then continues with this code and returns here.
  if (challenge) keepAttempt({ purpose: 'login', pendingToken: challenge.pendingToken, email: user.email })
  await fetchMe()
  forgetAttempt()
}

export function SecondStepSection ({ user }: { user: User }) {
  const { secondStep, headings } = useSettingsWords()
  const { isTwoFactorEnabled: isOn, secondFactors } = user
  const hasBetter = secondFactors.includes('totp') || secondFactors.includes('passkey')

  const change = useAccountChange('second-step', async () => {
    if (!isOn) {
      await switchOn()
      return secondStep.onDone
    }
    await patch({ isTwoFactorEnabled: false })
    return secondStep.offDone
  })
  const required = serverConfig.isTwoFactorRequired ? secondStep.required : user.role === 'admin' ? secondStep.requiredForAdmin : null

  return (
    <SettingsSection id='second-step' heading={headings['second-step']} lead={secondStep.lead}>
      <p className={`font-medium ${isOn ? 'text-good' : 'text-warn'}`}>{isOn ? secondStep.isOn : secondStep.isOff}</p>
      {!hasBetter && (
        <Notice kind='info'>
          <p>{secondStep.basic}</p>
          <p className='mt-1'><Link to='#authenticator' className={LINK}>{secondStep.recommend}</Link></p>
        </Notice>
      )}
      {change.problem && <SwitchProblem problem={change.problem} />}
      {isOn && required !== null && <p className='text-soft'>{required}</p>}
      {(!isOn || required === null) && (
        <div>
          <ConfirmButton
            variant={isOn ? 'danger' : 'quiet'} pending={change.isPending && (isOn ? secondStep.switchingOff : secondStep.switchingOn)}
            lockedUntil={change.lockedUntil} title={isOn ? secondStep.offTitle : secondStep.onTitle}
            lead={isOn ? secondStep.offLead : secondStep.onLead} confirm={isOn ? secondStep.switchOff : secondStep.switchOn}
            onConfirm={() => { change.run() }}
          >
            {isOn ? secondStep.switchOff : secondStep.switchOn}
          </ConfirmButton>
        </div>
      )}
      {hasBetter && <EmailCode isOn={secondFactors.includes('email')} />}
    </SettingsSection>
  )
}

function SwitchProblem ({ problem }: { problem: ApiProblem }) {
  const { secondStep } = useSettingsWords()
  if (problem.code === 'FORBIDDEN') return <Notice kind='bad' title={secondStep.forbidden}>{secondStep.forbiddenNext}</Notice>
  if (problem.code !== 'PASSWORD_WEAK') return <ProblemNotice problem={problem} />
  return (
    <Notice kind='bad' title={secondStep.short}>
      <p>{secondStep.shortNext}</p>
      <p className='mt-1'><Link to='#password' className={LINK}>{secondStep.changePassword}</Link></p>
    </Notice>
  )
}

/** With an authenticator or passkeys, the code by e-mail is optional. */
function EmailCode ({ isOn }: { isOn: boolean }) {
  const { secondStep } = useSettingsWords()
  const change = useAccountChange('email-code', async () => {
    await patch({ isEmailCodeEnabled: !isOn })
    return isOn ? secondStep.emailOffDone : secondStep.emailOnDone
  })
  const says = isOn ? secondStep.emailSwitchOff : secondStep.emailSwitchOn
  return (
    <div className='grid justify-items-start gap-3 border-t border-line pt-5'>
      <div>
        <h3 className='font-semibold'>{secondStep.emailHeading}</h3>
        <p className='text-soft'>{isOn ? secondStep.emailOn : secondStep.emailOff}</p>
      </div>
      {change.problem && (change.problem.code === 'CONFLICT'
        ? <Notice kind='bad' title={secondStep.emailNeeds}>{secondStep.emailNeedsNext}</Notice>
        : <ProblemNotice problem={change.problem} />)}
      <ConfirmButton
        pending={change.isPending && (isOn ? secondStep.switchingOff : secondStep.switchingOn)} lockedUntil={change.lockedUntil}
        title={isOn ? secondStep.emailOffTitle : secondStep.emailOnTitle} lead={isOn ? secondStep.emailOffLead : secondStep.emailOnLead}
        confirm={says} onConfirm={() => { change.run() }}
      >
        {says}
      </ConfirmButton>
    </div>
  )
}
