import { type FormEvent, useRef, useState } from 'react'
import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { useSettingsWords, useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogHeading } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { useAction } from '../../ui/use-action.ts'
import { focusFirstError } from '../validate.ts'
import { tellAccepted } from './passkey-store.ts'
import { useReauthentication } from './reauthentication.tsx'

export function DeleteAccount ({ user }: { user: User }) {
  const { data } = useSettingsWords()
  const withReauthentication = useReauthentication()
  const [isAsking, setAsking] = useState(false)
  const action = useAction('delete-account', async () => {
    await withReauthentication(async () => await client.api.DELETE('/users/{id}', { params: { path: { id: 'me' } } }))
    tellAccepted(user, [])
  })
  return (
    <>
      {action.problem && <ProblemNotice problem={action.problem} />}
      <div>
        <Button
          variant='danger' pending={action.isPending && data.deleting} lockedUntil={action.lockedUntil} onClick={() => { setAsking(true) }}
        >
          {data.delete}
        </Button>
      </div>
      {isAsking && (
        <DeleteDialog
          email={user.email} onClose={() => { setAsking(false) }}
          onConfirm={() => {
            setAsking(false)
            action.run()
          }}
        />
      )}
    </>
  )
}

/** Requires typing the address, so that no stray click deletes an account. */
function DeleteDialog ({ email, onConfirm, onClose }: { email: string, onConfirm: () => void, onClose: () => void }) {
  const { common, fields } = useWords()
  const { data } = useSettingsWords()
  const form = useRef<HTMLFormElement>(null)
  const [typed, setTyped] = useState('')
  const [isWrong, setWrong] = useState(false)

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const differs = typed.trim().toLowerCase() !== email
    setWrong(differs)
    if (differs) focusFirstError(form.current)
    else onConfirm()
  }
  return (
    <Dialog role='alertdialog' onClose={onClose}>
      <DialogHeading title={data.deleteTitle} lead={data.deleteConsequence} />
      <form ref={form} className='grid gap-5' noValidate onSubmit={submit}>
        <Field
          label={fields.email} hint={data.deleteType({ address: email })}
          name='address' type='email' autoComplete='off' autoCapitalize='none'
          spellCheck={false} required value={typed} error={isWrong ? data.deleteDiffers : undefined}
          onChange={({ target }) => { setTyped(target.value) }}
        />
        <div className='flex flex-wrap justify-end gap-3'>
          <Button variant='quiet' onClick={onClose}>{common.cancel}</Button>
          <Button type='submit' variant='danger'>{data.deleteForGood}</Button>
        </div>
      </form>
    </Dialog>
  )
}
