import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { bodyOf, authenticatedApi, type User } from '../../api/client.ts'
import { chooseLocale, LANGUAGES, type Locale, LOCALES, useWords } from '../../i18n/index.ts'
import { loadProfileWords, useProfileWords } from '../../i18n/profile.ts'
import { updateUser } from '../../session/session.ts'
import { Button } from '../../ui/button.tsx'
import { Field, INPUT } from '../../ui/field.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { validate, focusFirstError } from '../validate.ts'
import { useAccountChange } from './use-account-change.ts'

export function ProfileForm ({ user }: { user: User }) {
  const words = useWords()
  const { profile } = useProfileWords()
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const [name, setName] = useState(user.name)
  const [locale, setLocale] = useState<Locale>(user.locale)
  const [error, setError] = useState<string>()

  const save = useAccountChange('profile', async () => {
    const { user: saved } = await bodyOf(authenticatedApi.PATCH('/users/{id}', {
      params: { path: { id: 'me' } },
      body: {
        name: name.trim(),
        locale
      }
    }))
    updateUser(saved)
    await chooseLocale(saved.locale)
    return (await loadProfileWords()).profile.saved
  })
  const { problem } = save
  useEffect(() => { if (problem) focusFirstError(form.current) }, [problem])
  // Another tab or the language switch may change these.
  useEffect(() => { setName(user.name) }, [user.name])
  useEffect(() => { setLocale(user.locale) }, [user.locale])

  const selectLocale = (value: string): void => { setLocale(LOCALES.find((one) => one === value) ?? locale) }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const found = validate.name(name, words).name
    setError(found)
    save.clear()
    if (found === undefined) save.run()
    else focusFirstError(form.current)
  }
  return (
    <form ref={form} className='grid gap-5' noValidate onSubmit={submit} aria-busy={save.isPending}>
      <Field
        label={words.fields.name} name='name' autoComplete='name' maxLength={100} required value={name}
        error={error ?? problem?.fieldError('/name')} onChange={({ target }) => { setName(target.value) }}
      />
      <div className='grid gap-1.5'>
        <label htmlFor={id} className='text-[.9375rem] font-medium'>{words.common.language}</label>
        <select
          id={id} name='locale' className={`${INPUT} min-h-13 border-edge! text-ink!`} value={locale}
          onChange={({ target }) => { selectLocale(target.value) }}
        >
          {LOCALES.map((one) => <option key={one} value={one} lang={one}>{LANGUAGES[one]}</option>)}
        </select>
      </div>
      {problem && <ProblemNotice problem={problem} />}
      <div>
        <Button type='submit' variant='quiet' pending={save.isPending && profile.saving} lockedUntil={save.lockedUntil}>
          {profile.save}
        </Button>
      </div>
    </form>
  )
}
