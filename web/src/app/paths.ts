import { useSearchParams } from 'react-router'
import { serverConfig } from './server-config.ts'

/** Pages of signed-in users: the only ones of ours that a sign-in may lead to. */
const SIGNED_IN_PATHS = ['/dashboard', '/settings', '/admin']

export const HOME = '/dashboard'

/** Where the person came from and may go back to, as the server judged it; null when this page's address names no such place. */
export const returnAddress = (search: URLSearchParams): string | null =>
  search.has('return_to') && serverConfig.returnTo !== '' ? serverConfig.returnTo : null

/** `path` with what the present address says about the way on: `next`, a page of ours, and `return_to`. */
export function carry (path: string, search: URLSearchParams): string {
  const url = new URL(path, location.origin)
  const next = pageOf(search.get('next'))
  const back = returnAddress(search)
  if (next) url.searchParams.set('next', next)
  if (back) url.searchParams.set('return_to', back)
  return url.pathname + url.search + url.hash
}

export function useCarry (): (path: string) => string {
  const [search] = useSearchParams()
  return (path) => carry(path, search)
}

/** Where a sign-in leads: to a page of ours or away to the application. */
export function destination (search: URLSearchParams): { page: string } | { away: string } {
  const next = pageOf(search.get('next'))
  if (next) return { page: carry(next, new URLSearchParams([...search].filter(([name]) => name === 'return_to'))) }
  const away = returnAddress(search) ?? serverConfig.appUrl
  return away === '' ? { page: HOME } : { away }
}

/** The login URL that leads to `wanted` afterwards. */
export function loginFor (wanted: string): string {
  const url = new URL(wanted, location.origin)
  const search = new URLSearchParams([...url.searchParams].filter(([name]) => name === 'return_to'))
  url.searchParams.delete('return_to')
  const next = url.pathname + url.search + url.hash
  return carry(next === HOME && serverConfig.appUrl === '' ? '/login' : `/login?next=${encodeURIComponent(next)}`, search)
}

/** `wanted` when it is a page of signed-in users on this origin. */
function pageOf (wanted: string | null): string | null {
  if (!wanted?.startsWith('/') || !URL.canParse(wanted, location.origin)) return null
  const url = new URL(wanted, location.origin)
  const isOurs = url.origin === location.origin && (SIGNED_IN_PATHS.includes(url.pathname) || url.pathname.startsWith('/admin/'))
  return isOurs ? url.pathname + url.search + url.hash : null
}
