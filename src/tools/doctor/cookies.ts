import { fail, failIfAny, type Finding, pass } from './finding.ts'
import type { Answer } from './http.ts'

interface Cookie { name: string, attributes: Map<string, string> }

const OURS = /^(?:__Host-|__Secure-)?(?:refresh|pending|device|trusted)$/
const REMEDY = 'Make the proxy pass Set-Cookie through unchanged, and set PUBLIC_URL to the https address.'

/** A logout without a session changes nothing but clears all cookies, which shows their names and attributes. */
export const LOGOUT = ['/auth/logout', { method: 'POST' }] as const

export function judgeCookies (isSecure: boolean, { setCookies }: Pick<Answer, 'setCookies'>): Finding[] {
  const cookies = setCookies.map(parse).filter(({ name }) => OURS.test(name))
  if (cookies.length === 0) {
    return [
      fail('cookies.names', 'A logout clears no cookies: the proxy drops them.', REMEDY),
      fail('cookies.attributes', 'No cookie arrives.', REMEDY)
    ]
  }
  const misnamed = isSecure ? cookies.filter(({ name }) => !name.startsWith('__Host-')) : []
  const problems = cookies.flatMap((cookie) => problemsOf(cookie, isSecure).map((problem) => `${cookie.name} ${problem}`))
  return [
    failIfAny('cookies.names', misnamed.map(({ name }) => `${name} is not named __Host-`),
      isSecure ? 'Cookies are named __Host-, so no other host can set them.' : 'Without https, cookies cannot be named __Host-.', REMEDY),
    problems.length > 0
      ? fail('cookies.attributes', `${problems.join('; ')}.`, REMEDY)
      : pass('cookies.attributes', `Cookies are HttpOnly, SameSite=Strict, Path=/, without Domain${isSecure ? ', Secure' : ''}.`)
  ]
}

function problemsOf ({ attributes }: Cookie, isSecure: boolean): string[] {
  return [
    ...(attributes.has('httponly') ? [] : ['can be read by scripts (no HttpOnly)']),
    ...(attributes.get('samesite')?.toLowerCase() === 'strict' ? [] : ['is sent from other sites (no SameSite=Strict)']),
    ...(attributes.get('path') === '/' ? [] : ['has a Path other than /']),
    ...(attributes.has('domain') ? ['is sent to other hosts (it has a Domain)'] : []),
    ...(isSecure && !attributes.has('secure') ? ['is sent without TLS (no Secure)'] : [])
  ]
}

function parse (line: string): Cookie {
  const [pair = '', ...rest] = line.split(';')
  return {
    name: pair.split('=', 1)[0]?.trim() ?? '',
    attributes: new Map(rest.map((one) => {
      const [name = '', value = ''] = one.trim().split('=')
      return [name.toLowerCase(), value]
    }))
  }
}
