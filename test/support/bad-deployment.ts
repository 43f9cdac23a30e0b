import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { json } from './shapes.ts'

/** The code of every mail that it pretends to send. */
export const BAD_CODE = '123456'

type Answer = [status: number, body: unknown, headers?: Record<string, string | string[]>]

/** A sign-in server that does everything wrong which the doctor looks for. */
export function badDeployment (): RequestListener {
  const passwords = new Map<string, string>()
  const left = new Map<string, number>()
  const refreshCookie = (): string => `refresh=${randomBytes(8).toString('hex')}; Domain=example.org; Path=/auth`

  const routes: Record<string, (body: Record<string, string>, request: IncomingMessage) => Answer> = {
    'GET /health/live': () => [200, {}],
    'GET /health/ready': () => [503, { parts: { redis: 'away', mail: 'away' } }, { date: 'Sat, 01 Nov 2025 00:00:00 GMT' }],
    'GET /login': () => [
      200,
      '<script src="/assets/app.js"></script>',
      {
        'content-type': 'text/html',
        'content-security-policy': "script-src * 'unsafe-inline' 'nonce-old'",
        'cache-control': 'public, max-age=60'
      }
    ],
    'GET /assets/app.js': () => [200, '', { 'cache-control': 'no-cache' }],
    'GET /.well-known/jwks.json': () => [200, { keys: [{ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', kid: 'a', x: 'x', d: 'oops' }] }],
    'GET /mailbox': () => [200, ''],
    'GET /metrics': () => [200, ''],
    'GET /auth/me': (_body, { headers }) => [headers.authorization ? 200 : 401, {}],
    'POST /auth/logout': (_body, { headers }) => [
      204,
      '',
      { 'set-cookie': [refreshCookie()], 'access-control-allow-origin': headers.origin ?? '' }
    ],
    'POST /auth/register': ({ email = '', password = '' }) => {
      if (passwords.has(email)) return [409, { code: 'CONFLICT' }]
      passwords.set(email, password)
      return [201, { pendingToken: 'p' }]
    },
    'POST /auth/login': ({ email = '', password = '' }, { headers }) => {
      const source = String(headers['x-forwarded-for'])
      left.set(source, (left.get(source) ?? 30) - 1)
      const limit = { 'x-ratelimit-remaining': String(left.get(source)) }
      if (email === '') return [400, {}, limit]
      if (!passwords.has(email)) return [404, { code: 'NOT_FOUND' }, limit]
      return passwords.get(email) === password ? [200, { pendingToken: 'p' }, limit] : [401, { code: 'CREDENTIALS_INVALID' }, limit]
    },
    'POST /auth/passkeys/options': () => [200, { options: { rpId: 'elsewhere.example' } }],
    'POST /auth/password/forgot': () => [202, { pendingToken: 'p' }],
    'POST /auth/verify-otp': ({ otp }) =>
      otp === BAD_CODE ? [200, { accessToken: 't' }, { 'set-cookie': [refreshCookie()] }] : [400, { code: 'OTP_INVALID' }],
    'POST /auth/refresh': () => [200, { accessToken: 't' }, { 'set-cookie': [refreshCookie()] }],
    'POST /auth/2fa/resend': () => [401, {}, { 'x-ratelimit-limit': '10' }],
    'DELETE /users/me': () => [403, { code: 'REAUTHENTICATION_REQUIRED' }]
  }

  return (request, response) => {
    request.setEncoding('utf8').toArray().then((chunks: string[]) => {
      const body = json<Record<string, string>>(chunks.join('') || '{}')
      const route = routes[`${request.method} ${String(request.url).split('?')[0]}`]
      send(response, route ? route(body, request) : [404, {}])
    }, () => { response.destroy() })
  }
}

function send (response: ServerResponse, [status, body, headers = {}]: Answer): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  response.writeHead(status, { server: 'BadServer/1.2.3', 'content-type': 'application/json', ...headers }).end(status === 204 ? '' : text)
}
