import { timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { Problem } from '../../errors.ts'
import { isLoopback } from '../config/hosts.ts'
import { hashToken } from '../ids.ts'
import { bearerOf, hostOf } from './request-parsing.ts'

const PASSED_ON = /^(x-forwarded-.*|forwarded|x-real-ip|via)$/

interface Request { headers: IncomingHttpHeaders, socket: Pick<Socket, 'remoteAddress'> }
interface Operators { production: boolean, metricsToken: string | null }

/**
 * Lets in who brings METRICS_TOKEN or, unless this is production, sits on this machine: behind a proxy that adds no header everybody seems
 * to. @throws Problem TOKEN_MISSING, TOKEN_INVALID
 */
export function requireOperator (request: Request, { production, metricsToken }: Operators): void {
  const token = bearerOf(request)
  if (token === undefined && !production && isLocal(request)) return
  if (token === undefined) throw new Problem('TOKEN_MISSING')
  if (
    metricsToken === null || !timingSafeEqual(Buffer.from(hashToken(token)), Buffer.from(hashToken(metricsToken)))
  ) throw new Problem('TOKEN_INVALID')
}

/**
 * Whether the caller itself sits on this machine. A proxy here passes strangers on from a loopback address, so neither may it have said for
 * whom it asks, nor may the Host be a name that a page of another site could point here.
 */
function isLocal ({ socket, headers }: Request): boolean {
  const isPassedOn = Object.keys(headers).some((name) => PASSED_ON.test(name))
  return !isPassedOn && isLoopback(socket.remoteAddress ?? '') && isLoopback(hostOf({ headers }))
}
