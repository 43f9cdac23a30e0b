import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { Problem, type ProblemCode } from '../../errors.ts'
import { newId } from '../ids.ts'
import { type IpAddress, parseIpAddress, UNSPECIFIED } from '../ip-address.ts'
import type { Locale } from '../locales/index.ts'
import { PROBLEM_TYPE, problemDocument } from './problem-document.ts'

/** Where requests go whose path cannot be decoded: nothing is there, and the router would answer them by itself. */
const NOWHERE = '/undecodable'
/** Of the request line and all headers. */
const MOST_HEADER_BYTES = 16 * 1024
/** `: ` after a name, a line's end after a value. */
const SEPARATOR_BYTES = 2
/** What is read of them: more than is taken, so that a browser with too many cookies gets a page in its language. */
export const READ_HEADER_BYTES = 128 * 1024

/** The token of an `Authorization: Bearer` header (RFC 6750, section 2.1). */
export const bearerOf = ({ headers }: { headers: { authorization?: string | undefined } }): string | undefined =>
  /^Bearer ([\w.~+/=-]+)$/i.exec(headers.authorization ?? '')?.[1]

/** `USER:PASSWORD` of an `Authorization: Basic` header (RFC 7617). */
export function basicOf ({ headers }: { headers: { authorization?: string | undefined } }): string | undefined {
  const [, encoded] = /^Basic ([\w+/-]+={0,2})$/i.exec(headers.authorization ?? '') ?? []
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString()
}

/** The host of the Host header itself: a client may send any X-Forwarded-Host, and a trusted proxy may pass it on. */
export const hostOf = ({ headers }: { headers: { host?: string | undefined } }): string => (headers.host ?? '').replace(/:\d*$/, '')

/**
 * Whose request it is: the last address of the chain of proxies that TRUST_PROXY names. What one of them passes on and is no address counts
 * as its own. 0.0.0.0 when the connection is gone.
 */
export function clientAddress ({ ip, ips = [ip] }: { ip: string, ips?: string[] | undefined }): IpAddress {
  // From the client to the socket.
  for (const text of [...ips].reverse()) {
    // Typed as a string, but undefined once the connection is gone.
    const address = parseIpAddress(String(text))
    if (address) return address
  }
  return UNSPECIFIED
}

/** The URL to route by: `url` as it lies below `basePath`. */
export function routableUrl (url: string, basePath: string): string {
  if (!url.startsWith(basePath)) return NOWHERE
  const rest = url.slice(basePath.length)
  const below = basePath === '' || rest.startsWith('/') ? rest : `/${rest}`
  if (!below.includes('%')) return below
  try {
    decodeURIComponent(below.split('?', 1)[0] ?? '')
    return below
  } catch {
    return NOWHERE
  }
}

/**
 * What Node lets through although nobody should answer it, or would answer in words of its own; null when there is nothing. HTTP/1.0 knows
 * neither Host nor Expect.
 */
export function protocolRefusal ({ httpVersion, headers, rawHeaders, url = '' }: IncomingMessage): ProblemCode | null {
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 'VALIDATION_FAILED'
  let size = url.length
  let hosts = 0
  for (const [at, text] of rawHeaders.entries()) {
    size += text.length + SEPARATOR_BYTES
    if (at % 2 === 0 && text.length === 4 && text.toLowerCase() === 'host') hosts++
  }
  if (size > MOST_HEADER_BYTES) return 'HEADERS_TOO_LARGE'
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) return 'VALIDATION_FAILED'
  const isUnknown = headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue'
  return isUnknown && httpVersion === '1.1' ? 'EXPECTATION_FAILED' : null
}

/** Answers bytes that are no HTTP request with a problem document, and closes. A slow or a gone client is only closed. */
export function refuseUnreadable (error: NodeJS.ErrnoException, socket: Socket, locale: Locale): void {
  if (!socket.writable || error.code === 'ECONNRESET' || error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    socket.destroy()
    return
  }
  const isTooLarge = error.code === 'HPE_HEADER_OVERFLOW'
  const problem = new Problem(isTooLarge ? 'HEADERS_TOO_LARGE' : 'VALIDATION_FAILED')
  const requestId = newId()
  const body = JSON.stringify(problemDocument(problem, locale, requestId))
  const head = [
    `HTTP/1.1 ${isTooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request'}`,
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
