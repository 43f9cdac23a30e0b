import t, { type Test } from 'tap'
import { judgeGuesses } from '../../../src/tools/doctor/attack/guesses.ts'
import { judgeAnswers, judgeTiming, type Shape } from '../../../src/tools/doctor/attack/enumeration.ts'
import { judgeFlood } from '../../../src/tools/doctor/attack/forwarded.ts'
import { judgeCodeRace, judgeRefreshRace, judgeRevoked } from '../../../src/tools/doctor/attack/races.ts'
import { judgeCleanUp } from '../../../src/tools/doctor/attack/run.ts'
import { judgeCookies } from '../../../src/tools/doctor/cookies.ts'
import { type DnsFacts, judgeDns, type Texts } from '../../../src/tools/doctor/dns.ts'
import { type Check, CHECKS, type Finding, type Verdict } from '../../../src/tools/doctor/finding.ts'
import { judgeHealth, judgeSkew } from '../../../src/tools/doctor/health.ts'
import type { Answer } from '../../../src/tools/doctor/http.ts'
import { judgeKeys, judgePublished, judgeServiceKeys, judgeSettings, judgeWebhooks, type KeyFacts } from '../../../src/tools/doctor/keys.ts'
import { judgeLayout, type OriginFacts } from '../../../src/tools/doctor/layout.ts'
import { judgeMailLimit, judgeSmtp } from '../../../src/tools/doctor/mail.ts'
import { judgePasskeys } from '../../../src/tools/doctor/passkeys.ts'
import { judgeDoors, judgeForwarded, judgeTrusted } from '../../../src/tools/doctor/proxy.ts'
import { judgeAccounts, judgeReachable, judgeRecords, judgeRedis, judgeRights } from '../../../src/tools/doctor/redis.ts'
import type { NodeFacts } from '../../../src/tools/doctor/redis-store.ts'
import { judgePlain, judgeRedirect, judgeTls, type TlsFacts } from '../../../src/tools/doctor/tls.ts'
import { judgeWeb, type WebFacts } from '../../../src/tools/doctor/web.ts'
import type { SmtpFacts } from '../../../src/platform/mail/probe.ts'

const DAY_MS = 86_400_000
const at = Date.parse('2026-11-21T12:00:00Z')
const seen = new Map<Check, Set<Verdict>>()

/** That these findings, and no others, have these verdicts; whatever is not fine says how to fix it. */
function judged (t: Test, findings: Finding[] | Finding, expected: Partial<Record<Check, Verdict>>, about = ''): void {
  const list = [findings].flat()
  for (const { check, verdict, message, remedy } of list) {
    seen.set(check, (seen.get(check) ?? new Set()).add(verdict))
    t.match(message, /\S/)
    if (verdict === 'warn' || verdict === 'fail') t.match(remedy, /\S/, `${check} says how to fix it`)
  }
  t.strictSame(Object.fromEntries(list.map(({ check, verdict }) => [check, verdict])), expected, about)
}

const answer = (headers: Answer['headers'] = {}, rest: Partial<Answer> = {}): Answer => ({
  status: 200,
  headers,
  setCookies: [],
  text: '',
  localAddress: '',
  milliseconds: 10,
  ...rest
})

t.test('passkeys: whether pages of this address may use those that the server asks for', async (t) => {
  const asked = (rpId: string): Answer => answer({}, { text: JSON.stringify({ options: { rpId } }) })
  const own = { rpId: 'example.org', origins: [] }
  const target = 'https://id.example.org'
  judged(t, judgePasskeys(target, asked('id.example.org'), undefined), { 'passkeys.domain': 'pass' })
  judged(t, judgePasskeys(target, asked('example.org'), own), { 'passkeys.domain': 'pass' }, 'a domain above it')
  judged(t, judgePasskeys(target, asked('d.example.org'), undefined), { 'passkeys.domain': 'fail' }, 'the end of a name is no domain')
  judged(t, judgePasskeys(target, asked('login.example.org'), undefined), { 'passkeys.domain': 'fail' }, 'a sibling')
  judged(t, judgePasskeys(target, asked('id.example.org'), own), { 'passkeys.domain': 'fail' }, 'the settings say another one')
  for (const silent of [answer({}, { status: 429 }), answer({}, { text: '<html>' })]) {
    judged(t, judgePasskeys(target, silent, own), { 'passkeys.domain': 'could-not-check' })
  }
})

t.test('layout: whether pages of the listed origins are answered, with cookies where they are of the same site', async (t) => {
  const origin = 'https://app.example.org'
  const granted = { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true' }
  const facts = (headers: Answer['headers'], rest: Partial<OriginFacts> = {}): OriginFacts[] =>
    [{ origin, isSameSite: true, mayCall: true, answers: [answer(headers), answer(granted)], ...rest }]
  judged(t, judgeLayout([]), { 'layout.origins': 'pass' })
  judged(t, judgeLayout(facts(granted)), { 'layout.origins': 'pass' })
  judged(t, judgeLayout(facts({})), { 'layout.origins': 'fail' }, 'a proxy answers OPTIONS itself')
  const twice = { ...granted, 'access-control-allow-origin': `${origin}, *` }
  judged(t, judgeLayout(facts(twice)), { 'layout.origins': 'fail' }, 'or adds its own')
  judged(t, judgeLayout(facts({ 'access-control-allow-origin': origin })), { 'layout.origins': 'fail' })
  judged(t, judgeLayout(facts(granted, { isSameSite: false })), { 'layout.origins': 'warn' }, 'another site')
  judged(t, judgeLayout(facts({}, { mayCall: false })), { 'layout.origins': 'warn' }, 'people are sent back where nobody may ask')
})

t.test('TLS: protocol, chain and days are judged', async (t) => {
  const good: TlsFacts = {
    host: 'id.example.org',
    protocol: 'TLSv1.3',
    error: null,
    validFrom: at - 30 * DAY_MS,
    validTo: at + 60 * DAY_MS,
    checkedAt: at,
    isOldAccepted: false
  }
  const fine = { 'tls.protocol': 'pass', 'tls.certificate': 'pass', 'tls.expiry': 'pass' } as const
  judged(t, judgeTls(good), fine)
  judged(t, judgeTls({ ...good, isOldAccepted: true }), { ...fine, 'tls.protocol': 'fail' })
  judged(t, judgeTls({ ...good, error: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), { ...fine, 'tls.certificate': 'fail' })
  for (const [days, verdict] of [[23, 'pass'], [20, 'pass'], [8, 'warn'], [2, 'fail'], [-1, 'fail']] as const) {
    judged(
      t,
      judgeTls({ ...good, validFrom: at - 60 * DAY_MS, validTo: at + days * DAY_MS }),
      { ...fine, 'tls.expiry': verdict },
      `${days} days`
    )
  }
  judged(t, judgePlain('http://id.example.org'), { 'tls.protocol': 'fail' })
  judged(t, judgePlain('http://127.0.0.1:3000'), { 'tls.protocol': 'could-not-check' })
  judged(t, judgePlain('http://127.0.0.1:3000', 'http://192.168.1.5:3000'), { 'tls.protocol': 'warn' })
  judged(t, judgePlain('http://127.0.0.1:3000', 'https://id.example.org'), { 'tls.protocol': 'could-not-check' })
})

t.test('http must lead to https of the same host', async (t) => {
  const target = 'https://id.example.org'
  for (const [found, verdict] of [
    ['silent', 'pass'],
    [null, 'could-not-check'],
    [{ status: 301, location: `${target}/login` }, 'pass'],
    [{ status: 308, location: target }, 'pass'],
    [{ status: 200, location: '' }, 'fail'],
    [{ status: 301, location: 'https://evil.example/' }, 'fail'],
    [{ status: 301, location: 'http://id.example.org/login' }, 'fail'],
    [{ status: 301, location: `${target}.evil.example/` }, 'fail']
  ] as const) { judged(t, judgeRedirect(target, found), { 'tls.redirect': verdict }, JSON.stringify(found)) }
})

const PAGE_POLICY = (nonce: string): string => [
  "default-src 'none'",
  `script-src 'nonce-${nonce}' 'strict-dynamic'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'"
].join('; ')
const HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'strict-transport-security': 'max-age=63072000',
  'cache-control': 'no-store'
}
const API = { ...HEADERS, 'content-security-policy': "default-src 'none';frame-ancestors 'none'" }
const page = (policy: string, more: Answer['headers'] = {}): Answer =>
  answer({ ...HEADERS, 'content-type': 'text/html', 'content-security-policy': policy, ...more })
const web: WebFacts = {
  isHttps: true,
  pages: [page(PAGE_POLICY('a')), page(PAGE_POLICY('b'))],
  api: [answer(API, { status: 401 }), answer(API)],
  asset: answer({ 'cache-control': 'public, max-age=31536000, immutable' }),
  jwks: answer({ 'cache-control': 'public, max-age=300' }),
  foreign: answer({}, { status: 403, text: '{"code":"ORIGIN_FORBIDDEN"}' })
}
const WEB_FINE = Object.fromEntries(CHECKS.filter((check) => /^(headers|cache)\./.test(check)).map((check) => [check, 'pass']))

t.test('headers, policies and caches: each thing that is wrong is told by its own check', async (t) => {
  judged(t, judgeWeb(web), WEB_FINE)
  const weak = (name: string, value: string): WebFacts['api'] => [answer({ ...API, [name]: value }), answer({ ...API, [name]: value })]
  const wrong: Array<[Partial<WebFacts>, Check, Verdict]> = [
    [{ api: weak('x-content-type-options', '') }, 'headers.security', 'fail'],
    [{ api: weak('referrer-policy', 'unsafe-url') }, 'headers.security', 'fail'],
    [{ api: weak('strict-transport-security', 'max-age=60') }, 'headers.hsts', 'fail'],
    [{ api: weak('content-security-policy', "default-src 'self'; frame-ancestors 'none'") }, 'headers.csp-api', 'fail'],
    [{ api: weak('server', 'nginx/1.24.0') }, 'headers.versions', 'warn'],
    [{ api: weak('cache-control', 'private') }, 'cache.api', 'fail'],
    [{ pages: [page(PAGE_POLICY('a')), page(PAGE_POLICY('a'))] }, 'headers.csp-pages', 'fail'],
    [{ pages: [page(`${PAGE_POLICY('a')}, upgrade-insecure-requests`), page(PAGE_POLICY('b'))] }, 'headers.csp-pages', 'warn'],
    [{ pages: [page(PAGE_POLICY('a'), { 'cache-control': 'public, no-store' }), web.pages[1]] }, 'cache.pages', 'fail'],
    [{ asset: answer({ 'cache-control': 'no-cache' }) }, 'cache.assets', 'warn'],
    [{ asset: answer({}, { status: 404 }) }, 'cache.assets', 'fail'],
    [{ asset: null }, 'cache.assets', 'could-not-check'],
    [{ jwks: answer({ 'cache-control': 'no-store' }) }, 'cache.jwks', 'warn'],
    [{ foreign: answer({}, { status: 204 }) }, 'headers.origin', 'fail'],
    [{ foreign: { ...web.foreign, headers: { 'access-control-allow-origin': '*' } } }, 'headers.origin', 'fail']
  ]
  for (const [change, check, verdict] of wrong) {
    judged(t, judgeWeb({ ...web, ...change }), { ...WEB_FINE, [check]: verdict }, `${check} ${JSON.stringify(change).slice(0, 80)}`)
  }
  for (const [ours, theirs] of [
    ["default-src 'none'", 'default-src *'],
    ["'nonce-a'", "'nonce-a' 'unsafe-eval'"],
    ["'nonce-a' 'strict-dynamic'", "'unsafe-inline'"],
    ["frame-ancestors 'none'", 'frame-ancestors *'],
    ["base-uri 'none'; ", ''],
    ["form-action 'none'; ", ''],
    ["; require-trusted-types-for 'script'", '']
  ] as const) {
    const pages: WebFacts['pages'] = [page(PAGE_POLICY('a').replace(ours, theirs)), web.pages[1]]
    judged(t, judgeWeb({ ...web, pages }), { ...WEB_FINE, 'headers.csp-pages': 'fail' }, `${theirs} instead of ${ours}`)
  }
  const { 'headers.hsts': _hsts, ...plain } = WEB_FINE
  judged(t, judgeWeb({ ...web, isHttps: false }), plain, 'browsers ignore Strict-Transport-Security without https')
  judged(t, judgeWeb({ ...web, pages: [answer(API, { status: 404 }), answer(API, { status: 404 })], asset: null }),
    { ...WEB_FINE, 'headers.csp-pages': 'could-not-check', 'cache.pages': 'could-not-check', 'cache.assets': 'could-not-check' })
})

t.test('cookies: names and attributes', async (t) => {
  const good = 'refresh=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict'
  const look = (isSecure: boolean, ...setCookies: string[]): Finding[] => judgeCookies(isSecure, { setCookies })
  judged(t, look(true, `__Host-${good}`, 'SERVERID=a'), { 'cookies.names': 'pass', 'cookies.attributes': 'pass' })
  judged(t, look(false, good), { 'cookies.names': 'pass', 'cookies.attributes': 'pass' })
  judged(t, look(true, good), { 'cookies.names': 'fail', 'cookies.attributes': 'pass' })
  for (const change of [
    ['HttpOnly; ', ''],
    ['Secure; ', ''],
    ['Strict', 'Lax'],
    ['Path=/', 'Path=/auth'],
    ['HttpOnly', 'HttpOnly; Domain=example.org']
  ] as const) {
    judged(
      t,
      look(true, `__Host-${good.replace(change[0], change[1])}`),
      { 'cookies.names': 'pass', 'cookies.attributes': 'fail' },
      change[0]
    )
  }
  judged(t, look(true), { 'cookies.names': 'fail', 'cookies.attributes': 'fail' }, 'cookies that get lost')
})

t.test('proxy and doors', async (t) => {
  for (const [left, isTrusted, verdict] of [
    [[29, 28], false, 'pass'],
    [[29, 20], false, 'pass'],
    [[29, 29], false, 'fail'],
    [[29, 29], true, 'could-not-check'],
    [[0, 0], false, 'could-not-check'],
    [[null, null], false, 'could-not-check']
  ] as const) { judged(t, judgeForwarded({ left: [left[0], left[1]], isTrusted }), { 'proxy.forwarded': verdict }, JSON.stringify(left)) }
  judged(t, judgeTrusted('https://id.example.org', ['10.0.0.1']), { 'proxy.trusted': 'pass' })
  judged(t, judgeTrusted('http://localhost:3000', []), { 'proxy.trusted': 'pass' })
  judged(t, judgeTrusted('https://id.example.org', []), { 'proxy.trusted': 'fail' })
  judged(t, judgeDoors('https://id.example.org', [['/mailbox', 404], ['/metrics', 401]]), { 'doors.closed': 'pass' })
  judged(t, judgeDoors('https://id.example.org', [['/mailbox', 404], ['/metrics', 200]]), { 'doors.closed': 'fail' })
  judged(t, judgeDoors('http://localhost:3000', [['/mailbox', 200]]), { 'doors.closed': 'could-not-check' })
})

t.test('readiness and clocks', async (t) => {
  const ready = (state: string, mail: string, status = 200, lateMs = 0): Answer =>
    answer({ date: new Date(at - lateMs).toUTCString() }, { status, text: JSON.stringify({ parts: { redis: state, mail } }) })
  const look = (one: Answer): Finding[] => judgeHealth({ ready: one, jwks: answer(), askedAt: at })
  const fine = { 'health.ready': 'pass', 'health.mail': 'pass', 'clock.server': 'pass' } as const
  judged(t, look(ready('up', 'up')), fine)
  judged(t, look(ready('away', 'up', 503)), { ...fine, 'health.ready': 'fail' })
  judged(t, look(ready('up', 'away')), { ...fine, 'health.mail': 'warn' })
  judged(t, look(ready('up', 'up', 200, 60_000)), { ...fine, 'clock.server': 'fail' })
  judged(t, look(answer()), { 'health.ready': 'fail', 'health.mail': 'could-not-check', 'clock.server': 'could-not-check' })
  for (const [skew, verdict] of [
    [1_500, 'pass'],
    [-3_000, 'warn'],
    [6_000, 'fail'],
    [-6_000, 'fail']
  ] as const) { judged(t, judgeSkew('clock.redis', 'It', skew), { 'clock.redis': verdict }, `${skew}`) }
})

t.test('keys: what is published, what is here, how old', async (t) => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', kid: 'a', x: 'x' }
  const jwks = (...keys: object[]): Answer => answer({}, { text: JSON.stringify({ keys }) })
  const ec = { kty: 'EC', crv: 'P-256', alg: 'ES256', kid: 'b', x: 'x', y: 'y' }
  judged(t, judgePublished(jwks(jwk, { ...jwk, kid: 'b' })), { 'keys.published': 'pass' })
  judged(t, judgePublished(jwks(ec, jwk)), { 'keys.published': 'pass' }, 'both algorithms')
  t.match(judgePublished(jwks(ec, jwk)), { message: 'b (ES256), a (EdDSA)' })
  for (const bad of [
    jwks({ ...ec, alg: 'EdDSA' }),
    jwks({ ...ec, alg: undefined }),
    jwks({ ...ec, d: 'private' }),
    jwks(ec, { ...jwk, kid: 'b' })
  ]) {
    judged(t, judgePublished(bad), { 'keys.published': 'fail' }, bad.text)
  }
  for (const bad of [
    jwks(),
    jwks({ ...jwk, d: 'private' }),
    jwks({ kty: 'oct', k: 'shared', kid: 'a' }),
    jwks(jwk, jwk),
    jwks({ ...jwk, crv: 'P-256' }),
    answer({}, { status: 404, text: '<html>' })
  ]) {
    judged(t, judgePublished(bad), { 'keys.published': 'fail' }, bad.text)
  }
  const file = { path: '/keys.json', ageDays: 10, mode: 0o600 }
  const good: KeyFacts = { signing: { keys: [jwk], file }, secret: file }
  const fine = { 'keys.matching': 'pass', 'keys.age': 'pass', 'keys.file': 'pass', 'secret.age': 'pass' } as const
  judged(t, judgeKeys(good, jwks(jwk)), fine)
  judged(t, judgeKeys(good, jwks({ ...jwk, kid: 'b' })), { ...fine, 'keys.matching': 'fail' })
  judged(t, judgeKeys(good, jwks({ ...jwk, x: 'y' })), { ...fine, 'keys.matching': 'fail' }, 'another key of the same name')
  judged(t, judgeKeys(good, jwks(jwk, ec)), { ...fine, 'keys.matching': 'fail' }, 'a key more than here')
  judged(t, judgeKeys({ ...good, signing: { keys: [ec, jwk], file } }, jwks(ec, jwk)), fine, 'both algorithms')
  judged(t, judgeKeys({ ...good, signing: { keys: [jwk], file: { ...file, ageDays: 400 } } }, jwks(jwk)), { ...fine, 'keys.age': 'warn' })
  judged(t, judgeKeys({ ...good, signing: { keys: [jwk], file: { ...file, mode: 0o644 } } }, jwks(jwk)), { ...fine, 'keys.file': 'fail' })
  judged(t, judgeKeys({ ...good, secret: { ...file, ageDays: 400 } }, jwks(jwk)), { ...fine, 'secret.age': 'warn' })
  judged(t, judgeKeys({ ...good, secret: null }, jwks(jwk)), { ...fine, 'secret.age': 'could-not-check' })
  judged(t, judgeKeys({ signing: { reason: 'ENOENT' }, secret: file }, jwks(jwk)), {
    'keys.matching': 'could-not-check',
    'keys.age': 'could-not-check',
    'keys.file': 'could-not-check',
    'secret.age': 'pass'
  })
})

t.test('Redis: the worst node counts', async (t) => {
  const good: NodeFacts = {
    version: '7.2.4',
    isValkey: false,
    policy: 'noeviction',
    appendonly: 'yes',
    appendfsync: 'always',
    isLastWriteOk: true,
    replicas: 1,
    minReplicas: 1,
    skewMs: 3
  }
  const fine = {
    'redis.version': 'pass',
    'redis.eviction': 'pass',
    'redis.persistence': 'pass',
    'redis.replicas': 'pass',
    'clock.redis': 'pass'
  } as const
  judged(t, judgeRedis([good, { ...good, version: '8.1.0', isValkey: true }], true), fine)
  for (const [change, check, verdict] of [
    [{ version: '6.2.1' }, 'redis.version', 'fail'],
    [{ version: '7.0.15' }, 'redis.version', 'warn'],
    [{ policy: 'allkeys-lru' }, 'redis.eviction', 'fail'],
    [{ policy: null }, 'redis.eviction', 'could-not-check'],
    [{ appendonly: 'no' }, 'redis.persistence', 'fail'],
    [{ isLastWriteOk: false }, 'redis.persistence', 'fail'],
    [{ appendfsync: 'everysec' }, 'redis.persistence', 'warn'],
    [{ appendfsync: null }, 'redis.persistence', 'could-not-check'],
    [{ replicas: 0 }, 'redis.replicas', 'warn'],
    [{ minReplicas: 0 }, 'redis.replicas', 'warn'],
    [{ minReplicas: null }, 'redis.replicas', 'could-not-check'],
    [{ skewMs: -9_000 }, 'clock.redis', 'fail']
  ] as const) { judged(t, judgeRedis([good, { ...good, ...change }], true), { ...fine, [check]: verdict }, JSON.stringify(change)) }
  judged(t, judgeRedis([{ ...good, replicas: 0 }], false), fine, 'alone is fine on a desk')
})

t.test('records: made under SECRET, under an old one, or under none that is given', async (t) => {
  const counts = (passwords: Record<string, number>, authenticators: Record<string, number> = {}, addressKey: string | null = 'AAAA') =>
    ({ passwords: new Map(Object.entries(passwords)), authenticators: new Map(Object.entries(authenticators)), addressKey })
  for (const [records, previous, verdict] of [
    [counts({ AAAA: 5 }), [], 'pass'],
    [counts({}, {}, null), [], 'pass'],
    [counts({ AAAA: 5 }), ['BBBB'], 'pass'],
    [counts({ AAAA: 5, BBBB: 1 }), ['BBBB'], 'warn'],
    [counts({}, { BBBB: 1 }), ['BBBB'], 'warn'],
    [counts({ AAAA: 5, BBBB: 1 }), [], 'fail'],
    [counts({ AAAA: 5 }, {}, 'CCCC'), ['BBBB'], 'fail'],
    [counts({ AAAA: 5 }), ['AAAA'], 'pass']
  ] as const) {
    judged(t, judgeRecords(records, 'AAAA', [...previous]), { 'secret.records': verdict }, JSON.stringify([...records.passwords, previous]))
  }
})

t.test('settings: what is probably a mistake is told', async (t) => {
  judged(t, judgeSettings([]), { 'settings.warnings': 'pass' })
  judged(t, judgeSettings(['SMPT_URL is not a setting. Did you mean SMTP_URL?']), { 'settings.warnings': 'warn' })
})

t.test('accounts: there are some, or the data may be lost', async (t) => {
  const counts = (passwords: number) =>
    ({ passwords: new Map([['AAAA', passwords]]), authenticators: new Map<string, number>(), addressKey: null })
  judged(t, [judgeAccounts(counts(3))], { 'redis.accounts': 'pass' })
  judged(t, [judgeAccounts(counts(0))], { 'redis.accounts': 'warn' })
  t.match(judgeAccounts(counts(0)), { message: /and nothing else of Dvokrok/, remedy: /dvokrok restore puts a backup back/ })
})

t.test('service keys: who uses them, which nobody uses, which are old', async (t) => {
  const key = (createdDaysAgo: number, usedDaysAgo: number | null) => ({
    id: '5f0c3a9e1b7d2468',
    name: 'shop',
    scopes: [],
    createdAt: Date.now() - createdDaysAgo * DAY_MS,
    lastUsedAt: usedDaysAgo === null ? null : Date.now() - usedDaysAgo * DAY_MS
  })
  judged(t, [judgeServiceKeys([])], { 'redis.service-keys': 'pass' })
  judged(t, [judgeServiceKeys([key(1, null), key(300, 1)])], { 'redis.service-keys': 'pass' })
  for (const [created, used, why] of [[31, null, /not used/], [300, 40, /not used/], [400, 1, /older than a year/]] as const) {
    judged(t, [judgeServiceKeys([key(created, used)])], { 'redis.service-keys': 'warn' })
    t.match(judgeServiceKeys([key(created, used)]).message, why)
    t.match(judgeServiceKeys([key(created, used)]).message, 'shop (5f0c3a9e1b7d2468)')
  }
})

t.test('webhooks: which receiver is paused, which takes nothing', async (t) => {
  const state = { failingSince: 0, pausedAt: 0, lagMs: 0 }
  judged(t, [judgeWebhooks([])], { 'redis.webhooks': 'pass' })
  judged(t, [judgeWebhooks([{ host: 'billing', state }, { host: 'new', state: null }])], { 'redis.webhooks': 'pass' })
  const cases = [[{ pausedAt: 1 }, /billing answered 410/], [{ failingSince: 1 }, /billing has taken nothing since 1970/]] as const
  for (const [bad, why] of cases) {
    judged(t, [judgeWebhooks([{ host: 'billing', state: { ...state, ...bad } }])], { 'redis.webhooks': 'warn' })
    t.match(judgeWebhooks([{ host: 'billing', state: { ...state, ...bad } }]).message, why)
  }
})

t.test('mail: server, encryption, user', async (t) => {
  const good: SmtpFacts = {
    where: 'mail.example.org:587',
    unreachable: null,
    encryption: 'starttls',
    isRequired: true,
    certificateError: null,
    login: 'accepted'
  }
  const fine = { 'mail.reachable': 'pass', 'mail.encrypted': 'pass', 'mail.login': 'pass' } as const
  for (const [change, expected] of [
    [{}, fine],
    [{ encryption: 'tls', login: null }, fine],
    [{ encryption: 'none' }, { ...fine, 'mail.encrypted': 'fail' }],
    [
      { encryption: 'none', isRequired: false },
      { ...fine, 'mail.encrypted': 'fail' }
    ],
    [{ where: 'localhost:25', encryption: 'none', isRequired: false }, fine],
    [{ where: '::1:25', encryption: 'none', isRequired: false }, fine],
    [{ certificateError: 'CERT_HAS_EXPIRED' }, { ...fine, 'mail.encrypted': 'fail' }],
    [{ login: { reason: 'EAUTH' } }, { ...fine, 'mail.login': 'fail' }],
    [{ unreachable: 'ECONNREFUSED' }, { 'mail.reachable': 'fail', 'mail.encrypted': 'could-not-check', 'mail.login': 'could-not-check' }]
  ] as const) { judged(t, judgeSmtp({ ...good, ...change }), expected, JSON.stringify(change)) }
})

t.test('Redis: reached, with all rights; mails of the hour: within the limit', async (t) => {
  judged(t, judgeReachable('h:6379', null), { 'redis.reachable': 'pass' })
  judged(t, judgeReachable('h:6379', 'Nothing listens there.'), { 'redis.reachable': 'fail' })
  judged(t, judgeRights([]), { 'redis.rights': 'pass' })
  judged(t, judgeRights(['TIME', '~{u:*']), { 'redis.rights': 'fail' })
  judged(t, judgeMailLimit(10, 100), { 'mail.limit': 'pass' })
  judged(t, judgeMailLimit(60, 100), { 'mail.limit': 'warn' })
  judged(t, judgeMailLimit(101, 100), { 'mail.limit': 'fail' })
})

t.test('DNS: who may send, who signs, what receivers do', async (t) => {
  const texts = (...lines: string[]): Texts => ({ texts: lines })
  const good: DnsFacts = {
    domain: 'example.org',
    spf: texts('v=spf1 mx -all', 'something else'),
    dkim: texts('v=DKIM1; k=rsa; p=MIIB'),
    selector: 's1',
    dmarc: texts('v=DMARC1; p=reject')
  }
  const fine = { 'mail.spf': 'pass', 'mail.dkim': 'pass', 'mail.dmarc': 'pass' } as const
  judged(t, judgeDns(good), fine)
  for (const [change, check, verdict] of [
    [{ spf: 'absent' }, 'mail.spf', 'fail'],
    [{ spf: texts('v=spf1 mx -all', 'v=spf1 a -all') }, 'mail.spf', 'fail'],
    [{ spf: texts('v=spf1 mx +all') }, 'mail.spf', 'fail'],
    [{ spf: texts('v=spf1 all') }, 'mail.spf', 'fail'],
    [{ spf: texts('v=spf1 mx') }, 'mail.spf', 'fail'],
    [{ spf: texts('v=spf1 redirect=_spf.example.net') }, 'mail.spf', 'pass'],
    [{ spf: texts('v=spf1 include:a.example ~all') }, 'mail.spf', 'pass'],
    [{ spf: { reason: 'ETIMEOUT' } }, 'mail.spf', 'could-not-check'],
    [{ dkim: texts('v=DKIM1; p=') }, 'mail.dkim', 'fail'],
    [{ dkim: 'absent' }, 'mail.dkim', 'fail'],
    [{ dkim: 'absent', selector: undefined }, 'mail.dkim', 'warn'],
    [{ dkim: 'bare', selector: undefined }, 'mail.dkim', 'could-not-check'],
    [{ dmarc: 'absent' }, 'mail.dmarc', 'fail'],
    [{ dmarc: texts('v=DMARC1; p=none') }, 'mail.dmarc', 'warn'],
    [{ dmarc: texts('v=DMARC1; p=reject', 'v=DMARC1; p=none') }, 'mail.dmarc', 'fail'],
    [{ dmarc: { reason: 'ESERVFAIL' } }, 'mail.dmarc', 'could-not-check']
  ] as const) { judged(t, judgeDns({ ...good, ...change }), { ...fine, [check]: verdict }, JSON.stringify(change)) }
})

t.test('attacks: what they found is judged', async (t) => {
  const code = (...statuses: number[]): Finding => judgeCodeRace(statuses)
  judged(t, code(400, 200, 400), { 'attack.code-race': 'pass' })
  judged(t, code(200, 200, 400), { 'attack.code-race': 'fail' })
  judged(t, code(503, 503), { 'attack.code-race': 'could-not-check' })
  for (const [successors, verdict] of [
    [['a', 'a'], 'pass'],
    [['a', 'b'], 'fail'],
    [['a', null], 'fail'],
    [[null, null], 'could-not-check']
  ] as const) { judged(t, judgeRefreshRace([...successors]), { 'attack.refresh-race': verdict }) }
  for (const [before, access, refresh, verdict] of [
    [200, 401, 401, 'pass'],
    [200, 200, 401, 'fail'],
    [200, 401, 200, 'fail'],
    [200, 503, 401, 'could-not-check'],
    [401, 401, 401, 'could-not-check']
  ] as const) { judged(t, judgeRevoked(before, access, refresh), { 'attack.revoked': verdict }) }
  for (const [judgedCodes, end, verdict] of [
    [[5, 5, 5, 5], 'OTP_ATTEMPTS_EXCEEDED', 'pass'],
    [[5, 6], 'OTP_ATTEMPTS_EXCEEDED', 'fail'],
    [[5, 5, 5, 5, 1], 'OTP_ATTEMPTS_EXCEEDED', 'fail'],
    [[5], 'never', 'fail'],
    [[5], 'TOO_MANY_REQUESTS', 'could-not-check']
  ] as const) {
    judged(
      t,
      judgeGuesses({ judged: [...judgedCodes], end }, { maxAttempts: 5, dailyFailures: 20 }),
      { 'attack.guesses': verdict },
      `${judgedCodes} ${end}`
    )
  }
  const shape: Shape = { status: 401, code: 'CREDENTIALS_INVALID', headers: ['date'], fields: ['code'], cookies: [] }
  judged(t, judgeAnswers([['/auth/login', shape, shape]]), { 'attack.answers': 'pass' })
  for (const change of [{ status: 404 }, { code: 'NOT_FOUND' }, { headers: ['etag'] }, { fields: [] }, { cookies: ['device'] }]) {
    judged(t, judgeAnswers([['/auth/login', shape, { ...shape, ...change }]]), { 'attack.answers': 'fail' }, JSON.stringify(change))
  }
  judged(t, judgeAnswers([['/auth/login', shape, { ...shape, status: 503 }]]), { 'attack.answers': 'could-not-check' })
  for (const [facts, verdict] of [
    [{ sent: 11, isStopped: true }, 'pass'],
    [{ sent: 22 }, 'fail'],
    [{ sent: 22, isTrusted: true }, 'could-not-check'],
    [{ sent: 500, limit: 1000 }, 'could-not-check']
  ] as const) {
    judged(
      t,
      judgeFlood({ limit: 10, isStopped: false, isTrusted: false, ...facts }),
      { 'attack.forwarded': verdict },
      JSON.stringify(facts)
    )
  }
  judged(t, judgeCleanUp('a@example.org', 204, 401), { 'attack.cleanup': 'pass' })
  judged(t, judgeCleanUp('a@example.org', 204, 200), { 'attack.cleanup': 'fail' })
  judged(t, judgeCleanUp('a@example.org', 403, 200), { 'attack.cleanup': 'fail' })
})

t.test('timing: a steady difference is told, noise and a few slow answers are not', async (t) => {
  const noise = [3, -2, 5, -4, 1, 0, -3, 2, 4, -1, 2, -5]
  const pairs = (difference: number, factor = 1): Array<[number, number]> =>
    noise.map((one, at) => [200 + difference + factor * one, 200 - factor * (noise[(at + 5) % 12] ?? 0)])
  judged(t, judgeTiming(pairs(0)), { 'attack.timing': 'pass' })
  judged(t, judgeTiming(pairs(60)), { 'attack.timing': 'fail' })
  judged(t, judgeTiming(pairs(-60)), { 'attack.timing': 'fail' })
  judged(
    t,
    judgeTiming(pairs(0).map(([known, unknown], at) => [at < 3 ? known + 3_000 : known, unknown])),
    { 'attack.timing': 'pass' },
    'three of twelve were slow'
  )
  judged(t, judgeTiming(pairs(60, 40)), { 'attack.timing': 'could-not-check' })
  judged(t, judgeTiming(pairs(60).slice(0, 4)), { 'attack.timing': 'could-not-check' })
})

t.test('every check was seen to pass, and to find something', async (t) => {
  for (const check of CHECKS) {
    const verdicts = seen.get(check)
    t.ok(verdicts?.has('pass'), `${check} passes`)
    t.ok(verdicts?.has('fail') || verdicts?.has('warn'), `${check} finds something`)
  }
})
