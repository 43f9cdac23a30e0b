import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { useSettingsWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { DeleteAccount } from './delete-account.tsx'
import { Subsection } from './subsection.tsx'
import { SettingsSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

const ID = 'data'

export function DataSection ({ user }: { user: User }) {
  const { headings } = useSettingsWords()
  const { data } = useSettingsWords()
  const collect = useAccountChange('export', async () => {
    const { data: all } = await client.api.GET('/users/me/export')
    saveFile('account.json', 'application/json', JSON.stringify(all, null, 2))
    return data.exported
  })
  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={data.lead}>
      <Subsection heading={data.exportHeading} lead={data.exportLead}>
        {collect.problem && <ProblemNotice problem={collect.problem} />}
        <div>
          <Button
            variant='quiet' pending={collect.isPending && data.exporting} lockedUntil={collect.lockedUntil}
            onClick={() => { collect.run() }}
          >
            {data.export}
          </Button>
        </div>
      </Subsection>
      <Subsection heading={data.deleteHeading} lead={data.deleteLead}>
        {user.role === 'admin' ? <Notice kind='info'>{data.deleteAdmin}</Notice> : <DeleteAccount user={user} />}
      </Subsection>
    </SettingsSection>
  )
}
