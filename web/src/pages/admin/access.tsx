import { type FormEvent, useState } from 'react'
import { client } from '../../client.ts'
import { useAdminWords, useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmButton, Dialog, DialogHeading } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { focusSection, SettingsSection } from '../settings/section.tsx'
import { Subsection } from '../settings/subsection.tsx'
import { useAccountChange } from '../settings/use-account-change.ts'
import { type AdminUser, changeAccount } from './api.ts'

const ID = 'access'

/** Who may come in: disable and enable, sign out everywhere. */
export function AccessSection ({ user }: { user: AdminUser }) {
  const { access } = useAdminWords()
  return (
    <SettingsSection id={ID} heading={access.heading}>
      {user.status === 'disabled' ? <Enable user={user} /> : <Disable user={user} />}
      <SignOut user={user} />
    </SettingsSection>
  )
}

function Enable ({ user: { id } }: { user: AdminUser }) {
  const { access, account } = useAdminWords()
  const enable = useAccountChange('admin-enable', async () => {
    await changeAccount(id, { status: 'active' })
    focusSection(ID)
    return access.enabled
  })
  return (
    <Subsection heading={access.enableHeading} lead={access.enableLead}>
      {enable.problem && <ProblemNotice problem={enable.problem} />}
      <div>
        <Button
          variant='quiet' pending={enable.isPending && account.working} lockedUntil={enable.lockedUntil} onClick={() => { enable.run() }}
        >
          {access.enable}
        </Button>
      </div>
    </Subsection>
  )
}

function Disable ({ user: { id } }: { user: AdminUser }) {
  const { access, account } = useAdminWords()
  const [isAsking, setAsking] = useState(false)
  const close = (): void => { setAsking(false) }
  const disable = useAccountChange('admin-disable', async (reason: string) => {
    await changeAccount(id, { status: 'disabled', ...reason === '' ? {} : { reason } })
    focusSection(ID)
    return access.disabled
  })
  return (
    <Subsection heading={access.disableHeading} lead={access.disableLead}>
      {disable.problem && <ProblemNotice problem={disable.problem} />}
      <div>
        <Button
          variant='danger' pending={disable.isPending && account.working} lockedUntil={disable.lockedUntil}
          onClick={() => { setAsking(true) }}
        >
          {access.disable}
        </Button>
      </div>
      {isAsking && (
        <Dialog role='alertdialog' onClose={close}>
          <DisableForm
            onCancel={close} onConfirm={(reason) => {
              close()
              disable.run(reason)
            }}
          />
        </Dialog>
      )}
    </Subsection>
  )
}

function DisableForm ({ onConfirm, onCancel }: { onConfirm: (reason: string) => void, onCancel: () => void }) {
  const { access } = useAdminWords()
  const { common } = useWords()
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onConfirm(reason.trim())
  }
  return (
    <form className='grid gap-5' noValidate onSubmit={submit}>
      <DialogHeading title={access.disableTitle} lead={access.disableLead} />
      <Field
        label={access.reason} name='reason' autoComplete='off' maxLength={200} enterKeyHint='done' value={reason} hint={access.reasonHint}
        onChange={({ target }) => { setReason(target.value) }}
      />
      <div className='flex flex-wrap justify-end gap-3'>
        <Button variant='quiet' onClick={onCancel}>{common.cancel}</Button>
        <Button type='submit' variant='danger'>{access.disable}</Button>
      </div>
    </form>
  )
}

function SignOut ({ user: { id } }: { user: AdminUser }) {
  const { access, account } = useAdminWords()
  const signOut = useAccountChange('admin-sign-out', async () => {
    await client.api.POST('/admin/users/{id}/logout', { params: { path: { id } } })
    return access.signedOut
  })
  return (
    <Subsection heading={access.signOutHeading} lead={access.signOutLead}>
      {signOut.problem && <ProblemNotice problem={signOut.problem} />}
      <div>
        <ConfirmButton
          pending={signOut.isPending && account.working} lockedUntil={signOut.lockedUntil} title={access.signOutTitle}
          lead={access.signOutLead} confirm={access.signOut} onConfirm={() => { signOut.run() }}
        >
          {access.signOut}
        </ConfirmButton>
      </div>
    </Subsection>
  )
}
