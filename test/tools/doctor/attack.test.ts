import t from 'tap'
import { plusAddress } from '../../../src/tools/doctor/attack/account.ts'
import { attack } from '../../../src/tools/doctor/attack/run.ts'
import { type Check, CHECKS, type Finding, type Verdict } from '../../../src/tools/doctor/finding.ts'
import { createAsker } from '../../../src/tools/doctor/http.ts'
import { BAD_CODE, badDeployment } from '../../support/bad-deployment.ts'
import { runDoctor, serve } from '../../support/doctor.ts'
import { newFolder, settings, startServer } from '../../support/process.ts'
import { startRedis } from '../../support/redis.ts'
import { startSmtp } from '../../support/smtp.ts'

t.setTimeout(300_000)

const OPERATOR = 'operator@example.org'
const THROW_AWAY = /^operator\+dvokrok-[0-9a-f]{8}@example\.org$/
const ATTACKS = CHECKS.filter((check) => check.startsWith('attack.'))
const all = (verdict: Verdict): Partial<Record<Check, Verdict>> => Object.fromEntries(ATTACKS.map((check) => [check, verdict]))
const verdictsOf = (findings: Finding[]): Partial<Record<Check, Verdict>> =>
  Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]))

t.test('a good deployment withstands, with codes that the operator types in, and nothing is left of it', async (t) => {
  const [redis, smtp] = [await startRedis(t), await startSmtp(t)]
  const { TRUST_PROXY: _none, ...env } = settings(t, redis, smtp)
  const server = await startServer(t, { ...env, LIMIT_LOGIN_PER_SOURCE: '1000', LIMIT_REGISTER_PER_SOURCE: '1000', CAPTCHA_AFTER: '16' })
  await server.ready()
  const asked: string[] = []
  const examined = await runDoctor(t, ['--attack', '--email', OPERATOR, '--json', '--url', server.url], env, (text, answer) => {
    const [, address] = /The code for the .+ of (\S+): $/.exec(text) ?? []
    if (address === undefined) return
    asked.push(address)
    smtp.code(address).then(answer, () => { answer('none came') })
  })
  const { verdicts, stdout } = examined
  // How steady this machine is, is no promise of ours.
  t.match(
    Object.fromEntries(ATTACKS.map((check) => [check, verdicts[check]])),
    { ...all('pass'), 'attack.timing': /pass|fail|could-not-check/ },
    stdout
  )
  t.match(verdicts, { 'health.ready': 'pass', 'proxy.forwarded': 'pass' }, 'the other checks were made as well')
  t.equal(asked.length, 2, 'one code to sign up, one for the race')
  t.equal(new Set(asked).size, 1)

  t.ok(smtp.mails.length > 5)
  t.strictSame(smtp.mails.map(({ to }) => to).filter((to) => !THROW_AWAY.test(to)), [], 'nobody but the operator had mail')
  t.strictSame(await redis.client.keys('{u:*}:account'), [], 'no account is left')
  t.strictSame(server.unexpected(), [])
})

t.test('the mailbox of a development server spares the typing', async (t) => {
  const server = await startServer(
    t,
    { LIMIT_LOGIN_PER_SOURCE: '3', CAPTCHA_AFTER: '0', TWO_FACTOR_DAILY_FAILURES: '5' },
    { cwd: newFolder(t) }
  )
  await server.ready()
  const { status, stderr, verdicts } = await runDoctor(
    t,
    ['--attack', '--email', OPERATOR, '--json', '--url', server.url],
    {},
    (text, _answer, signal) => {
      if (text.includes('attack.guesses')) signal('SIGINT')
    }
  )
  t.match(
    verdicts,
    {
      'attack.code-race': 'pass',
      'attack.refresh-race': 'pass',
      'attack.revoked': 'pass',
      'attack.guesses': 'could-not-check',
      'attack.timing': 'could-not-check',
      'attack.cleanup': 'pass'
    },
    'a Ctrl-C ends the attacks and still deletes the account'
  )
  t.equal(status, 0)
  t.notMatch(stderr, 'The code for')
})

t.test('a bad deployment falls to each attack, and what stays behind is told', async (t) => {
  const { url } = await serve(t, badDeployment())
  const asker = createAsker(url)
  t.teardown(() => { asker.close() })
  const stage = { asker, operator: OPERATOR, codes: { next: async () => BAD_CODE, close: () => {} }, signal: AbortSignal.timeout(60_000) }
  const findings = await attack(stage, {}, () => {})
  t.strictSame(verdictsOf(findings), { ...all('fail'), 'attack.timing': 'could-not-check' }, JSON.stringify(findings))
  t.match(findings.find(({ check }) => check === 'attack.cleanup')?.message, /operator\+dvokrok-\w+@example\.org is left/)
})

t.test('without an account nothing but the limits can be attacked', async (t) => {
  const { url } = await serve(t, badDeployment())
  const asker = createAsker(url)
  t.teardown(() => { asker.close() })
  const codes = { next: async (): Promise<string> => { throw new Error('no code was given') }, close: () => {} }
  const findings = await attack({ asker, operator: OPERATOR, codes, signal: AbortSignal.timeout(60_000) }, {}, () => {})
  const { 'attack.forwarded': flood, ...rest } = verdictsOf(findings)
  t.equal(flood, 'fail')
  t.strictSame([...new Set(Object.values(rest))], ['could-not-check'])
  t.equal(findings.length, ATTACKS.length)
})

t.test('throw-away addresses are the operator\'s own, of one length, never twice', async (t) => {
  for (const [operator, pattern] of [
    ['Operator@Example.org', THROW_AWAY],
    ['a+b@example.org', /^a\+b-dvokrok-[0-9a-f]{8}@example\.org$/]
  ] as const) {
    const addresses = Array.from({ length: 50 }, () => plusAddress(operator))
    t.strictSame(
      addresses.filter((one) => !pattern.test(one)),
      []
    )
    t.equal(new Set(addresses).size, 50)
  }
})
