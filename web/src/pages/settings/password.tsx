import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { serverConfig } from '../../app/server-config.ts'
import { useSettingsWords, useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { NewPasswordField, PasswordField } from '../../ui/password-field.tsx'
import { validate, focusFirstError, isSaidByFields, without } from '../validate.ts'
import { focusSection, SettingsSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

const ID = 'password'

export function PasswordSection ({ user }: { user: User }) {
  const { headings } = useSettingsWords()
  const { password } = useSettingsWords()
  const [count, setCount] = useState(0)
  const done = (): void => {
    // Remounts the form: password managers take its removal as success, and no typed password stays in memory.
    setCount((count) => count + 1)
    focusSection(ID)
  }
  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={password.lead}>
      <PasswordForm key={count} user={user} onDone={done} />
    </SettingsSection>
  )
}

type Errors = Partial<Record<'current' | 'fresh' | 'again', string | undefined>>

function PasswordForm ({ user, onDone }: { user: User, onDone: () => void }) {
  const words = useWords()
  const { fields, common } = words
  const { proof } = useSettingsWords()
  const { password } = useSettingsWords()
  const form = useRef<HTMLFormElement>(null)
  const [current, setCurrent] = useState('')
  const [fresh, setFresh] = useState('')
  const [again, setAgain] = useState('')
  const [errors, setErrors] = useState<Errors>({})
  const minLength = user.isTwoFactorEnabled || serverConfig.isTwoFactorRequired ? serverConfig.passwordMin : serverConfig.passwordMinAlone

  const save = useAccountChange(ID, async () => {
    await client.api.PUT('/users/password', { body: { currentPassword: current, newPassword: fresh } })
    onDone()
    return password.done
  })
  const { problem } = save
  const isWrong = problem?.code === 'CREDENTIALS_INVALID'
  useEffect(() => { if (problem) focusFirstError(form.current) }, [problem])

  const edit = (field: keyof Errors, set: (typed: string) => void, typed: string): void => {
    set(typed)
    setErrors((errors) => without(errors, field))
    save.clear()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = {
      current: validate.password(current, words).password,
      fresh: validate.newPassword(fresh, words, minLength).password,
      again: again === '' ? common.required : again === fresh ? undefined : password.differs
    }
    setErrors(found)
    save.clear()
    if (found.current ?? found.fresh ?? found.again) focusFirstError(form.current)
    else save.run()
  }
  return (
    <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={save.isPending}>
      <Field label={fields.email} name='email' type='email' autoComplete='username' value={user.email} locked={fields.email} isCompact />
      <PasswordField
        label={password.current} name='current-password' autoComplete='current-password' required value={current}
        error={errors.current ?? (isWrong ? proof.wrong : undefined)}
        onChange={({ target }) => { edit('current', setCurrent, target.value) }}
      />
      <NewPasswordField
        label={fields.newPassword} name='new-password' required value={fresh} minLength={minLength} ownWords={[user.name, user.email]}
        error={errors.fresh ?? problem?.fieldError('/newPassword')} onChange={({ target }) => { edit('fresh', setFresh, target.value) }}
      />
      <PasswordField
        label={password.again} name='new-password-again' autoComplete='new-password' required value={again} error={errors.again}
        onChange={({ target }) => { edit('again', setAgain, target.value) }}
      />
      {problem && !isWrong && !isSaidByFields(problem, '/newPassword') && <ProblemNotice problem={problem} />}
      {save.isSlow && <Notice kind='info'>{common.slow}</Notice>}
      <div><Button type='submit' pending={save.isPending && password.saving} lockedUntil={save.lockedUntil}>{password.save}</Button></div>
    </form>
  )
}
