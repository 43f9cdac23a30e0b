import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Claims } from './claims.ts'
import { bearerOf, problemAnswer, TokenRefused } from './refusal.ts'
import type { Requirements, SignatureVerifier, Verifier } from './verifier.ts'

/** A request that was let through. */
export interface VerifiedRequest extends IncomingMessage { token?: Claims }

/** Middleware of Express, and of all that has `(request, response, next)`: puts the claims into `request.token`, or answers the refusal. */
export const requireToken = (verifier: Pick<Verifier | SignatureVerifier, 'verify'>, requirements?: Requirements) =>
  (request: VerifiedRequest, response: ServerResponse, next: (error?: unknown) => void): void => {
    check(verifier, request, requirements).then((token) => {
      request.token = token
      next()
    }, (error: unknown) => {
      if (!(error instanceof TokenRefused)) {
        next(error)
        return
      }
      const { status, headers, body } = problemAnswer(error)
      response.writeHead(status, headers).end(body)
    })
  }

async function check (
  verifier: Pick<Verifier | SignatureVerifier, 'verify'>, request: IncomingMessage, requirements: Requirements | undefined
): Promise<Claims> {
  return await verifier.verify(bearerOf(request.headers.authorization), requirements)
}
