import { useId } from 'react'
import { useAdminWords } from '../../i18n/index.ts'
import { useOwnRoles } from './roles-context.ts'

/** A box for each of the operator's own roles; nothing where there are none. */
export function RoleBoxes ({ roles, onChange }: { roles: string[], onChange: (roles: string[]) => void }) {
  const words = useAdminWords()
  const id = useId()
  const own = useOwnRoles()
  if (own.length === 0) return null
  return (
    <fieldset className='grid gap-2'>
      <legend className='mb-1.5 text-[.9375rem] font-medium'>{words.roles.own}</legend>
      {own.map((one) => (
        <div key={one} className='flex gap-3'>
          <input
            id={`${id}-${one}`} type='checkbox' className='mt-0.5 size-5 shrink-0 accent-accent' checked={roles.includes(one)}
            onChange={({ target }) => { onChange(target.checked ? [...roles, one] : roles.filter((other) => other !== one)) }}
          />
          <label htmlFor={`${id}-${one}`} className='min-w-0 wrap-anywhere'>{one}</label>
        </div>
      ))}
    </fieldset>
  )
}
