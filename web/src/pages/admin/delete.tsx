import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useAdminWords, useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogHeading } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { SettingsSection } from '../settings/section.tsx'
import { useAccountChange } from '../settings/use-account-change.ts'
import { focusFirstError } from '../validate.ts'
import { type AdminUser, deleteAccount } from './api.ts'

export function DeleteSection ({ user: { id, email } }: { user: AdminUser }) {
  const { remove, account } = useAdminWords()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [isAsking, setAsking] = useState(false)
  const close = (): void => { setAsking(false) }
  const deletion = useAccountChange('admin-delete', async () => {
    await deleteAccount(id, queries)
    await navigate('/admin')
    return remove.done
  })
  return (
    <SettingsSection id='delete' heading={remove.heading} lead={remove.lead}>
      {deletion.problem && <ProblemNotice problem={deletion.problem} />}
      <div>
        <Button
          variant='danger' pending={deletion.isPending && account.working} lockedUntil={deletion.lockedUntil}
          onClick={() => { setAsking(true) }}
        >
          {remove.button}
        </Button>
      </div>
      {isAsking && (
        <Dialog role='alertdialog' onClose={close}>
          <DeleteForm
            email={email} onCancel={close} onConfirm={() => {
              close()
              deletion.run()
            }}
          />
        </Dialog>
      )}
    </SettingsSection>
  )
}

function DeleteForm ({ email, onConfirm, onCancel }: { email: string, onConfirm: () => void, onCancel: () => void }) {
  const { remove } = useAdminWords()
  const { common } = useWords()
  const form = useRef<HTMLFormElement>(null)
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const isRight = typed.trim().toLowerCase() === email.toLowerCase()
    setWrong(!isRight)
    if (isRight) onConfirm()
    else focusFirstError(form.current)
  }
  return (
    <form ref={form} className='grid gap-5' noValidate onSubmit={submit}>
      <DialogHeading title={remove.title} lead={remove.lead} />
      <Field
        label={remove.type({ address: email })} name='address' autoComplete='off' autoCapitalize='none' spellCheck={false}
        enterKeyHint='done' value={typed} error={isWrong ? remove.differs : undefined} onChange={({ target }) => {
          setTyped(target.value)
          setWrong(false)
        }}
      />
      <div className='flex flex-wrap justify-end gap-3'>
        <Button variant='quiet' onClick={onCancel}>{common.cancel}</Button>
        <Button type='submit' variant='danger'>{remove.confirm}</Button>
      </div>
    </form>
  )
}
