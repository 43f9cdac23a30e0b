import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import type { User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { chooseLocale, languageName, loadSettingsWords, type Locale, LOCALES, useSettingsWords, useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { Field, INPUT } from '../../ui/field.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { validate, focusFirstError, isSaidByFields } from '../validate.ts'
import { useAccountChange } from './use-account-change.ts'

export function ProfileForm ({ user }: { user: User }) {
  const words = useWords()
  const { profile } = useSettingsWords()
  const id = useId()
  const form = useRef<HTMLFormElement>(null)
  const [name, setName] = useState(user.name)
  const [locale, setLocale] = useState<Locale>(user.locale)
  const [error, setError] = useState<string>()

  const save = useAccountChange('profile', async () => {
    const { data: { user: saved } } = await client.api.PATCH('/users/{id}', {
      params: { path: { id: 'me' } },
      body: {
        name: name.trim(),
        locale
      }
    })
    await chooseLocale(saved.locale)
    return (await loadSettingsWords()).profile.saved
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
        error={error ?? problem?.fieldError('/name')} onChange={({ target }) => {
          setName(target.value)
          setError(undefined)
          save.clear()
        }}
      />
      <div className='grid gap-1.5'>
        <label htmlFor={id} className='text-[.9375rem] font-medium'>{words.common.language}</label>
        <select
          id={id} name='locale' className={`${INPUT} min-h-13 border-edge! text-ink!`} value={locale}
          onChange={({ target }) => { selectLocale(target.value) }}
        >
          {LOCALES.map((one) => <option key={one} value={one} lang={one}>{languageName(one)}</option>)}
        </select>
      </div>
      {problem && !isSaidByFields(problem, '/name') && <ProblemNotice problem={problem} />}
      <div>
        <Button type='submit' variant='quiet' pending={save.isPending && profile.saving} lockedUntil={save.lockedUntil}>
          {profile.save}
        </Button>
      </div>
    </form>
  )
}
