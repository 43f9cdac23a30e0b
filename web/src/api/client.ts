import createClient from 'openapi-fetch'
import { sendAuthenticated } from '../session/send-authenticated.ts'
import { problemOf } from './problem.ts'
import type { components, paths } from './schema.d.ts'
import { send } from './send.ts'

export type User = components['schemas']['User']
export type Method = components['schemas']['Method']
export type Challenge = components['schemas']['Challenge']
export type SignedIn = components['schemas']['SignedIn']

/** Client for calls without a session: sign-up, login, reset. */
export const publicApi = createClient<paths>({ baseUrl: location.origin, fetch: send })
/** Client for signed-in users: sends the access token and refreshes it when needed. */
export const authenticatedApi = createClient<paths>({ baseUrl: location.origin, fetch: sendAuthenticated })

interface Success<Body> { data: Body, error?: never, response: Response }
interface Failure { data?: never, error: unknown, response: Response }

const isSuccess = <Body>(result: Success<Body> | Failure): result is Success<Body> => result.response.ok

/** The response body. @throws ApiProblem for every error response, with code NETWORK if none arrived */
export async function bodyOf<Body> (call: Promise<Success<Body> | Failure>): Promise<Body> {
  const result = await call
  if (!isSuccess(result)) throw await problemOf(rebuilt(result.response, result.error))
  return result.data
}

/** Restores the body, which openapi-fetch has already consumed. */
const rebuilt = ({ status, headers }: Response, error: unknown): Response =>
  new Response(typeof error === 'string' ? error : JSON.stringify(error), { status, headers })
