const FORBIDDEN = ['default-src', 'frame-ancestors', 'base-uri']
const LOOSE_SOURCE = /^(\*|https?:|data:|blob:|'unsafe-eval'|'unsafe-inline'|'unsafe-hashes')$/

/** The policies of a header. Browsers enforce all of them. */
export const policiesOf = (header: string): string[] => header.split(',').map((one) => one.trim()).filter((one) => one !== '')

export const nonceOf = (header: string): string => /'nonce-([^']+)'/.exec(header)?.[1] ?? ''

const directivesOf = (policy: string): Map<string, string[]> => new Map(policy.split(';').map((part) => {
  const [name = '', ...values] = part.trim().split(/\s+/)
  return [name.toLowerCase(), values]
}))

const is = (directives: Map<string, string[]>, name: string, value: string): boolean => directives.get(name)?.join(' ') === value

/** What is missing in the policy of an API answer. */
export function apiPolicyProblems (header: string): string[] {
  const all = policiesOf(header).map(directivesOf)
  return ['default-src', 'frame-ancestors']
    .filter((name) => !all.some((one) => is(one, name, "'none'")))
    .map((name) => `API answers lack ${name} 'none'`)
}

/** What lets a page run or load more than our pages need. */
export function pagePolicyProblems (policy: string): string[] {
  const directives = directivesOf(policy)
  const scripts = directives.get('script-src') ?? directives.get('default-src') ?? ['*']
  const loose = scripts.filter((source) => LOOSE_SOURCE.test(source))
  return [
    ...FORBIDDEN.filter((name) => !is(directives, name, "'none'")).map((name) => `${name} is not 'none'`),
    ...loose.map((source) => `scripts may come from ${source}`),
    ...(scripts.some((source) => source.startsWith("'nonce-")) ? [] : ['scripts need no nonce']),
    ...(directives.has('form-action') ? [] : ['forms may be sent anywhere']),
    ...(is(directives, 'require-trusted-types-for', "'script'") ? [] : ['strings may become code (no Trusted Types)'])
  ]
}
