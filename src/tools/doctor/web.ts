import { fail, failIfAny, type Finding, pass, unchecked, warn } from './finding.ts'
import { type Answer, type Asker, fieldsOf, headerOf } from './http.ts'
import { apiPolicyProblems, nonceOf, pagePolicyProblems, policiesOf } from './csp.ts'

export interface WebFacts {
  isHttps: boolean
  /** The login page, requested twice. */
  pages: [Answer, Answer]
  /** A refusal and a success. */
  api: [Answer, Answer]
  /** A file that the page loads; null when the page names none. */
  asset: Answer | null
  jwks: Answer
  /** A logout whose headers say that a page of another site asks for it. */
  foreign: Answer
}

const FOREIGN_ORIGIN = 'https://dvokrok-doctor.invalid'
const HALF_A_YEAR_SECONDS = 15_768_000
/** Longer, and other services would learn of a new signing key too late. */
const LONGEST_JWKS_SECONDS = 3600
const CACHE_REMEDY = 'Make the proxy pass Cache-Control through unchanged, and set none itself.'

export async function lookAtWeb ({ target, ask }: Asker): Promise<WebFacts> {
  const page = async (): Promise<Answer> => await ask('/login', { headers: { accept: 'text/html' } })
  const [pages, api, jwks, foreign] = await Promise.all([
    Promise.all([page(), page()]),
    Promise.all([ask('/auth/me'), ask('/health/live')]),
    ask('/.well-known/jwks.json'),
    ask('/auth/logout', { method: 'POST', headers: { origin: FOREIGN_ORIGIN, 'sec-fetch-site': 'cross-site' } })
  ])
  const path = /(?:src|href)="(\/assets\/[^"]+)"/.exec(pages[0].text)?.[1]
  return { isHttps: target.startsWith('https:'), pages, api, asset: path === undefined ? null : await ask(path), jwks, foreign }
}

const hasPages = ({ pages: [page] }: WebFacts): boolean => page.status === 200 && headerOf(page, 'content-type').includes('text/html')

export function judgeWeb (facts: WebFacts): Finding[] {
  return [
    judgeSecurity(facts), ...judgeHsts(facts), judgeApiPolicy(facts), judgePagePolicy(facts), judgeVersions(facts), judgeOrigin(facts),
    judgeApiCache(facts), judgePageCache(facts), judgeAssetCache(facts), judgeJwksCache(facts)
  ]
}

function judgeSecurity ({ pages, api }: WebFacts): Finding {
  const answers = [...pages, ...api]
  const problemsOf = (name: string, wanted: RegExp): string[] =>
    answers.every((answer) => wanted.test(headerOf(answer, name))) ? [] : [`${name} is missing or weak`]
  return failIfAny('headers.security', [
    ...problemsOf('x-content-type-options', /^nosniff$/),
    ...problemsOf('referrer-policy', /^(no-referrer|same-origin)$/),
    ...problemsOf('x-frame-options', /^(DENY|SAMEORIGIN)$/i)
  ],
  'Pages and API forbid sniffing, referrers and framing.',
  'The server sends these headers: make the proxy pass each through once and unchanged.')
}

function judgeHsts ({ isHttps, api: [answer] }: WebFacts): Finding[] {
  if (!isHttps) return []
  const seconds = Number(/max-age=(\d+)/.exec(headerOf(answer, 'strict-transport-security'))?.[1] ?? 0)
  if (seconds >= HALF_A_YEAR_SECONDS) return [pass('headers.hsts', `Browsers insist on https for ${Math.floor(seconds / 86_400)} days.`)]
  return [fail('headers.hsts', 'Browsers are not told to insist on https for at least half a year.',
    'The server sends Strict-Transport-Security: make the proxy pass it through unchanged.')]
}

function judgeApiPolicy ({ api }: WebFacts): Finding {
  const problems = api.flatMap((answer) => apiPolicyProblems(headerOf(answer, 'content-security-policy')))
  return failIfAny('headers.csp-api', [...new Set(problems)], 'API answers may not load anything or be framed.',
    'Make the proxy pass Content-Security-Policy through unchanged.')
}

function judgePagePolicy (facts: WebFacts): Finding {
  if (!hasPages(facts)) {
    return unchecked('headers.csp-pages', `There is no page at /login (${facts.pages[0].status}).`,
      'Build the pages with npm run build, or make the proxy pass /login to the server.')
  }
  const [first = '', second = ''] = facts.pages.map((page) => headerOf(page, 'content-security-policy'))
  // Browsers enforce all policies together, so the strictest one counts.
  const [problems = []] = policiesOf(first).map(pagePolicyProblems).toSorted((one, other) => one.length - other.length)
  if (nonceOf(first) === nonceOf(second)) problems.push('two loads have the same nonce')
  const remedy = 'Make the proxy pass pages and their Content-Security-Policy through unchanged, and cache neither.'
  if (problems.length > 0) return fail('headers.csp-pages', `${problems.join('; ')}.`, remedy)
  if (policiesOf(first).length > 1) return warn('headers.csp-pages', 'The policy is strict, but the proxy adds another one.', remedy)
  return pass('headers.csp-pages', 'Scripts need a fresh nonce; inline scripts, other sites and framing are forbidden.')
}

function judgeVersions ({ pages, api }: WebFacts): Finding {
  const names = ['server', 'x-powered-by', 'via']
  const [version] = [...pages, ...api].flatMap((answer) => names.map((name) => headerOf(answer, name))).filter((text) => /\d/.test(text))
  return version === undefined
    ? pass('headers.versions', 'No answer tells the version of a program.')
    : warn('headers.versions', `Answers tell “${version.slice(0, 60)}”.`,
      'Turn that header off at the proxy (nginx: server_tokens off).')
}

function judgeOrigin ({ foreign }: WebFacts): Finding {
  const allowed = headerOf(foreign, 'access-control-allow-origin')
  const isRefused = foreign.status === 403 && fieldsOf(foreign)['code'] === 'ORIGIN_FORBIDDEN'
  return failIfAny('headers.origin', [
    ...(isRefused ? [] : [`a change requested by another site is answered with ${foreign.status}`]),
    ...(allowed === '' ? [] : [`another site may read answers (Access-Control-Allow-Origin: ${allowed})`])
  ],
  'Changes requested by other sites are refused.',
  'Make the proxy pass Origin and Sec-Fetch-Site through, and add no Access-Control headers; CORS_ORIGINS names sites that may call.')
}

const cacheOf = (answer: Answer): string => headerOf(answer, 'cache-control')

/** What lets a cache store these answers. */
function storable (answers: Answer[]): string[] {
  const wrong = answers.map(cacheOf).find((header) => !/\bno-store\b/.test(header) || /\bpublic\b/.test(header))
  return wrong === undefined ? [] : [`“${wrong}” instead of no-store`]
}

const judgeApiCache = ({ api }: WebFacts): Finding => failIfAny('cache.api', storable(api), 'API answers are not cached.', CACHE_REMEDY)

function judgePageCache (facts: WebFacts): Finding {
  if (!hasPages(facts)) return unchecked('cache.pages', 'There are no pages.')
  return failIfAny('cache.pages', storable(facts.pages), 'Pages are not cached.', CACHE_REMEDY)
}

function judgeAssetCache ({ asset }: WebFacts): Finding {
  if (!asset) return unchecked('cache.assets', 'The page names no file.')
  if (asset.status !== 200) {
    return fail('cache.assets', `A file that the page needs is answered with ${asset.status}.`,
      'Make the proxy pass /assets/ to the server.')
  }
  if (/\bimmutable\b/.test(cacheOf(asset))) return pass('cache.assets', 'Browsers may keep hashed files for good.')
  return warn('cache.assets', `Files are sent with “${cacheOf(asset)}”, so browsers load them more often than needed.`, CACHE_REMEDY)
}

function judgeJwksCache ({ jwks }: WebFacts): Finding {
  const seconds = Number(/max-age=(\d+)/.exec(cacheOf(jwks))?.[1] ?? Number.NaN)
  if (seconds > 0 && seconds <= LONGEST_JWKS_SECONDS) return pass('cache.jwks', `The published keys may be cached for ${seconds} seconds.`)
  const effect = 'a new key would be noticed late, or requested too often'
  return warn('cache.jwks', `The published keys are sent with “${cacheOf(jwks)}”: ${effect}.`, CACHE_REMEDY)
}
