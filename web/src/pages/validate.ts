import type { ApiProblem } from '@dvokrok/client'
import { serverConfig } from '../app/server-config.ts'
import type { Words } from '../i18n/index.ts'

export type FieldErrors = Partial<Record<'name' | 'email' | 'password' | 'code', string | undefined>>

/** At least one character that can be seen, as the server asks. */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Checks that need no server. */
export const validate = {
  name: (name: string, { common }: Words): FieldErrors => VISIBLE.test(name) ? {} : { name: common.required },
  email: (email: string, { common, fields }: Words): FieldErrors =>
    email.trim() === '' ? { email: common.required } : ADDRESS.test(email.trim()) ? {} : { email: fields.emailShape },
  password: (password: string, { common }: Words): FieldErrors => password === '' ? { password: common.required } : {},
  newPassword: (password: string, { common, fields }: Words, minLength = serverConfig.passwordMin): FieldErrors => {
    const missing = minLength - Array.from(password.normalize('NFC')).length
    return password === '' ? { password: common.required } : missing > 0 ? { password: fields.passwordShort({ missing }) } : {}
  }
}

/** Without the message of this field: it is being corrected. */
export const without = <Errors extends object>(errors: Errors, field: keyof Errors): Errors => ({ ...errors, [field]: undefined })

/** Whether the fields say all that there is to say of it. */
export const isSaidByFields = (problem: ApiProblem, ...paths: string[]): boolean =>
  problem.details.errors !== undefined && problem.details.errors.length > 0 &&
  problem.details.errors.every(({ path }) => paths.includes(path))

/** Focuses the first invalid field, once React has rendered `aria-invalid`. */
export function focusFirstError (form: HTMLFormElement | null): void {
  requestAnimationFrame(() => { form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus() })
}
