import type { Socket } from 'node:net'
import { Problem } from '../../errors.ts'
import { newId } from '../ids.ts'
import type { Locale } from '../locales/index.ts'
import { PROBLEM_TYPE, problemDocument } from './problem-document.ts'

/** Where requests go whose path cannot be decoded: nothing is there, and the router would answer them by itself. */
const NOWHERE = '/undecodable'

/** The token of an `Authorization: Bearer` header (RFC 6750, section 2.1). */
export const bearerOf = ({ headers }: { headers: { authorization?: string | undefined } }): string | undefined =>
  /^Bearer ([\w.~+/=-]+)$/i.exec(headers.authorization ?? '')?.[1]

/** The host of the Host header itself: a client may send any X-Forwarded-Host, and a trusted proxy may pass it on. */
export const hostOf = ({ headers }: { headers: { host?: string | undefined } }): string => (headers.host ?? '').replace(/:\d*$/, '')

/** The URL to route by. */
export function routableUrl ({ url = '/' }: { url?: string | undefined }): string {
  if (!url.includes('%')) return url
  try {
    decodeURIComponent(url.split('?', 1)[0] ?? '')
    return url
  } catch {
    return NOWHERE
  }
}

/** Answers bytes that are no HTTP request with a problem document, and closes. A slow or a gone client is only closed. */
export function refuseUnreadable (error: NodeJS.ErrnoException, socket: Socket, locale: Locale): void {
  if (!socket.writable || error.code === 'ECONNRESET' || error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.destroy()
    return
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  const problem = new Problem(isTooLarge ? 'BODY_TOO_LARGE' : 'VALIDATION_FAILED')
  const requestId = newId()
  const body = JSON.stringify(problemDocument(problem, locale, requestId))
  const head = [
    `HTTP/1.1 ${isTooLarge ? '413 Content Too Large' : '400 Bad Request'}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    "Content-Security-Policy: default-src 'none';frame-ancestors 'none'",
    'Referrer-Policy: no-referrer',
    'Strict-Transport-Security: max-age=63072000',
    'X-Content-Type-Options: nosniff',
    'X-Frame-Options: DENY',
    `X-Request-Id: ${requestId}`,
    'Connection: close'
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
