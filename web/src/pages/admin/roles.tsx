import { type FormEvent, useId, useState } from 'react'
import { useAdminWords } from '../../i18n/index.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/dialog.tsx'
import { INPUT } from '../../ui/field.tsx'
import { ProblemNotice } from '../../ui/notice.tsx'
import { SettingsSection } from '../settings/section.tsx'
import { useAccountChange } from '../settings/use-account-change.ts'
import { type AdminUser, type Change, changeAccount } from './api.ts'
import { RoleBoxes } from './role-boxes.tsx'
import { useOwnRoles } from './roles-context.ts'

/** Makes an administrator, and takes it back. */
export function RolesSection ({ user: { id, role } }: { user: AdminUser }) {
  const { roles, account } = useAdminWords()
  const isAdmin = role === 'admin'
  const change = useAccountChange('admin-role', async () => {
    await changeAccount(id, { role: isAdmin ? 'user' : 'admin' })
    return isAdmin ? roles.revoked : roles.granted
  })
  const lead = isAdmin ? roles.revokeLead : roles.grantLead
  const says = isAdmin ? roles.revoke : roles.grant
  return (
    <SettingsSection id='admin-role' heading={roles.adminHeading} lead={lead}>
      {change.problem && <ProblemNotice problem={change.problem} />}
      <div>
        <ConfirmButton
          variant={isAdmin ? 'danger' : 'quiet'} pending={change.isPending && account.working} lockedUntil={change.lockedUntil}
          title={isAdmin ? roles.revokeTitle : roles.grantTitle} lead={lead} confirm={says} onConfirm={() => { change.run() }}
        >
          {says}
        </ConfirmButton>
      </div>
    </SettingsSection>
  )
}

/** What other services read: the operator's own roles, and claims. */
export function OwnRolesSection ({ user }: { user: AdminUser }) {
  const { roles: words, account } = useAdminWords()
  const id = useId()
  const own = useOwnRoles()
  const [roles, setRoles] = useState(user.roles)
  const [claims, setClaims] = useState(() => JSON.stringify(user.claims, null, 2))
  const [isWrong, setWrong] = useState(false)
  const save = useAccountChange('admin-roles', async (claims: NonNullable<Change['claims']>) => {
    // A role that the operator has taken back meanwhile would be refused.
    await changeAccount(user.id, { roles: roles.filter((one) => own.includes(one)), claims })
    return account.saved
  })
  const { problem } = save
  const isRefused = isWrong || problem?.fieldError('/claims') !== undefined

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const given = readClaims(claims)
    setWrong(given === undefined)
    save.clear()
    if (given === undefined) document.getElementById(id)?.focus()
    else save.run(given)
  }
  return (
    <SettingsSection id='own-roles' heading={words.ownHeading} lead={words.ownLead}>
      <form className='grid gap-5' noValidate onSubmit={submit} aria-busy={save.isPending}>
        <RoleBoxes roles={roles} onChange={setRoles} />
        <div className='grid gap-1.5'>
          <label htmlFor={id} className='text-[.9375rem] font-medium'>{words.claims}</label>
          <textarea
            id={id} name='claims' rows={4} spellCheck={false} autoComplete='off' className={`${INPUT} py-3 font-mono text-sm`}
            value={claims} aria-invalid={isRefused || undefined}
            aria-describedby={`${isRefused ? `${id}-error ` : ''}${id}-hint`}
            onChange={({ target }) => {
              setClaims(target.value)
              setWrong(false)
              save.clear()
            }}
          />
          {isRefused && <p id={`${id}-error`} role='alert' className='text-sm font-medium text-bad'>{words.claimsWrong}</p>}
          <p id={`${id}-hint`} className='text-sm text-soft'>{words.claimsHint({ sample: '{}' })}</p>
        </div>
        {problem && !isRefused && <ProblemNotice problem={problem} />}
        <div>
          <Button type='submit' variant='quiet' pending={save.isPending && account.saving} lockedUntil={save.lockedUntil}>
            {account.save}
          </Button>
        </div>
      </form>
    </SettingsSection>
  )
}

/** Undefined when it is no object. */
function readClaims (text: string): Record<string, unknown> | undefined {
  try {
    const claims: unknown = JSON.parse(text)
    if (typeof claims === 'object' && claims !== null && !Array.isArray(claims)) return { ...claims }
  } catch {}
  return undefined
}
