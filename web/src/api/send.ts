import { currentLocale } from '../i18n/index.ts'
import { ApiProblem } from './problem.ts'

/** Longer than the server's own request timeout, so that its response arrives first. */
const TIMEOUT_MS = 20_000

/** Sends a request in the language of the page. @throws ApiProblem with code NETWORK if no response arrives */
export async function send (request: Request): Promise<Response> {
  const headers = new Headers(request.headers)
  headers.set('accept-language', currentLocale())
  try {
    return await fetch(new Request(request, { headers, credentials: 'same-origin', signal: AbortSignal.timeout(TIMEOUT_MS) }))
  } catch {
    throw new ApiProblem('NETWORK')
  }
}
