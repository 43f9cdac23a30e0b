import fc from 'fast-check'
import t from 'tap'
import { keys } from '../../src/platform/redis/keys.ts'
import { PROBLEMS } from '../../src/errors.ts'
import { ofAccount } from '../support/key-prefixes.ts'
import { person } from '../support/app.ts'
import { decode } from '../support/browser.ts'
import { onTheWire, type WireRequest } from '../support/bytes.ts'
import { requestsOf } from '../support/generate.ts'
import { readOpenApi, schemaChecker } from '../support/openapi.ts'
import { answerTo } from '../support/patience.ts'
import { settings, startServer } from '../support/process.ts'
import { startRedis } from '../support/redis.ts'
import { json, present, shaped } from '../support/shapes.ts'
import { startSmtp } from '../support/smtp.ts'
import { isLong } from '../support/under-traffic.ts'
import { sendAndLeave, Wire, type WireAnswer } from '../support/wire.ts'

const statusOf = new Map<unknown, number>(Object.entries(PROBLEMS))

const REQUESTS = isLong ? 100_000 : 2_000
const AT_ONCE = 5
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121)
const METRICS_TOKEN = 'a-token-for-prometheus-0123456789'
const BODY_LIMIT = 64 * 1024
/** Of Node; lines that are longer together are no request. */
const HEAD_LIMIT = 16 * 1024
/** Of what may be no request, or one without an end, the answer comes at once or not at all. */
const LISTEN_MS = 100

t.setTimeout(isLong ? 3_600_000 : 300_000)

t.test(
  `${REQUESTS} requests made from our own document, ${AT_ONCE} at a time: no 5xx, every answer is as documented, and the server lives on`,
  async (t) => {
    const [redis, smtp] = await Promise.all([startRedis(t), startSmtp(t)])
    const server = await startServer(t, {
      ...settings(t, redis, smtp),
      PUBLIC_URL: 'http://localhost:3000',
      METRICS_TOKEN,
      LIMIT_LOGIN_PER_SOURCE: '200',
      LIMIT_REGISTER_PER_SOURCE: '200',
      ACCESS_TOKEN_TTL_MINUTES: '60',
      CAPTCHA_AFTER: '0'
    })
    const { client } = redis
    const who = person()
    const browser = server.browser({ origin: 'http://localhost:3000' })
    await answerTo(async () => await browser.post('/auth/register', who))
    const token = String((await browser.post('/auth/verify-otp', { otp: await smtp.code(who.email) })).body['accessToken'])
    const { sid, sub: id } = shaped<{ sid: string; sub: string }>(decode(token).claims)
    const pending = String(
      (await server.browser({ origin: 'http://localhost:3000' }).post('/auth/login', { email: who.email, password: who.password })).body[
        'pendingToken'
      ]
    )
    const { operations } = await readOpenApi(server)
    const check = await schemaChecker()
    const checks = new Map(
      operations
        .flatMap(({ responses }) => Object.values(responses))
        .flatMap(({ content = {} }) => Object.values(content))
        .map(({ schema }) => [schema, check(schema)])
    )
    const refreshCookie = { cookie: `refresh=${browser.cookies.get('refresh')}` }
    const requests = onTheWire(
      requestsOf(operations, {
        credentials: {
          access: { authorization: `Bearer ${token}` },
          pending: { authorization: `Bearer ${pending}` },
          pendingCookie: { cookie: `pending=${pending}` },
          refreshCookie
        },
        bearer: [token, pending, '', 'x', token.slice(0, -1), '.'.repeat(50), 'a b'],
        cookie: [
          refreshCookie.cookie,
          `pending=${pending}`,
          'refresh=x',
          'pending=x; refresh=y',
          '=',
          `device=${'d'.repeat(9000)}`,
          `pending=${token}`
        ],
        ids: [id, sid, 'a'.repeat(22)]
      })
    )
    const names = [...(await client.keys(`${ofAccount(id)}:*`)), ...(await client.keys(keys.address('*').owner))]
    const saved = await Promise.all(names.map(async (name) => [name, (await client.dumpBuffer(name)) ?? ''] as const))
    const restore = async (): Promise<unknown> =>
      await Promise.all(saved.map(async ([name, bytes]) => await client.restore(name, 0, bytes, 'REPLACE')))
    const seen = new Map<string, number>()
    const count = (what: string): unknown => seen.set(what, (seen.get(what) ?? 0) + 1)
    /** None when the account was just deleted. */
    const role = async (): Promise<string> => (await client.hget(keys.account(id).record, 'role')) ?? 'user'

    function judge ({ method, operation }: WireRequest, { status, headers, body }: WireAnswer): void {
      const hold = (isTrue: unknown, claim: string): void => {
        if (!isTrue) throw new Error(`${claim}: ${status} ${body.slice(0, 300)}`)
      }
      count(String(status))
      hold(status < 500, 'the server failed')
      hold(headers['cache-control'] !== undefined && headers['x-content-type-options'] === 'nosniff', 'headers are missing')
      if (method === 'HEAD' || (status >= 300 && status < 400)) return
      if (status < 300) {
        if (!operation) return
        count(`${operation.method} ${operation.path}`)
        const documented = operation.responses[status]
        hold(documented, 'a status that is not documented')
        const schema = documented?.content?.['application/json']?.schema
        return hold(!body || !schema || checks.get(schema)?.(JSON.parse(body)), 'a success that is not as documented')
      }
      hold(/^application\/problem\+json/.test(String(headers['content-type'])), 'no problem document')
      const problem = json(body)
      const schema = (operation ?? operations[0])?.responses['4XX']?.content?.['application/problem+json']?.schema
      hold(schema && checks.get(schema)?.(problem), 'a problem that is not as documented')
      hold(statusOf.get(problem['code']) === status && problem['status'] === status, 'code and status disagree')
      hold(problem['requestId'] === headers['x-request-id'], 'another request id')
    }

    async function ask (wire: Wire, request: WireRequest): Promise<void> {
      count(request.manner)
      if (request.manner === 'broken') {
        const answer = await sendAndLeave(server.port, Buffer.concat(request.pieces), LISTEN_MS)
        if (!/^($|HTTP\/1\.1 [1-4]\d\d )/.test(answer) || /\nHTTP\/1\.1 5|HPE_|FST_|node_modules/.test(answer)) {
          throw new Error(`to broken bytes: ${answer.slice(0, 300)}`)
        }
        count(answer === '' ? 'no answer to broken bytes' : 'an answer to broken bytes')
        return
      }
      // Who sends more than is taken may hear of the closed connection first.
      const mayBreak = request.headBytes >= HEAD_LIMIT || (request.payload?.length ?? 0) > BODY_LIMIT
      const answer = await wire.send(request.pieces, { hasBody: request.method !== 'HEAD' }).catch((error: unknown) => {
        if (!mayBreak) throw error
      })
      if (answer) judge(request, answer)
    }

    const wires = Array.from({ length: AT_ONCE }, () => new Wire(server.port))
    await fc.assert(
      fc.asyncProperty(fc.tuple(...wires.map(() => requests)), async (some) => {
        // It logs out now and then, or deletes the account, and most of all would be asked without.
        if ((await role()) !== 'user') throw new Error('somebody was promoted')
        await restore()
        await Promise.all(
          some.map(async (request, index) => {
            await ask(present(wires[index]), request)
          })
        )
      }),
      { numRuns: REQUESTS / AT_ONCE, seed: SEED }
    )
    for (const wire of wires) wire.close()

    const told = [...seen]
      .filter(([what]) => !what.includes('/'))
      .toSorted()
      .map(([what, times]) => `${what}: ${times}`)
      .join(', ')
    t.comment(`fault | fuzz, seed ${SEED} | ${REQUESTS} | ${told} | ${REQUESTS} | 0 | - |`)
    for (const what of [
      '200',
      '202',
      '204',
      '400',
      '401',
      '403',
      '404',
      '405',
      '413',
      '415',
      '429',
      'GET /auth/me',
      'POST /auth/refresh',
      'POST /auth/logout',
      'POST /auth/password/forgot',
      'GET /auth/2fa',
      'GET /users/me/sessions',
      'GET /users/me/activity',
      'POST /users/me/totp',
      'an answer to broken bytes'
    ]) { t.ok(seen.has(what), `${seen.get(what)} times ${what}`) }
    t.equal((await browser.get('/health/ready')).status, 200, 'nobody starts it anew: it is the same process')
    t.match(
      (await browser.get('/metrics', { token: METRICS_TOKEN })).text,
      /^dvokrok_password_worker_restarts_total 0$/m,
      'and so are those for passwords'
    )
    t.equal(await role(), 'user', 'nobody was promoted')

    // The connection is gone before the session was looked up.
    await restore()
    await sendAndLeave(
      server.port,
      Buffer.from(
        `POST /auth/logout-all HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Length: 0\r\n\r\nnoise\r\n\r\n`
      ),
      LISTEN_MS
    )
    while (server.unexpected().length === 0 && (await browser.get('/auth/me', { token })).status === 200);
    t.equal((await browser.get('/auth/me', { token })).status, 401, 'who signs out and leaves is signed out')
    t.strictSame(server.unexpected(), [])
    const lines = server.output().split('\n').slice(0, -1)
    t.strictSame(
      lines.filter((line) => /"level":"(error|fatal)"/.test(line)),
      [],
      'no error was logged'
    )
    t.strictSame(
      lines.filter((line) => !/^(\{.*\}$|Dvokrok answers at | {2}API page )/.test(line)),
      [],
      'and no line was broken in two'
    )
  }
)
