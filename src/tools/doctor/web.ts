import { fail, failIfAny, type Finding, pass, unchecked, warn } from './finding.ts'
import { type Answer, type Asker, fieldsOf, headerOf } from './http.ts'
import { apiPolicyProblems, nonceOf, pagePolicyProblems, policiesOf } from './csp.ts'

export interface WebFacts {
  isHttps: boolean
  /** The login page, asked for twice. */
  pages: [Answer, Answer]
  /** A refusal and a success. */
  api: [Answer, Answer]
  /** A file that the page loads; null when the page names none. */
  asset: Answer | null
  jwks: Answer
  /** A logout that claims to come from a page of somebody else. */
  foreign: Answer
}

const SOMEBODY_ELSE = 'https://dvokrok-doctor.invalid'
const HALF_A_YEAR_SECONDS = 15_768_000

export async function lookAtWeb ({ target, ask }: Asker): Promise<WebFacts> {
  const page = async (): Promise<Answer> => await ask('/login', { headers: { accept: 'text/html' } })
  const [pages, api, jwks, foreign] = await Promise.all([
    Promise.all([page(), page()]),
    Promise.all([ask('/auth/me'), ask('/health/live')]),
    ask('/.well-known/jwks.json'),
    ask('/auth/logout', { method: 'POST', headers: { origin: SOMEBODY_ELSE, 'sec-fetch-site': 'cross-site' } })
  ])
  const path = /(?:src|href)="(\/assets\/[^"]+)"/.exec(pages[0].text)?.[1]
  return { isHttps: target.startsWith('https:'), pages, api, asset: path === undefined ? null : await ask(path), jwks, foreign }
}

const hasPages = ({ pages: [page] }: WebFacts): boolean => page.status === 200 && headerOf(page, 'content-type').includes('text/html')

export function judgeWeb (facts: WebFacts): Finding[] {
  return [
    judgeSecurity(facts), ...judgeHsts(facts), judgeApiPolicy(facts), judgePagePolicy(facts), judgeVersions(facts), judgeOrigin(facts), ...judgeCaches(facts)
  ]
}

function judgeSecurity ({ pages, api }: WebFacts): Finding {
  const answers = [...pages, ...api]
  const lacks = (name: string, wanted: RegExp): string[] => answers.every((answer) => wanted.test(headerOf(answer, name))) ? [] : [`${name} is missing or weak`]
  return failIfAny('headers.security', [
    ...lacks('x-content-type-options', /^nosniff$/), ...lacks('referrer-policy', /^(no-referrer|same-origin)$/), ...lacks('x-frame-options', /^(DENY|SAMEORIGIN)$/i)
  ], 'Pages and API say nosniff, no referrer, no frames.', 'The server sends them: make the proxy pass them on unchanged, once.')
}

function judgeHsts ({ isHttps, api: [answer] }: WebFacts): Finding[] {
  if (!isHttps) return []
  const seconds = Number(/max-age=(\d+)/.exec(headerOf(answer, 'strict-transport-security'))?.[1] ?? 0)
  if (seconds >= HALF_A_YEAR_SECONDS) return [pass('headers.hsts', `Browsers remember https for ${Math.floor(seconds / 86_400)} days.`)]
  return [fail('headers.hsts', 'Browsers do not remember for half a year that this site is https.', 'The server sends Strict-Transport-Security: make the proxy pass it on unchanged.')]
}

function judgeApiPolicy ({ api }: WebFacts): Finding {
  const problems = api.flatMap((answer) => apiPolicyProblems(headerOf(answer, 'content-security-policy')))
  return failIfAny('headers.csp-api', [...new Set(problems)], 'API answers may load nothing and be framed by nobody.', 'Make the proxy pass Content-Security-Policy on unchanged.')
}

function judgePagePolicy (facts: WebFacts): Finding {
  if (!hasPages(facts)) return unchecked('headers.csp-pages', `There is no page at /login (${facts.pages[0].status}).`, 'Build the pages with npm run build, or pass /login on to the server.')
  const policies = facts.pages.map((page) => headerOf(page, 'content-security-policy'))
  const [problems = []] = policiesOf(policies[0] ?? '').map(pagePolicyProblems).toSorted((one, other) => one.length - other.length)
  const isNonceOld = nonceOf(policies[0] ?? '') === nonceOf(policies[1] ?? '')
  const remedy = 'Make the proxy pass pages and their Content-Security-Policy on unchanged, and keep no copy of them.'
  if (problems.length > 0 || isNonceOld) return failIfAny('headers.csp-pages', [...problems, ...(isNonceOld ? ['two loads have the same nonce'] : [])], '', remedy)
  if (policiesOf(policies[0] ?? '').length > 1) return warn('headers.csp-pages', 'The policy is strict, and something on the way adds another one.', remedy)
  return pass('headers.csp-pages', 'Scripts need a fresh nonce, nothing inline, no other site, no frames.')
}

function judgeVersions ({ pages, api }: WebFacts): Finding {
  const told = [...pages, ...api].flatMap((answer) => ['server', 'x-powered-by', 'via'].map((name) => headerOf(answer, name))).filter((text) => /\d/.test(text))
  const [first] = told
  return first === undefined
    ? pass('headers.versions', 'No answer tells a version of a program.')
    : warn('headers.versions', `Answers tell “${first.slice(0, 60)}”.`, 'Switch that header off at the proxy (nginx: server_tokens off).')
}

function judgeOrigin ({ foreign }: WebFacts): Finding {
  const allowed = headerOf(foreign, 'access-control-allow-origin')
  return failIfAny('headers.origin', [
    ...(foreign.status === 403 && fieldsOf(foreign)['code'] === 'ORIGIN_FORBIDDEN' ? [] : [`a change asked for by another site answers ${foreign.status}`]),
    ...(allowed === '' ? [] : [`another site may read answers (Access-Control-Allow-Origin: ${allowed})`])
  ], 'What another site asks for is refused.', 'Make the proxy pass Origin and Sec-Fetch-Site on, and add no Access-Control headers; CORS_ORIGINS names sites that may call.')
}

function judgeCaches (facts: WebFacts): Finding[] {
  const cacheOf = (answer: Answer): string => headerOf(answer, 'cache-control')
  const remedy = 'Make the proxy pass Cache-Control on unchanged, and set none itself.'
  const kept = (answers: Answer[]): string[] => answers.filter((answer) => !/\bno-store\b/.test(cacheOf(answer)) || /\bpublic\b/.test(cacheOf(answer)))
    .map((answer) => `“${cacheOf(answer)}” instead of no-store`).slice(0, 1)
  const { asset, jwks } = facts
  const jwksSeconds = Number(/max-age=(\d+)/.exec(cacheOf(jwks))?.[1] ?? Number.NaN)
  return [
    failIfAny('cache.api', kept(facts.api), 'Nobody keeps answers of the API.', remedy),
    hasPages(facts) ? failIfAny('cache.pages', kept(facts.pages), 'Nobody keeps pages.', remedy) : unchecked('cache.pages', 'There are no pages.'),
    !asset
      ? unchecked('cache.assets', 'No page names a file.')
      : asset.status !== 200
        ? fail('cache.assets', `A file that the page needs answers ${asset.status}.`, 'Pass /assets/ on to the server.')
        : /\bimmutable\b/.test(cacheOf(asset)) ? pass('cache.assets', 'Browsers keep hashed files for good.') : warn('cache.assets', `Files are sent with “${cacheOf(asset)}”: slower than need be.`, remedy),
    jwksSeconds > 0 && jwksSeconds <= 3600
      ? pass('cache.jwks', `The published keys are kept for ${jwksSeconds} seconds.`)
      : warn('cache.jwks', `The published keys are sent with “${cacheOf(jwks)}”: a new key would be seen late, or asked for too often.`, remedy)
  ]
}
