import type { User } from '../../api/client.ts'
import { facts } from '../../app/facts.ts'
import { useProfileWords } from '../../i18n/profile.ts'
import { useSettingsWords } from '../../i18n/settings.ts'
import { EmailPart } from './email.tsx'
import { PhonePart } from './phone.tsx'
import { ProfileForm } from './profile-form.tsx'
import { SettingsSection } from './section.tsx'

export function ProfileSection ({ user }: { user: User }) {
  const { headings } = useSettingsWords()
  const { profile } = useProfileWords()
  return (
    <SettingsSection id='profile' heading={headings.profile} lead={profile.lead}>
      <ProfileForm user={user} />
      <EmailPart user={user} />
      {(facts.isSmsOffered || user.secondFactors.includes('sms')) && <PhonePart user={user} />}
    </SettingsSection>
  )
}
