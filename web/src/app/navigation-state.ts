import { useLocation } from 'react-router'
import type { EndReason } from '../session/session.ts'

/** What one page hands to the next. Lives in the history entry: it survives a reload and stands in no address. */
export interface NavigationState {
  email?: string
  name?: string
  reason?: EndReason | 'PASSWORD_CHANGED' | 'ATTEMPT_OVER'
}

export function useNavigationState (): NavigationState {
  const { state } = useLocation() as { state: unknown }
  return typeof state === 'object' && state !== null ? state : {}
}
