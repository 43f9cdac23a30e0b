import { CodeForm, type CodeFormProps } from './code-form.tsx'
import { PasskeyForm, type PasskeyFormProps } from './passkey-form.tsx'

/** Asks for what finishes an attempt: a code, or a passkey. */
export function SecondStepForm ({ onCode, onPasskey, ...rest }: CodeFormProps & PasskeyFormProps) {
  return rest.attempt.method === 'passkey'
    ? <PasskeyForm {...rest} onPasskey={onPasskey} />
    : <CodeForm {...rest} onCode={onCode} />
}
