import { useId } from 'react'
import { useWords } from '../../i18n/index.ts'

export function Trust ({ isTrusted, onChange }: { isTrusted: boolean, onChange: (isTrusted: boolean) => void }) {
  const { code } = useWords()
  const id = useId()
  return (
    <div className='flex gap-3 rounded-2xl border border-line px-4 py-3'>
      <input
        id={id} type='checkbox' className='mt-0.5 size-5 shrink-0 accent-accent' checked={isTrusted} aria-describedby={`${id}-hint`}
        onChange={({ target }) => { onChange(target.checked) }}
      />
      <div>
        <label htmlFor={id} className='font-medium'>{code.trust}</label>
        <p id={`${id}-hint`} className='text-sm text-soft'>{code.trustHint}</p>
      </div>
    </div>
  )
}
