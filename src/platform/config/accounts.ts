import { listOf, SettingRefused } from './refused.ts'

export type TokenClaim = 'roles' | 'claims'

const ROLE = /^[a-z][a-z0-9_-]{0,31}$/
const MOST_ROLES = 50
const TOKEN_CLAIMS: readonly TokenClaim[] = ['roles', 'claims']

/** The operator's own roles. `user` and `admin` are ours, and no token may say otherwise. */
export function parseRoles (value: string | undefined): string[] {
  const roles = listOf(value)
  const wrong = roles.find((role) => !ROLE.test(role))
  if (wrong !== undefined) {
    const rule = 'A role begins with a letter and has at most 32 of a-z, 0-9, _ and -.'
    throw new SettingRefused(`ROLES has ${JSON.stringify(wrong.slice(0, 40))}. ${rule}`)
  }
  const ours = roles.find((role) => role === 'user' || role === 'admin')
  if (ours) throw new SettingRefused(`ROLES has ${ours}, which every Dvokrok has anyway. Remove or rename it.`)
  if (roles.length > MOST_ROLES) throw new SettingRefused(`ROLES has ${roles.length} roles. At most ${MOST_ROLES} are possible.`)
  return [...new Set(roles)]
}

export function parseTokenClaims (value: string | undefined): TokenClaim[] {
  const names = listOf(value)
  const wrong = names.find((name) => !TOKEN_CLAIMS.some((known) => known === name))
  if (wrong !== undefined) {
    const rule = `It takes ${TOKEN_CLAIMS.join(' and ')}, with a comma between.`
    throw new SettingRefused(`TOKEN_CLAIMS has ${JSON.stringify(wrong.slice(0, 40))}. ${rule}`)
  }
  return TOKEN_CLAIMS.filter((claim) => names.includes(claim))
}
