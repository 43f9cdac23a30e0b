/** Every address that our pages have; what each shows, the browser decides. */
export const PAGES = [
  '/', '/register', '/verify-otp', '/login', '/forgot-password', '/dashboard', '/settings', '/logout', '/disown', '/invitation',
  '/confirm-email', '/admin', '/admin/log', '/admin/accounts/:id'
]

const SLASHES_AT_END = /\/+$/

/** Where a URL with a slash too many leads, when that is a page of ours: its path is one of the list, never what was asked for. */
export function withoutSlash (url: string): string | null {
  const [path = '', ...query] = url.split('?')
  const page = PAGES.find((one) => one !== '/' && one === path.replace(SLASHES_AT_END, ''))
  return page && page !== path ? [page, ...query].join('?') : null
}
