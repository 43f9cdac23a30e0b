import type { User } from '@dvokrok/client'
import { serverConfig } from '../../app/server-config.ts'
import { useSettingsWords } from '../../i18n/index.ts'
import { EmailSubsection } from './email.tsx'
import { PhoneSubsection } from './phone.tsx'
import { ProfileForm } from './profile-form.tsx'
import { SettingsSection } from './section.tsx'

export function ProfileSection ({ user }: { user: User }) {
  const { headings } = useSettingsWords()
  const { profile } = useSettingsWords()
  return (
    <SettingsSection id='profile' heading={headings.profile} lead={profile.lead}>
      <ProfileForm user={user} />
      <EmailSubsection user={user} />
      {(serverConfig.isSmsOffered || user.secondFactors.includes('sms')) && <PhoneSubsection user={user} />}
    </SettingsSection>
  )
}
