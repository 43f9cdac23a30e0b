import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { Problem } from '../../errors.ts'
import { isLoopback } from '../config/hosts.ts'
import { hashToken } from '../ids.ts'
import { bearerOf } from './request-parsing.ts'

interface Request { ip: string, hostname: string, headers: IncomingHttpHeaders, socket: Pick<Socket, 'remoteAddress'> }

/** Lets in who brings METRICS_TOKEN, or sits on this machine. @throws Problem TOKEN_MISSING, TOKEN_INVALID */
export function requireOperator (request: Request, metricsToken: string | null): void {
  const token = bearerOf(request)
  if (token === undefined && isLocal(request)) return
  if (token === undefined) throw new Problem('TOKEN_MISSING')
  if (
    metricsToken === null || !timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(hashToken(metricsToken)))
  ) throw new Problem('TOKEN_INVALID')
}

/**
 * Whether the caller itself sits on this machine. A proxy here passes strangers on from a loopback address, so neither may it have said for
 * whom it asks, nor may the Host be a name that a page of another site could point here.
 */
function isLocal ({ ip, socket, headers, hostname }: Request): boolean {
  const isForwarded = 'x-forwarded-for' in headers || 'forwarded' in headers || 'x-real-ip' in headers || 'via' in headers
  return !isForwarded && isLoopback(ip) && isLoopback(socket.remoteAddress ?? '') && isLoopback(hostname)
}
