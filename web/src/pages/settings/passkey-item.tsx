import { type FormEvent, useState } from 'react'
import type { Passkey, User } from '@dvokrok/client'
import { client } from '../../client.ts'
import { useSettingsWords, useWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { DateTime } from '../../ui/date-time.tsx'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice, ProblemNotice } from '../../ui/notice.tsx'
import { ignoreNotFound } from './ignore-not-found.ts'
import { tellAccepted } from './passkey-store.ts'
import { focusSection } from './section.tsx'
import { useAccountChange } from './use-account-change.ts'

const ID = 'passkeys'

/** A passkey of the list: what it is called, when it was used, and what can be done with it. */
export function PasskeyItem ({ user, id, name, createdAt, lastUsedAt, isSynced }: Passkey & { user: User }) {
  const { passkeys } = useSettingsWords()
  const [isNaming, setNaming] = useState(false)
  const remove = useAccountChange('passkey-remove', async () => {
    await ignoreNotFound(client.passkeys.remove(id))
    tellAccepted(user, (await client.passkeys.list()).map((one) => one.id))
    focusSection(ID)
    return passkeys.removed
  })
  const { problem } = remove
  const leave = (): void => {
    setNaming(false)
    focusSection(ID)
  }
  return (
    <li className='grid gap-3 px-4 py-3'>
      <div className='flex flex-wrap items-center justify-between gap-x-6 gap-y-3'>
        <div className='min-w-0'>
          <p className='font-medium wrap-anywhere'>{name}</p>
          <p className='text-sm text-soft'>{isSynced ? passkeys.synced : passkeys.single}</p>
          <p className='flex flex-wrap gap-x-4 text-sm text-soft'>
            <span>{passkeys.created}: <DateTime at={createdAt} /></span>
            <span>{lastUsedAt === null ? passkeys.unused : <>{passkeys.used}: <DateTime at={lastUsedAt} /></>}</span>
          </p>
        </div>
        {!isNaming && (
          <div className='flex flex-wrap gap-3'>
            <Button variant='quiet' aria-label={passkeys.renameOf({ name })} onClick={() => { setNaming(true) }}>{passkeys.rename}</Button>
            <ConfirmButton
              variant='danger' pending={remove.isPending && passkeys.removing} lockedUntil={remove.lockedUntil}
              aria-label={passkeys.removeOf({ name })} title={passkeys.removeTitle({ name })} lead={passkeys.removeLead}
              confirm={passkeys.remove} onConfirm={() => { remove.run() }}
            >
              {passkeys.remove}
            </ConfirmButton>
          </div>
        )}
      </div>
      {isNaming && <Rename id={id} name={name} onDone={leave} />}
      {problem && (problem.code === 'CONFLICT'
        ? <Notice kind='bad' title={passkeys.needed}>{passkeys.neededNext}</Notice>
        : <ProblemNotice problem={problem} />)}
    </li>
  )
}

function Rename ({ id, name, onDone }: { id: string, name: string, onDone: () => void }) {
  const { passkeys, profile } = useSettingsWords()
  const { common } = useWords()
  const [typed, setTyped] = useState(name)
  const [isEmpty, setEmpty] = useState(false)
  const save = useAccountChange('passkey-rename', async () => {
    await client.passkeys.rename(id, { name: typed.trim() })
    onDone()
    return passkeys.renamed
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    setEmpty(typed.trim() === '')
    if (typed.trim() !== '') save.run()
  }
  return (
    <form className='grid gap-3' noValidate onSubmit={submit}>
      <Field
        label={passkeys.name} name='passkey-new-name' autoComplete='off' enterKeyHint='done' maxLength={100} required autoFocus
        value={typed} error={isEmpty ? common.required : save.problem?.fieldError('/name')} onChange={({ target }) => {
          setTyped(target.value)
          setEmpty(false)
          save.clear()
        }}
      />
      {save.problem && save.problem.fieldError('/name') === undefined && <ProblemNotice problem={save.problem} />}
      <div className='flex flex-wrap gap-3'>
        <Button type='submit' variant='quiet' pending={save.isPending && profile.saving} lockedUntil={save.lockedUntil}>
          {profile.save}
        </Button>
        <Button variant='quiet' onClick={onDone}>{common.cancel}</Button>
      </div>
    </form>
  )
}
