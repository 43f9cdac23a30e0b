import type { NavigationState } from '../app/navigation-state.ts'
import { useWords } from '../i18n/index.ts'
import { nextStep } from '../i18n/next-step.ts'
import { Notice } from '../ui/notice.tsx'

/** Tells why the user is on the login page (again). */
export function Reason ({ reason }: { reason: NonNullable<NavigationState['reason']> }) {
  const words = useWords()
  const { login, code, problems } = words
  if (reason === 'SIGNED_OUT') return <Notice kind='good'>{login.signedOut}</Notice>
  if (reason === 'ACCOUNT_DELETED') return <Notice kind='good'>{login.accountDeleted}</Notice>
  if (reason === 'PASSWORD_CHANGED') return <Notice kind='good'>{login.passwordChanged}</Notice>
  if (reason === 'ATTEMPT_OVER') return <Notice kind='info' title={code.over}>{code.overLead}</Notice>
  return <Notice kind='info' title={problems[reason].title}>{nextStep(words, reason)}</Notice>
}
