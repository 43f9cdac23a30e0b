import { type FormEvent, useEffect, useRef, useState } from 'react'
import { bodyOf, authenticatedApi, type User } from '../../api/client.ts'
import { serverConfig } from '../../app/server-config.ts'
import { useWords } from '../../i18n/index.ts'
import { useProfileWords } from '../../i18n/profile.ts'
import { useSettingsWords } from '../../i18n/settings.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { NewPasswordField, PasswordField } from '../../ui/password-field.tsx'
import { validate, focusFirstError } from '../validate.ts'
import { focusSection, SettingsSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

const ID = 'password'

export function PasswordSection ({ user }: { user: User }) {
  const { headings } = useSettingsWords()
  const { password } = useProfileWords()
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
  const { password } = useProfileWords()
  const form = useRef<HTMLFormElement>(null)
  const [current, setCurrent] = useState('')
  const [fresh, setFresh] = useState('')
  const [again, setAgain] = useState('')
  const [errors, setErrors] = useState<Errors>({})
  const minLength = user.isTwoFactorEnabled || serverConfig.isTwoFactorRequired ? serverConfig.passwordMin : serverConfig.passwordMinAlone

  const save = useAccountChange(ID, async () => {
    await bodyOf(authenticatedApi.PUT('/users/password', { body: { currentPassword: current, newPassword: fresh } }))
    onDone()
    return password.done
  })
  const { problem } = save
  const isWrong = problem?.code === 'CREDENTIALS_INVALID'
  useEffect(() => { if (problem) focusFirstError(form.current) }, [problem])

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
        error={errors.current ?? (isWrong ? proof.wrong : undefined)} onChange={({ target }) => { setCurrent(target.value) }}
      />
      <NewPasswordField
        label={fields.newPassword} name='new-password' required value={fresh} minLength={minLength} ownWords={[user.name, user.email]}
        error={errors.fresh ?? problem?.fieldError('/newPassword')} onChange={({ target }) => { setFresh(target.value) }}
      />
      <PasswordField
        label={password.again} name='new-password-again' autoComplete='new-password' required value={again} error={errors.again}
        onChange={({ target }) => { setAgain(target.value) }}
      />
      {problem && !isWrong && <ProblemNotice problem={problem} />}
      {save.isSlow && <Notice kind='info'>{common.slow}</Notice>}
      <div><Button type='submit' pending={save.isPending && password.saving} lockedUntil={save.lockedUntil}>{password.save}</Button></div>
    </form>
  )
}
