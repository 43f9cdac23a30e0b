import { useEffect, useState } from 'react'
import { useWords } from '../i18n/index.ts'
import { likelyAddress } from './likely-address.ts'
import { LinkButton } from './button.tsx'
import { Field } from './field.tsx'

/** Long enough to finish a word. */
const PAUSE_MS = 700

interface Props {
  value: string
  error?: string | undefined
  enterKeyHint?: 'next' | 'send'
  autoComplete?: string
  onType: (typed: string) => void
}

/** The address of an account. What is probably a slip is offered for correction, and may stay. */
export function EmailField ({ value, onType, autoComplete = 'username', ...rest }: Props) {
  const { fields } = useWords()
  const [meant, setMeant] = useState<string | null>(null)
  useEffect(() => {
    setMeant(null)
    const timer = setTimeout(() => { setMeant(likelyAddress(value)) }, PAUSE_MS)
    return () => { clearTimeout(timer) }
  }, [value])
  return (
    <Field
      {...rest} label={fields.email} name='email' type='email' inputMode='email' autoComplete={autoComplete} autoCapitalize='none'
      spellCheck={false} maxLength={254} required value={value} onChange={({ target }) => { onType(target.value) }}
      hint={meant !== null && (
        <span role='status'><LinkButton onClick={() => { onType(meant) }}>{fields.meant({ address: meant })}</LinkButton></span>
      )}
    />
  )
}
