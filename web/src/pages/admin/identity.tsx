import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useAdminWords, useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { SettingsSection } from '../settings/section.tsx'
import { useAccountChange } from '../settings/use-account-change.ts'
import { type FieldErrors, focusFirstError, isSaidByFields, validate } from '../validate.ts'
import { type AdminUser, changeAccount } from './api.ts'

/** Name and address. Whose address waits for its proof may keep the present one. */
export function IdentitySection ({ user }: { user: AdminUser }) {
  const words = useWords()
  const { identity, facts, account } = useAdminWords()
  const form = useRef<HTMLFormElement>(null)
  const [name, setName] = useState(user.name)
  const [email, setEmail] = useState(user.email)
  const [errors, setErrors] = useState<FieldErrors>({})
  const isInvited = user.status === 'invited'

  const save = useAccountChange('admin-identity', async () => {
    const typed = email.trim()
    const isNew = typed !== user.email
    await changeAccount(user.id, { name: name.trim(), ...isNew ? { email: typed } : {} })
    setEmail(user.email)
    return isNew ? identity.sent({ email: typed }) : account.saved
  })
  const keep = useAccountChange('admin-keep-email', async () => {
    await changeAccount(user.id, { email: user.email })
    return identity.kept
  })
  const { problem } = save
  const isTaken = problem?.code === 'CONFLICT'
  useEffect(() => { if (problem) focusFirstError(form.current) }, [problem])
  useEffect(() => { setName(user.name) }, [user.name])
  useEffect(() => { setEmail(user.email) }, [user.email])

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = { ...validate.name(name, words), ...validate.email(email, words) }
    setErrors(found)
    save.clear()
    if (Object.keys(found).length > 0) focusFirstError(form.current)
    else save.run()
  }
  return (
    <SettingsSection id='identity' heading={identity.heading} lead={isInvited ? undefined : identity.lead}>
      {user.newEmail && (
        <Notice kind='info'>
          <p>{facts.newEmail}: {user.newEmail.email}</p>
          {keep.problem && <ProblemNotice problem={keep.problem} />}
          <Button
            variant='quiet' className='mt-2' pending={keep.isPending && account.working} lockedUntil={keep.lockedUntil}
            onClick={() => { keep.run() }}
          >
            {identity.keep}
          </Button>
        </Notice>
      )}
      <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={save.isPending}>
        <Field
          label={identity.name} name='name' autoComplete='off' maxLength={100} required value={name}
          error={errors.name ?? problem?.fieldError('/name')} onChange={({ target }) => {
            setName(target.value)
            setErrors({})
            save.clear()
          }}
        />
        {!isInvited && (
          <Field
            label={facts.email} name='email' type='email' inputMode='email' autoComplete='off' autoCapitalize='none' spellCheck={false}
            maxLength={254} required value={email} error={errors.email ?? (isTaken ? identity.taken : problem?.fieldError('/email'))}
            onChange={({ target }) => {
              setEmail(target.value)
              setErrors({})
              save.clear()
            }}
          />
        )}
        {problem && !isTaken && !isSaidByFields(problem, '/name', '/email') && <ProblemNotice problem={problem} />}
        <div>
          <Button type='submit' variant='quiet' pending={save.isPending && account.saving} lockedUntil={save.lockedUntil}>
            {account.save}
          </Button>
        </div>
      </form>
    </SettingsSection>
  )
}
