import { problemOf } from '../api/problem.ts'
import { send } from '../api/send.ts'
import { accessToken, renew } from './refresh.ts'

/** Refusals that a fresh access token may cure: it may say `2fa: true` by now. The others of these statuses are about what was typed. */
const CURABLE = new Set(['TOKEN_MISSING', 'TOKEN_INVALID', 'TOKEN_EXPIRED', 'SESSION_ENDED', 'SECOND_FACTOR_REQUIRED'])

/** Sends with the access token. Waits while it is being refreshed; refused for its sake, refreshes and sends once more. */
export async function sendSigned (request: Request): Promise<Response> {
  const again = request.clone()
  const token = await accessToken()
  const response = await send(withToken(request, token))
  if (response.status !== 401 && response.status !== 403) return response
  const { code } = await problemOf(response.clone())
  if (!CURABLE.has(code)) return response
  return await send(withToken(again, await renew(token)))
}

function withToken (request: Request, token: string): Request {
  const headers = new Headers(request.headers)
  headers.set('authorization', `Bearer ${token}`)
  return new Request(request, { headers })
}
