import { useLocation } from 'react-router'
import type { EndReason } from '@dvokrok/client'

/** State passed to the next page. Kept in the history entry, so it survives a reload and never appears in a URL. */
export interface NavigationState {
  email?: string
  name?: string
  reason?: EndReason | 'PASSWORD_CHANGED' | 'ATTEMPT_OVER'
}

export function useNavigationState (): NavigationState {
  const { state } = useLocation() as { state: unknown }
  return typeof state === 'object' && state !== null ? state : {}
}
