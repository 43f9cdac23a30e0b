/** Pages of a signed-in person: the only places that a sign-in may lead to. */
const SIGNED_IN_PATHS = ['/dashboard', '/settings']

export const HOME = '/dashboard'

/** Where to go after a sign-in: `wanted` where it is a page of ours on this origin, else the start. */
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

/** The login page that leads back to `wanted`. */
export const loginFor = (wanted: string): string => wanted === HOME ? '/login' : `/login?next=${encodeURIComponent(wanted)}`
