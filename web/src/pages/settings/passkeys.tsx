import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { Passkey, User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { useSettingsWords } from '../../i18n/index.ts'
import { hasPasskeys } from '../../session/passkeys.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { PasskeyItem } from './passkey-item.tsx'
import { tellAccepted, tellName } from './passkey-store.ts'
import { QueryResult } from './query-result.tsx'
import { SettingsSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

const ID = 'passkeys'

export function PasskeysSection ({ user }: { user: User }) {
  const { passkeys, headings } = useSettingsWords()
  // Not when the window regains the focus: the browser's prompt has just made a passkey then, and the server does not know it yet.
  const query = useQuery({ queryKey: [ID], queryFn: client.passkeys.list, refetchOnWindowFocus: false })
  const { data, isFetchedAfterMount } = query
  const isTold = useRef(false)
  useEffect(() => {
    if (!data || !isFetchedAfterMount || isTold.current) return
    isTold.current = true
    tellAccepted(user, data.map(({ id }) => id))
  }, [data, isFetchedAfterMount, user])
  const { name, email } = user
  useEffect(() => { tellName(user) }, [name, email])
  return (
    <SettingsSection id={ID} heading={headings[ID]} lead={passkeys.lead}>
      <QueryResult query={query}>{(items) => <PasskeyList user={user} items={items} />}</QueryResult>
      {hasPasskeys ? <AddPasskey /> : <p className='text-soft'>{passkeys.unsupported}</p>}
    </SettingsSection>
  )
}

function PasskeyList ({ user, items }: { user: User, items: Passkey[] }) {
  const { passkeys } = useSettingsWords()
  if (items.length === 0) return <p className='text-soft'>{passkeys.none}</p>
  return (
    <ul className='divide-y divide-line rounded-2xl border border-line'>
      {items.map((one) => <PasskeyItem key={one.id} user={user} {...one} />)}
    </ul>
  )
}

function AddPasskey () {
  const { passkeys } = useSettingsWords()
  const [name, setName] = useState('')
  const add = useAccountChange('passkey-add', async () => {
    await client.passkeys.add(name.trim() === '' ? {} : { name: name.trim() })
    setName('')
    return passkeys.added
  })
  const { problem } = add
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    add.run()
  }
  return (
    <form className='grid gap-4' noValidate onSubmit={submit} aria-busy={add.isPending}>
      <Field
        label={passkeys.name} name='passkey-name' autoComplete='off' enterKeyHint='done' maxLength={100} hint={passkeys.nameHint}
        value={name} error={problem?.fieldError('/name')} onChange={({ target }) => {
          setName(target.value)
          add.clear()
        }}
      />
      <p className='text-sm text-soft'>{passkeys.effect}</p>
      {problem && (problem.code === 'CONFLICT'
        ? <Notice kind='bad' title={passkeys.full}>{passkeys.fullNext}</Notice>
        : <ProblemNotice problem={problem} />)}
      <div>
        <Button type='submit' variant='quiet' pending={add.isPending && passkeys.adding} lockedUntil={add.lockedUntil}>
          {passkeys.add}
        </Button>
      </div>
    </form>
  )
}
