import { useId } from 'react'
import { INPUT } from '../../ui/field.tsx'

interface Props {
  label: string
  name: string
  value: string
  options: Array<[value: string, label: string]>
  onChoose: (value: string) => void
}

export function Select ({ label, name, value, options, onChoose }: Props) {
  const id = useId()
  return (
    <div className='grid gap-1.5'>
      <label htmlFor={id} className='text-[.9375rem] font-medium'>{label}</label>
      <select
        id={id} name={name} className={`${INPUT} min-h-13 border-edge! text-ink!`} value={value}
        onChange={({ target }) => { onChoose(target.value) }}
      >
        {options.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
      </select>
    </div>
  )
}
