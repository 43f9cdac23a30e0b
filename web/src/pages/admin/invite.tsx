import { type FormEvent, useEffect, useRef, useState } from 'react'
import { client } from '../../client.ts'
import { currentLocale, languageName, LOCALES, useAdminWords, useWords } from '../../i18n/index.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Dialog, DialogHeading } from '../../ui/dialog.tsx'
import { EmailField } from '../../ui/email-field.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { useAccountChange } from '../settings/use-account-change.ts'
import { type FieldErrors, focusFirstError, isSaidByFields, validate } from '../validate.ts'
import { RoleBoxes } from './role-boxes.tsx'
import { Select } from './select.tsx'

/** `onTaken`: shows the account that has the address already. */
export function Invite ({ onTaken }: { onTaken: (email: string) => void }) {
  const { invite } = useAdminWords()
  const [isOpen, setOpen] = useState(false)
  const close = (): void => { setOpen(false) }
  return (
    <>
      <Button className='min-h-13!' variant='quiet' onClick={() => { setOpen(true) }}>{invite.open}</Button>
      {isOpen && <Dialog onClose={close}><InviteForm onSent={close} onTaken={onTaken} /></Dialog>}
    </>
  )
}

function InviteForm ({ onSent, onTaken }: { onSent: () => void, onTaken: (email: string) => void }) {
  const words = useWords()
  const { invite } = useAdminWords()
  const form = useRef<HTMLFormElement>(null)
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [locale, setLocale] = useState(currentLocale)
  const [roles, setRoles] = useState<string[]>([])
  const [errors, setErrors] = useState<FieldErrors>({})

  const sending = useAccountChange('admin-invite', async () => {
    const wanted = { email: email.trim(), locale, roles, ...name.trim() === '' ? {} : { name: name.trim() } }
    await client.api.POST('/admin/users', { body: wanted })
    onSent()
    return invite.sent({ email: wanted.email })
  })
  const { problem } = sending
  const isTaken = problem?.code === 'CONFLICT'
  useEffect(() => { if (problem) focusFirstError(form.current) }, [problem])

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = validate.email(email, words)
    setErrors(found)
    sending.clear()
    if (Object.keys(found).length > 0) focusFirstError(form.current)
    else sending.run()
  }
  return (
    <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={sending.isPending}>
      <DialogHeading title={invite.title} lead={invite.lead} />
      <EmailField
        value={email} autoComplete='off' error={errors.email ?? (isTaken ? invite.taken : problem?.fieldError('/email'))}
        onType={(typed) => {
          setEmail(typed)
          setErrors({})
          sending.clear()
        }}
      />
      {isTaken && (
        <p>
          <LinkButton
            onClick={() => {
              onSent()
              onTaken(email.trim())
            }}
          >
            {invite.show}
          </LinkButton>
        </p>
      )}
      <Field
        label={invite.name} name='name' autoComplete='off' maxLength={100} value={name} error={problem?.fieldError('/name')}
        onChange={({ target }) => { setName(target.value) }}
      />
      <Select
        label={invite.language} name='locale' value={locale} options={LOCALES.map((one) => [one, languageName(one)])} onChoose={setLocale}
      />
      <RoleBoxes roles={roles} onChange={setRoles} />
      {problem && !isTaken && !isSaidByFields(problem, '/email', '/name') && <ProblemNotice problem={problem} />}
      <Button type='submit' pending={sending.isPending && invite.sending} lockedUntil={sending.lockedUntil}>{invite.send}</Button>
    </form>
  )
}
