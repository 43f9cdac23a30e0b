import type { User } from '../../api/client.ts'
import { bodyOf, signed } from '../../api/client.ts'
import { useProfileWords } from '../../i18n/profile.ts'
import { useSettingsWords } from '../../i18n/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { DeleteAccount } from './delete-account.tsx'
import { SettingsPart } from './part.tsx'
import { SettingsSection } from './section.tsx'
import { useChange } from './use-change.ts'

const ID = 'data'

export function DataSection ({ user }: { user: User }) {
  const { headings } = useSettingsWords()
  const { data } = useProfileWords()
  const collect = useChange('export', async () => {
    const all = await bodyOf(signed.GET('/users/me/export'))
    saveFile('dvokrok-account.json', 'application/json', JSON.stringify(all, null, 2))
    return data.exported
  })
  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={data.lead}>
      <SettingsPart heading={data.exportHeading} lead={data.exportLead}>
        {collect.problem && <ProblemNotice problem={collect.problem} />}
        <div><Button look='quiet' pending={collect.isPending && data.exporting} lockedUntil={collect.lockedUntil} onClick={() => { collect.run() }}>{data.export}</Button></div>
      </SettingsPart>
      <SettingsPart heading={data.deleteHeading} lead={data.deleteLead}>
        {user.role === 'admin' ? <Notice kind='info'>{data.deleteAdmin}</Notice> : <DeleteAccount user={user} />}
      </SettingsPart>
    </SettingsSection>
  )
}
