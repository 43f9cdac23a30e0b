import { problemOf } from '../api/problem.ts'
import { send } from '../api/send.ts'
import { accessToken, renew } from './refresh.ts'

/** Codes that a new access token may resolve (it may say `2fa: true` by now); the other refusals are about what the user typed. */
const RENEWABLE = new Set(['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'SESSION_ENDED', 'SECOND_FACTOR_REQUIRED'])

/** Sends with the access token, waiting for a running refresh. If the token is refused, renews it and sends once more. */
export async function sendAuthenticated (request: Request): Promise<Response> {
  const again = request.clone()
  const token = await accessToken()
  const response = await send(withToken(request, token))
  if (response.status !== 401 && response.status !== 403) return response
  const { code } = await problemOf(response.clone())
  if (!RENEWABLE.has(code)) return response
  return await send(withToken(again, await renew(token)))
}

function withToken (request: Request, token: string): Request {
  const headers = new Headers(request.headers)
  headers.set('authorization', `Bearer ${token}`)
  return new Request(request, { headers })
}
