/** Pages of signed-in users: the only targets a sign-in may redirect to, which rules out open redirects. */
const SIGNED_IN_PATHS = ['/dashboard', '/settings']

export const HOME = '/dashboard'

/** The page to open after a sign-in: `wanted` if it is one of ours on this origin, else the dashboard. */
export function safeNext (wanted: string | null): string {
  if (!wanted?.startsWith('/')) return HOME
  const url = URL.parse?.(wanted, location.origin) ?? parse(wanted)
  if (url?.origin !== location.origin || !SIGNED_IN_PATHS.includes(url.pathname)) return HOME
  return url.pathname + url.search + url.hash
}

function parse (text: string): URL | null {
  try {
    return new URL(text, location.origin)
  } catch {
    return null
  }
}

/** The login URL that returns to `wanted`. */
export const loginFor = (wanted: string): string => wanted === HOME ? '/login' : `/login?next=${encodeURIComponent(wanted)}`
