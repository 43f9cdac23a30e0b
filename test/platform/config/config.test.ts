import { mkdirSync, readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import t, { type Test } from 'tap'
import { EVENT_TYPES } from '../../../src/records/events/event.ts'
import { loadConfig } from '../../../src/platform/config/config.ts'
import { coresForUs } from '../../../src/platform/config/cores.ts'
import { makeCertificate } from '../../support/certificate.ts'
import { schema } from '../../../src/platform/config/variables.ts'
import { shaped } from '../../support/shapes.ts'
import { problemsOf } from '../../support/settings.ts'

type Environment = Record<string, string | undefined>

const secret = randomBytes(32).toString('base64')
const production: Environment = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://id.example.org',
  REDIS_URL: 'redis://localhost:6379',
  SMTP_URL: 'smtps://user:password@mail.example.org',
  MAIL_FROM: 'Example <no-reply@example.org>',
  SECRET: secret,
  SIGNING_KEYS: 'keys.json'
}
const outside: Environment = { REDIS_URL: 'rediss://h', SMTP_URL: 'smtp://h', MAIL_FROM: 'a@b.example' }

const refuses = (t: Test, env: Environment, ...words: RegExp[]): void => {
  const problems = problemsOf(env)
  t.equal(problems.length, 1, `one problem for ${JSON.stringify(env)}, got: ${problems.join(' ')}`)
  for (const word of words) t.match(problems[0], word)
}

t.test('nothing set is a server for this machine with the documented defaults', async (t) => {
  const { dataDir, passwordWorkers, ...config } = loadConfig({})
  t.equal(passwordWorkers, Math.min(coresForUs(), 8))
  t.equal(dataDir, resolve('.data'))
  t.strictSame(config, {
    brand: { name: 'Dvokrok', color: null, logo: null, links: { support: null, terms: null, privacy: null } },
    production: false,
    host: '127.0.0.1',
    port: 3000,
    workers: 1,
    publicUrl: 'http://localhost:3000',
    basePath: '',
    secure: false,
    ownOrigins: ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'],
    issuer: 'http://localhost:3000',
    audience: 'http://localhost:3000',
    trustProxy: [],
    corsOrigins: [],
    appUrl: null,
    returnOrigins: [],
    redis: null,
    redisWaitReplicas: 0,
    smtpUrl: null,
    smtpCa: null,
    mailFrom: 'Dvokrok <no-reply@localhost>',
    passwordRangeUrl: null,
    tracesUrl: null,
    otpWebhook: null,
    eventsWebhook: null,
    eventsLifeMs: 2_592_000_000,
    secret: null,
    previousSecrets: [],
    signingKeysPath: null,
    metricsToken: null,
    accessTokenTtlSeconds: 900,
    refreshTokenTtlMs: 604_800_000,
    sessionMaxMs: 2_592_000_000,
    sessionsPerAccount: 50,
    sessionEpochMs: 0,
    loginCodeTtlMs: 300_000,
    signUpCodeTtlMs: 600_000,
    codeLength: 6,
    resendIntervalMs: 60_000,
    maxAttempts: 5,
    dailyFailures: 20,
    twoFactorRequired: false,
    registration: 'open',
    roles: [],
    tokenClaims: [],
    accountsIndex: true,
    bcryptCost: 12,
    contextWords: ['localhost', 'Dvokrok'],
    limits: {
      loginPerSource: 30,
      registerPerSource: 10,
      resendPerSource: 10,
      mailsPerAddressHour: 10,
      mailsPerAddressDay: 30,
      mailsHour: 10_000,
      perServiceKey: 300_000,
      captchaAfter: 10,
      captchaAfterSource: 100
    },
    passkeys: { rpId: 'localhost', origins: ['http://localhost:3000'] },
    languages: { locales: ['en', 'uk', 'ru'], defaultLocale: 'en', ownTexts: {} },
    logLevel: 'info',
    logFormat: 'auto',
    warnings: []
  })
})

t.test('the configuration cannot be changed later, its parts neither', async (t) => {
  const config = loadConfig({ CORS_ORIGINS: 'http://localhost:5173' })
  t.ok(Object.isFrozen(config))
  t.ok(Object.isFrozen(config.limits))
  t.ok(Object.isFrozen(config.corsOrigins))
})

t.test('an empty or blank variable counts as unset', async (t) => {
  const empty = Object.fromEntries(Object.keys(schema.properties).map((name) => [name, '']))
  t.strictSame(loadConfig(empty), loadConfig({}))
  t.equal(loadConfig({ PORT: '  ' }).port, 3000)
  t.equal(loadConfig({ PORT: ' 4000 ' }).port, 4000)
})

t.test('all mistakes are told at once, each with its variable', async (t) => {
  const wrong = {
    HOST: 'http://x',
    PORT: '99999',
    PUBLIC_URL: 'id.example.org',
    REDIS_URL: 'localhost',
    SMTP_URL: 'mail',
    MAIL_FROM: 'me',
    PASSWORD_RANGE_URL: 'https://api.example.org/range',
    OTP_WEBHOOK_URL: 'http://sms.example.org',
    OTP_WEBHOOK_SECRET: 'short',
    SECRET: 'short',
    SECRET_PREVIOUS: 'short',
    METRICS_TOKEN: 'a b',
    TRUST_PROXY: 'true',
    CORS_ORIGINS: '*',
    BCRYPT_COST: '4',
    DEFAULT_LOCALE: 'de',
    LOG_LEVEL: 'loud',
    TWO_FACTOR_REQUIRED: 'yes',
    NODE_ENV: 'prod'
  }
  const problems = problemsOf(wrong)
  t.strictSame(problems.map((problem) => /^[A-Z_]+/.exec(problem)?.[0]).sort(), Object.keys(wrong).sort())
  t.throws(() => loadConfig(wrong), { name: 'ConfigError', message: problems.map((problem) => `- ${problem}`).join('\n') })
})

t.test('a number is plain digits within its bounds, at both ends', async (t) => {
  for (const [name, property] of Object.entries(schema.properties)) {
    if (property.type !== 'integer') continue
    const { minimum, maximum } = shaped<{ minimum: number, maximum: number }>(property)
    for (const value of [minimum, maximum]) {
      t.strictSame(
        problemsOf({ ...outside, SESSION_MAX_DAYS: '365', REFRESH_TOKEN_TTL_DAYS: '1', [name]: String(value) }),
        [],
        `${name}=${value}`
      )
    }
    for (const value of [
      minimum - 1,
      maximum + 1,
      '1e1',
      '0xa',
      '10.0',
      '+10',
      '010',
      '10 0',
      'ten',
      'NaN',
      'Infinity',
      '99999999999999999999'
    ]) {
      refuses(
        t,
        { [name]: String(value) },
        new RegExp(`^${name} must be a whole number from ${minimum} to ${maximum}`),
        /remove it for the default/
      )
    }
  }
})

t.test('every number of the contract has its bounds', async (t) => {
  const bounds = ['TWO_FACTOR_TOKEN_TTL_MINUTES', 'REGISTRATION_TOKEN_TTL_MINUTES', 'TWO_FACTOR_TOKEN_LENGTH', 'TWO_FACTOR_MAX_ATTEMPTS',
    'TWO_FACTOR_DAILY_FAILURES', 'BCRYPT_COST', 'CAPTCHA_AFTER', 'TWO_FACTOR_RESEND_INTERVAL_SECONDS'] as const
  t.strictSame(bounds.map((name) => [schema.properties[name].minimum, schema.properties[name].maximum]),
    [[1, 10], [1, 10], [6, 10], [1, 10], [1, 50], [10, 15], [0, 1_000_000], [1, 600]])
})

t.test('an idle life longer than the absolute one is refused, unless either is wrong by itself', async (t) => {
  refuses(t, { REFRESH_TOKEN_TTL_DAYS: '31' }, /SESSION_MAX_DAYS is 30/, /REFRESH_TOKEN_TTL_DAYS, which is 31/)
  refuses(t, { REFRESH_TOKEN_TTL_DAYS: '60', SESSION_MAX_DAYS: 'x' }, /^SESSION_MAX_DAYS must be a whole number/)
  t.equal(loadConfig({ REFRESH_TOKEN_TTL_DAYS: '30' }).refreshTokenTtlMs, 30 * 86_400_000)
})

t.test('production makes nothing up: it names every variable that it needs', async (t) => {
  const problems = problemsOf({ NODE_ENV: 'production' })
  const named = problems.map((problem) => /^[A-Z_]+/.exec(problem)?.[0])
  t.strictSame(named.sort(), ['PUBLIC_URL', 'REDIS_URL', 'SECRET', 'SIGNING_KEYS', 'SMTP_URL'])
  t.strictSame(problemsOf(production), [])
  t.equal(loadConfig(production).production, true)
  for (const name of ['PUBLIC_URL', 'REDIS_URL', 'SMTP_URL', 'MAIL_FROM', 'SECRET', 'SIGNING_KEYS']) {
    refuses(t, { ...production, [name]: undefined }, new RegExp(`^${name} is not set`))
  }
})

t.test('production speaks https, or http on a loopback name only', async (t) => {
  refuses(t, { ...production, PUBLIC_URL: 'http://id.example.org' }, /^PUBLIC_URL is http:\/\/id\.example\.org/, /https/)
  for (const PUBLIC_URL of ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000']) {
    t.strictSame(problemsOf({ ...production, PUBLIC_URL }), [])
  }
})

t.test('the embedded Redis and the mailbox are refused wherever other machines can reach the server', async (t) => {
  const reachable = [
    { HOST: '0.0.0.0' },
    { HOST: '::' },
    { HOST: '192.168.1.5' },
    { HOST: 'box.example' },
    { PUBLIC_URL: 'https://id.example.org' },
    { PUBLIC_URL: 'http://127.0.0.1.example.org' }
  ]
  for (const env of reachable) {
    const problems = problemsOf(env)
    t.equal(problems.length, 2, JSON.stringify(env))
    t.match(problems[0], new RegExp(`^REDIS_URL is not set.*${Object.keys(env)[0]} is `))
    t.match(problems[1], new RegExp(`^SMTP_URL is not set.*${Object.keys(env)[0]} is `))
    t.strictSame(problemsOf({ ...env, ...outside }), [])
  }
  for (const HOST of ['localhost', '127.0.0.1', '127.9.9.9', '::1']) t.strictSame(problemsOf({ HOST }), [])
  for (const HOST of ['127.1', '0', '[::1]', 'localhost:3000']) refuses(t, { HOST, ...outside }, /^HOST must be/)
})

t.test('PUBLIC_URL is an origin and decides issuer, audience, cookies and own origins', async (t) => {
  const config = loadConfig({ ...production, PUBLIC_URL: 'https://ID.example.org:443/' })
  t.match(config, {
    publicUrl: 'https://id.example.org',
    issuer: 'https://id.example.org',
    audience: 'https://id.example.org',
    secure: true
  })
  t.strictSame(config.ownOrigins, ['https://id.example.org'])
  t.strictSame(loadConfig({ ...production, PUBLIC_URL: 'http://localhost:3000' }).ownOrigins, ['http://localhost:3000'])
  t.strictSame(loadConfig({ PUBLIC_URL: 'http://127.0.0.1:81' }).ownOrigins, [
    'http://127.0.0.1:81',
    'http://localhost:81',
    'http://[::1]:81'
  ])
  t.equal(loadConfig({ ...production, JWT_AUDIENCE: 'api' }).audience, 'api')
  t.equal(loadConfig({ PORT: '0' }).publicUrl, 'http://localhost:0')
  for (const PUBLIC_URL of [
    'https://x.example/id',
    'https://u:p@x.example',
    'https://x.example?',
    'https://x.example#',
    'ftp://x.example',
    'null',
    'https://*.example'
  ]) {
    refuses(t, { PUBLIC_URL }, /^PUBLIC_URL must be/)
  }
})

t.test('a weak secret is refused and never repeated in the message', async (t) => {
  const weak = ['secret', 'a'.repeat(64), 'secret'.repeat(8), 'secretsecretsecretsecretsecretsecretsec', '0123456789abcdef'.repeat(2),
    randomBytes(15).toString('hex') + 'x', 'abababcababababacbabababababababab']
  for (const value of weak) {
    refuses(t, { SECRET: value }, /^SECRET /, /openssl rand -base64 48/)
    refuses(t, { SECRET_PREVIOUS: `${secret},${value}` }, /^SECRET_PREVIOUS, number 2 of 2,/)
    t.notOk(
      problemsOf({ SECRET: value })
        .concat(problemsOf({ SECRET_PREVIOUS: value }))
        .some((problem) => value.length > 6 && problem.includes(value))
    )
  }
  refuses(t, { SECRET: `${secret},${secret.slice(1)}` }, /comma/)
})

t.test('32 bytes are enough for a secret, in any alphabet, and several may be retired', async (t) => {
  const others = [randomBytes(16).toString('hex'), 'Їжак зʼїв п’ять яблук уночі']
  t.strictSame(problemsOf({ SECRET: others[0] }), [])
  t.strictSame(loadConfig({ SECRET: secret, SECRET_PREVIOUS: ` ${others.join(' , ')}` }).previousSecrets, others)
  t.equal(loadConfig({ SECRET: secret }).secret, secret)
})

t.test('no password in an address is repeated in a message', async (t) => {
  const urls = [
    'http://u:hunter2@h',
    'redis://u:hunter2@h/x',
    'redis://u:hunter2@h?x=1',
    'redis://u:hunter2@a,rediss://b',
    'redis://u:hunter2@h/%/',
    'unix://u:hunter2@x',
    'redis+sentinel://u:hunter2@h'
  ]
  for (const url of urls) {
    const problems = problemsOf({ REDIS_URL: url, SMTP_URL: url, MAIL_FROM: 'a@b.example', CORS_ORIGINS: url, PUBLIC_URL: url })
    t.ok(problems.length >= 3, url)
    t.notMatch(problems.join(), 'hunter2')
  }
})

t.test('MAIL_FROM is one mailbox with an ASCII address', async (t) => {
  for (const MAIL_FROM of [
    'a@example.org',
    'Example <a@example.org>',
    '"Example, Inc." <a@example.org>',
    'Двокрок <a@example.org>',
    '<a@localhost>'
  ]) {
    t.equal(loadConfig({ MAIL_FROM }).mailFrom, MAIL_FROM)
  }
  for (const MAIL_FROM of [
    'a',
    'a@b@c.org',
    'a@b.org, c@d.org',
    'a@b.org; c@d.org',
    'Group: a@b.org;',
    'A, B <a@b.org>',
    'A <a@b.org> <c@d.org>',
    'A <a@b.org>, c@d.org',
    'a@b.org\r\nBcc: c@d.org',
    'A\r\nBcc: c@d.org <a@b.org>',
    'і@example.org',
    'a@приклад.укр',
    '"a"b@c.org',
    'a..b@c.org',
    'a@-b.org'
  ]) {
    refuses(t, { MAIL_FROM }, /^MAIL_FROM must be one mailbox/)
  }
})

t.test('the webhook for codes is https, or http on this machine, and its key is long', async (t) => {
  t.strictSame(loadConfig({ OTP_WEBHOOK_URL: 'https://sms.example.org/send?to=x' }).otpWebhook, {
    url: 'https://sms.example.org/send?to=x',
    secret: null
  })
  const OTP_WEBHOOK_SECRET = `whsec_${secret}`
  t.strictSame(loadConfig({ OTP_WEBHOOK_URL: 'http://127.0.0.1:9000', OTP_WEBHOOK_SECRET }).otpWebhook, {
    url: 'http://127.0.0.1:9000/',
    secret: OTP_WEBHOOK_SECRET
  })
  for (const OTP_WEBHOOK_URL of [
    'http://sms.example.org',
    'https://u:hunter2@sms.example.org',
    'https://sms.example.org/#x',
    'ftp://localhost',
    'sms.example.org'
  ]) {
    refuses(t, { OTP_WEBHOOK_URL }, /^OTP_WEBHOOK_URL must be https/)
    t.notMatch(problemsOf({ OTP_WEBHOOK_URL }).join(), 'hunter2')
  }
  for (const value of ['short', `whsec_${'ab'.repeat(20)}`, `whsec_${randomBytes(31).toString('base64')}`, `whsec_${secret}!`]) {
    refuses(t, { OTP_WEBHOOK_URL: 'https://sms.example.org', OTP_WEBHOOK_SECRET: value }, /^OTP_WEBHOOK_SECRET /)
  }
})

t.test('a Redis that is reached over a network without TLS is warned about, without its password', async (t) => {
  for (const REDIS_URL of [
    'redis://user:secret@redis.example.org:6379/0', 'redis://10.0.0.7', 'redis://redis-1:6379,redis://redis-2:6379',
    'redis+sentinel://:secret@localhost:26379,redis-2:26379/main', 'redis://[fd00::1]:6379'
  ]) {
    const { warnings } = loadConfig({ ...production, REDIS_URL })
    t.match(warnings, [/^REDIS_URL leads to [\w.:[\]-]+ without TLS/], REDIS_URL)
    t.equal(warnings.length, 1)
    t.notMatch(warnings[0], /secret/)
  }
  for (const REDIS_URL of [
    'redis://localhost', 'redis://127.0.0.1:6379,redis://[::1]:6380', 'unix:/run/redis.sock', 'rediss://redis.example.org',
    'rediss://redis-1,redis-2', 'rediss+sentinel://sentinel-1/main'
  ]) t.strictSame(loadConfig({ ...production, REDIS_URL }).warnings, [], REDIS_URL)
})

t.test('TRUST_PROXY takes addresses and ranges; trusting everybody is refused with the reason', async (t) => {
  t.strictSame(loadConfig({ TRUST_PROXY: '10.0.0.0/8, ::1 ,192.0.2.1,fd00::/8' }).trustProxy, [
    '10.0.0.0/8',
    '::1',
    '192.0.2.1',
    'fd00::/8'
  ])
  const alsoWritten = '[::1], [fd00::]/8,::ffff:10.0.0.1,::ffff:10.0.0.0/104'
  t.strictSame(loadConfig({ TRUST_PROXY: alsoWritten }).trustProxy, ['[::1]', '[fd00::]/8', '::ffff:10.0.0.1', '::ffff:10.0.0.0/104'])
  for (const TRUST_PROXY of ['true', '*', '0.0.0.0/0', '::/0', '0.0.0.0/00', '::ffff:0.0.0.0/96']) {
    refuses(t, { TRUST_PROXY }, /^TRUST_PROXY/, /choose its own address/)
  }
  refuses(t, { TRUST_PROXY: '2' }, /^TRUST_PROXY/, /number of hops/)
  for (const TRUST_PROXY of [
    '10.0.0.0/33',
    '::1/129',
    'loopback',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    'fe80::1%eth0',
    '1.2.3',
    '10.0.0.1:8080',
    '[::1'
  ]) {
    refuses(t, { TRUST_PROXY }, /^TRUST_PROXY/)
  }
  refuses(t, { TRUST_PROXY: '10.0.0.1,x,y' }, /"x, y"/)
})

t.test('CORS_ORIGINS are exact, and another site is warned about', async (t) => {
  const at = (CORS_ORIGINS: string) => loadConfig({ ...production, CORS_ORIGINS })
  t.strictSame(at('https://app.example.org/,https://id.example.org,https://app.example.org').corsOrigins, ['https://app.example.org'])
  for (const sameSite of [
    'https://app.example.org',
    'https://example.org',
    'https://a.id.example.org',
    'https://a.b.example.org',
    'https://id.example.org:8443'
  ]) { t.strictSame(at(sameSite).warnings, []) }
  for (const other of ['https://example.com', 'http://app.example.org', 'https://badexample.org', 'https://org']) {
    t.equal(at(other).warnings.length, 1, other)
    t.match(at(other).warnings[0], new RegExp(`CORS_ORIGINS has ${other},.*Bearer`))
  }
  const { warnings } = loadConfig({ ...outside, PUBLIC_URL: 'http://10.0.0.1', CORS_ORIGINS: 'http://11.0.0.1' })
  t.equal(warnings.filter((one) => one.startsWith('CORS_ORIGINS has http://11.0.0.1,')).length, 1, 'addresses are no neighbours')
  for (const CORS_ORIGINS of ['*', 'null', 'https://*.example.org', 'https://x.example/path', 'app.example.org']) {
    refuses(t, { CORS_ORIGINS }, /^CORS_ORIGINS/)
  }
})

t.test('what is allowed but hardly meant is warned about', async (t) => {
  t.match(loadConfig({ HOST: '0.0.0.0', ...outside }).warnings, [/PUBLIC_URL is not set/])
  t.match(loadConfig({ PUBLIC_URL: 'http://box.example', ...outside }).warnings, [/PUBLIC_URL is not https/])
  t.match(loadConfig({ METRICS_TOKEN: 'short' }).warnings, [/METRICS_TOKEN is short/])
})

t.test('.env is read below the environment and only when asked for', async (t) => {
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(t.testdir({ '.env': 'PORT=4000\nLOG_LEVEL=debug # why\nSMTP_URL=smtp://h\nMAIL_FROM="A <a@b.example>"\n', bad: {} }))
  t.match(loadConfig({ LOG_LEVEL: 'warn', SMTP_URL: '' }, { dotenv: true }), {
    port: 4000,
    logLevel: 'warn',
    smtpUrl: null,
    mailFrom: 'A <a@b.example>'
  })
  t.equal(loadConfig({}).port, 3000)
  process.chdir('bad')
  t.equal(loadConfig({}, { dotenv: true }).port, 3000, 'no file is fine')
  mkdirSync('.env')
  t.throws(() => loadConfig({ PORT: 'x' }, { dotenv: true }), { message: /\.env is there but cannot be read \(EISDIR\)[^]*PORT/ })
})

t.test('an environment that is given is the only one', async (t) => {
  t.teardown(() => { delete process.env.LOG_LEVEL })
  process.env.LOG_LEVEL = 'trace'
  t.equal(loadConfig({}).logLevel, 'info')
  t.equal(loadConfig(undefined, { dotenv: false }).logLevel, 'trace')
})

t.test('.env.example has every variable, once, with its default, and no other', async (t) => {
  const lines = readFileSync('.env.example', 'utf8')
    .split('\n')
    .map((line) => /^#([A-Z_]+)=(.*)$/.exec(line))
    .filter((match) => match !== null)
  const examples = new Map(lines.map(([, name, value]) => [name ?? '', value ?? '']))
  t.strictSame(lines.map(([, name]) => name).sort(), Object.keys(schema.properties).sort())
  for (const [name, property] of Object.entries(schema.properties)) {
    if (property.default !== undefined) t.equal(examples.get(name), String(property.default), name)
  }
  refuses(t, { SECRET: examples.get('SECRET') }, /^SECRET is the example/)
  refuses(t, { SECRET_PREVIOUS: examples.get('SECRET_PREVIOUS') }, /^SECRET_PREVIOUS is the example/)
  refuses(t, { OTP_WEBHOOK_SECRET: examples.get('OTP_WEBHOOK_SECRET') }, /^OTP_WEBHOOK_SECRET is the example/)
  const EVENTS_WEBHOOK_SECRET = examples.get('EVENTS_WEBHOOK_SECRET')
  refuses(t, { EVENTS_WEBHOOK_URL: 'https://h', EVENTS_WEBHOOK_SECRET }, /^EVENTS_WEBHOOK_SECRET is the example/)
  const rest = readFileSync('.env.example', 'utf8').replace(/^#(?=[A-Z_]+=)(?!SECRET|OTP_WEBHOOK_SECRET|EVENTS_WEBHOOK_SECRET)/gm, '')
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(t.testdir({ '.env': rest }))
  const { publicUrl } = loadConfig({ EVENTS_WEBHOOK_SECRET: secret }, { dotenv: true })
  t.equal(publicUrl, 'https://id.example.org', 'every other example can be used as it stands')
})

t.test('where a failover is possible a change waits for a replica, unless the operator says otherwise', async (t) => {
  for (const [url, replicas] of [['redis://a,b', 1], ['redis+sentinel://a/main', 1], ['redis://a', 0], ['unix:/s', 0]] as const) {
    t.equal(loadConfig({ ...outside, REDIS_URL: url }).redisWaitReplicas, replicas, url)
    t.equal(loadConfig({ ...outside, REDIS_URL: url, REDIS_WAIT_REPLICAS: '2' }).redisWaitReplicas, 2)
  }
  refuses(t, { ...outside, REDIS_WAIT_REPLICAS: '-1' }, /^REDIS_WAIT_REPLICAS must be a whole number from 0 to 9.*for the default\.$/)
})

t.test('a .env with a byte order mark keeps its first variable, and what Node would have to read earlier is told', async (t) => {
  const before = process.cwd()
  t.teardown(() => process.chdir(before))
  process.chdir(t.testdir({ '.env': '\uFEFFPORT=4000\nNODE_EXTRA_CA_CERTS=/ca.pem\nSMPT_URL=smtp://u:hunter2@h\n' }))
  const { port, warnings } = loadConfig({}, { dotenv: true })
  t.equal(port, 4000)
  t.match(warnings, [/^SMPT_URL is not a setting\. Did you mean SMTP_URL\?/, /^NODE_EXTRA_CA_CERTS stands in \.env.*REDIS_CA_FILE/])
  t.notMatch(warnings.join(), 'hunter2')
})

t.test('a variable that looks like one of ours is named, those of everybody else are not', async (t) => {
  const lookalikes: Record<string, string> = {
    SMPT_URL: 'SMTP_URL',
    redis_url: 'REDIS_URL',
    REDIS_URI: 'REDIS_URL',
    'PUBLIC-URL': 'PUBLIC_URL',
    MAIL_FROM_FILE: 'MAIL_FROM',
    LIMIT_MAIL_HOUR: 'LIMIT_MAILS_HOUR',
    WORKER: 'WORKERS'
  }
  for (const [name, meant] of Object.entries(lookalikes)) {
    t.match(loadConfig({ [name]: 'x' }).warnings, [new RegExp(`^${name} is not a setting\\. Did you mean ${meant}\\?`)], name)
  }
  const others = ['HOME', 'PATH', 'SHELL', 'USER', 'PWD', 'HOSTNAME', 'MAIL', 'TERM', 'LANG', 'NODE_OPTIONS', 'NODE_VERSION',
    'npm_config_cache', 'REDIS_PORT', 'REDIS_SERVICE_HOST', 'SMTP_HOST', 'KUBERNETES_PORT', 'OTEL_SERVICE_NAME', 'DEBUG', 'TZ']
  t.strictSame(loadConfig(Object.fromEntries(others.map((name) => [name, 'x']))).warnings, [])
})

t.test('receivers of events are https, or http in a private network, and one or two long secrets sign', async (t) => {
  const EVENTS_WEBHOOK_SECRET = `whsec_${secret}`
  const both = `${EVENTS_WEBHOOK_SECRET}, ${secret}x`
  const near = 'http://billing:3000/events,http://10.0.0.5/e,http://[fd00::1]/,http://localhost:9/'
  t.strictSame(loadConfig({ EVENTS_WEBHOOK_URL: `https://a.example/x?y=z, ${near}`, EVENTS_WEBHOOK_SECRET: both }).eventsWebhook, {
    urls: ['https://a.example/x?y=z', ...near.split(',')], secrets: [EVENTS_WEBHOOK_SECRET, `${secret}x`], types: null
  })
  const EVENTS_WEBHOOK_TYPES = 'account.deleted, session.ended'
  t.strictSame(loadConfig({ EVENTS_WEBHOOK_URL: 'https://a.example', EVENTS_WEBHOOK_SECRET, EVENTS_WEBHOOK_TYPES }).eventsWebhook?.types,
    ['account.deleted', 'session.ended'])
  const refused = ['http://a.example', 'https://u:hunter2@a.example', 'https://a.example/#x', 'ftp://localhost', 'http://1.2.3.4']
  for (const EVENTS_WEBHOOK_URL of refused) {
    refuses(t, { EVENTS_WEBHOOK_URL, EVENTS_WEBHOOK_SECRET }, /^EVENTS_WEBHOOK_URL must list/)
    t.notMatch(problemsOf({ EVENTS_WEBHOOK_URL }).join(), 'hunter2')
  }
  for (const value of ['short', `${both},${secret}y`, `whsec_${secret}!`]) {
    refuses(t, { EVENTS_WEBHOOK_URL: 'https://a.example', EVENTS_WEBHOOK_SECRET: value }, /^EVENTS_WEBHOOK_SECRET /)
  }
  refuses(t, { EVENTS_WEBHOOK_URL: 'https://a.example' }, /^EVENTS_WEBHOOK_SECRET must be one secret/)
  const wrongTypes = { EVENTS_WEBHOOK_URL: 'https://a.example', EVENTS_WEBHOOK_SECRET, EVENTS_WEBHOOK_TYPES: 'all' }
  refuses(t, wrongTypes, /^EVENTS_WEBHOOK_TYPES must list/)
  t.equal(loadConfig({}).eventsWebhook, null)
  t.strictSame(EVENT_TYPES.filter((type) => loadConfig({
    EVENTS_WEBHOOK_URL: 'https://a.example', EVENTS_WEBHOOK_SECRET, EVENTS_WEBHOOK_TYPES: type
  }).eventsWebhook?.types?.[0] !== type), [], 'every type can be named')
})

t.test('secrets come from files, one newline at their end is cut, and both at once are refused', async (t) => {
  const webhook = `whsec_${secret}`
  const texts = {
    SECRET: `${secret}\n`,
    SECRET_PREVIOUS: `${secret.slice(1)}x`,
    REDIS_URL: 'redis://:p%40ss@h:6379/1\r\n',
    SMTP_URL: 'smtps://u:p@h\n',
    METRICS_TOKEN: 'a-token-that-is-long-enough\n',
    OTP_WEBHOOK_SECRET: webhook,
    two: `${secret}\n\n`,
    empty: '\n'
  }
  const folder = t.testdir(texts)
  const path = (name: string): string => `${folder}/${name}`
  const names = ['SECRET', 'SECRET_PREVIOUS', 'REDIS_URL', 'SMTP_URL', 'METRICS_TOKEN', 'OTP_WEBHOOK_SECRET'] as const
  const files = Object.fromEntries(names.map((name) => [`${name}_FILE`, path(name)]))
  const env = { ...files, MAIL_FROM: 'a@b.example', OTP_WEBHOOK_URL: 'https://h' }
  t.match(loadConfig(env), {
    secret,
    previousSecrets: [`${secret.slice(1)}x`],
    redis: { url: 'redis://:p%40ss@h:6379/1' },
    smtpUrl: 'smtps://u:p@h',
    metricsToken: 'a-token-that-is-long-enough',
    otpWebhook: { secret: webhook }
  })
  t.equal(loadConfig({ SECRET_FILE: path('two') }).secret, `${secret}\n`, 'one newline, not more')
  refuses(t, { SECRET_FILE: path('SECRET'), SECRET: secret }, /^SECRET and SECRET_FILE are both set/)
  refuses(t, { SECRET_FILE: path('nowhere') }, /^SECRET_FILE names .*nowhere, which cannot be read: there is no such file \(ENOENT\)/)
  refuses(t, { SECRET_FILE: folder }, /^SECRET_FILE .*it is a folder/)
  refuses(t, { SECRET_FILE: path('empty') }, /^SECRET_FILE .*which is empty/)
  t.equal(loadConfig({ SECRET_FILE: path('SECRET'), SECRET: '' }).secret, secret)
})

t.test('a certificate of an authority is read, and refused where nothing would be checked with it', async (t) => {
  const { cert } = makeCertificate()
  const folder = t.testdir({ ca: cert, text: 'not a certificate' })
  const smtp = { SMTP_URL: 'smtps://h', MAIL_FROM: 'a@b.example' }
  t.match(loadConfig({ ...smtp, SMTP_CA_FILE: `${folder}/ca`, REDIS_URL: 'rediss://h', REDIS_CA_FILE: `${folder}/ca` }), {
    smtpCa: cert, redis: { ca: cert }
  })
  refuses(t, { ...smtp, SMTP_CA_FILE: `${folder}/text` }, /^SMTP_CA_FILE names .*which holds no certificate/)
  refuses(t, { REDIS_URL: 'redis://h', REDIS_CA_FILE: `${folder}/ca` }, /^REDIS_CA_FILE is set, but REDIS_URL does not ask for TLS/)
  refuses(t, { ...smtp, SMTP_URL: 'smtp://localhost', SMTP_CA_FILE: `${folder}/ca` }, /^SMTP_CA_FILE is set, but SMTP_URL does not ask/)
})

t.test('SMTP_URL may name what we greet with, and knows no other setting than the documented', async (t) => {
  const smtp = (query: string): Environment => ({ SMTP_URL: `smtps://h${query}`, MAIL_FROM: 'a@b.example' })
  for (const query of ['?name=id.example.org', '?name=[192.0.2.1]', '?name=[IPv6:2001:db8::1]&tls.servername=x']) {
    t.strictSame(problemsOf(smtp(query)), [], query)
  }
  for (const query of ['?name=', '?name=a%20b', '?name=a%0D%0AMAIL']) refuses(t, smtp(query), /^SMTP_URL must have a host name/)
  refuses(t, smtp('?logger=true'), /^SMTP_URL knows no setting “logger”/)
})

t.test('the cores that a control group grants count, of either version', async (t) => {
  const most = coresForUs('/nowhere')
  t.equal(coresForUs(t.testdir({ 'cpu.max': '50000 100000\n' })), 1)
  t.equal(coresForUs(t.testdir({ 'cpu.max': 'max 100000\n' })), most)
  t.equal(coresForUs(t.testdir({ 'cpu.max': '100000000 100000\n' })), most)
  t.equal(coresForUs(t.testdir({ cpu: { 'cpu.cfs_quota_us': '100000\n', 'cpu.cfs_period_us': '100000\n' } })), 1)
  t.equal(coresForUs(t.testdir({ cpu: { 'cpu.cfs_quota_us': '-1\n', 'cpu.cfs_period_us': '100000\n' } })), most)
  t.equal(loadConfig({ PASSWORD_WORKERS: '3' }).passwordWorkers, 3)
})
