import { useLocation, useNavigate } from 'react-router'
import type { AdminUser } from './api.ts'

/** What the list is narrowed to; '' where it is not. */
export interface Filter { q: string, status: string, role: string, isEmpty: boolean }

const STATUSES: ReadonlyArray<AdminUser['status']> = ['active', 'disabled', 'invited']

/** Kept in the history entry: it survives a reload and the way back, and no name or address gets into the page's address. */
export function useFilter (): [Filter, (filter: Omit<Filter, 'isEmpty'>) => void] {
  const { state } = useLocation() as { state: unknown }
  const navigate = useNavigate()
  const kept: Record<string, unknown> = typeof state === 'object' && state !== null ? { ...state } : {}
  const text = (name: string): string => typeof kept[name] === 'string' ? kept[name] : ''
  const filter = { q: text('q'), status: text('status'), role: text('role') }
  const setFilter = ({ q, status, role }: Omit<Filter, 'isEmpty'>): void => {
    Promise.resolve(navigate('/admin', { replace: true, state: { q, status, role } })).catch(reportError)
  }
  return [{ ...filter, isEmpty: Object.values(filter).every((one) => one === '') }, setFilter]
}

/** As the API takes it. */
export function queryOf ({ q, status, role }: Filter, cursor: string | null) {
  const wanted = STATUSES.find((one) => one === status)
  const sought = q.trim()
  return {
    ...sought === '' ? {} : { q: sought },
    ...wanted ? { status: wanted } : {},
    ...role === '' ? {} : { role },
    ...cursor === null ? {} : { cursor }
  }
}
