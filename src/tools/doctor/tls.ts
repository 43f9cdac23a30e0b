import { isIP } from 'node:net'
import { request } from 'node:http'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import { now } from '../../platform/clock.ts'
import { isLoopback } from '../../platform/config/hosts.ts'
import { fail, type Finding, pass, reasonOf, unchecked, warn } from './finding.ts'

export interface TlsFacts {
  host: string
  protocol: string
  /** Why the certificate is not trusted; null when it is. */
  error: string | null
  validFrom: number
  validTo: number
  checkedAt: number
  /** Whether TLS 1.0 or 1.1 is still accepted. */
  isOldAccepted: boolean
}

/** What the http:// address answers; `silent` when nothing answers there. */
export type Redirect = { status: number, location: string } | 'silent'

const WAIT_MS = 5_000

/** @throws Error when there is no TLS at all */
export async function lookAtTls (target: string): Promise<TlsFacts> {
  const { hostname, port } = new URL(target)
  const host = hostname.replace(/^\[(.*)\]$/, '$1')
  const where = { host, port: Number(port || 443), rejectUnauthorized: false, ...(isIP(host) ? {} : { servername: host }) }
  const socket = await shake(where)
  const { valid_from: from, valid_to: to } = socket.getPeerCertificate()
  const facts = {
    host,
    protocol: socket.getProtocol() ?? 'unknown',
    error: socket.authorized ? null : reasonOf(socket.authorizationError),
    validFrom: Date.parse(from),
    validTo: Date.parse(to),
    checkedAt: now()
  }
  socket.destroy()
  const isOldAccepted = await shake({ ...where, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })
    .then((old) => { old.destroy(); return true }, () => false)
  return { ...facts, isOldAccepted }
}

export async function lookAtRedirect (httpUrl: string): Promise<Redirect> {
  return await new Promise((resolve) => {
    const outgoing = request(httpUrl, { signal: AbortSignal.timeout(WAIT_MS) }, (incoming) => {
      incoming.resume()
      resolve({ status: incoming.statusCode ?? 0, location: incoming.headers.location ?? '' })
    })
    outgoing.once('error', () => { resolve('silent') }).end()
  })
}

const IN_CLEAR = 'passwords and cookies are sent unencrypted, and browsers solve no proof of work.'
const HTTPS_REMEDY = 'Put a proxy with TLS in front and set PUBLIC_URL to its https address.'

/** For a target without TLS. `publicUrl`: what people open, where it is known. */
export function judgePlain (target: string, publicUrl = target): Finding[] {
  const { protocol, hostname } = new URL(publicUrl)
  if (isLoopback(new URL(target).hostname)) {
    if (protocol === 'http:' && !isLoopback(hostname)) {
      return [warn('tls.protocol', `PUBLIC_URL is ${publicUrl}: ${IN_CLEAR}`, HTTPS_REMEDY)]
    }
    return [unchecked('tls.protocol', 'This machine needs no TLS to reach itself.',
      'Run the doctor on another machine, with --url and the https address.')]
  }
  return [fail('tls.protocol', `Without TLS ${IN_CLEAR}`, HTTPS_REMEDY)]
}

export function judgeTls (facts: TlsFacts): Finding[] {
  const { host, protocol, error, isOldAccepted } = facts
  return [
    isOldAccepted
      ? fail('tls.protocol', `${protocol} is used, but TLS 1.0 or 1.1 is accepted as well.`, 'Allow only TLS 1.2 and 1.3 at the proxy.')
      : pass('tls.protocol', `${protocol} is used, TLS 1.0 and 1.1 are refused.`),
    error === null
      ? pass('tls.certificate', `The certificate is valid for ${host}.`)
      : fail('tls.certificate', `The certificate is not trusted: ${error}.`,
        'Install one for this name, with its whole chain, from an authority that browsers trust.'),
    judgeExpiry(facts)
  ]
}

/** By share and not by days: certificates for 90, 45 and 6 days are all renewed when about a third is left. */
function judgeExpiry ({ validFrom, validTo, checkedAt }: TlsFacts): Finding {
  const left = (validTo - checkedAt) / (validTo - validFrom)
  const days = `${Math.floor((validTo - checkedAt) / 86_400_000)} of ${Math.round((validTo - validFrom) / 86_400_000)} days are left`
  if (left < 0.1) {
    return fail('tls.expiry', left < 0 ? 'The certificate has expired.' : `${days}.`, 'Renew it now, and find out why it was not renewed.')
  }
  if (left < 0.25) return warn('tls.expiry', `${days}, and the certificate was not renewed yet.`, 'Make sure that the renewal runs.')
  return pass('tls.expiry', `${days}.`)
}

export function judgeRedirect (target: string, found: Redirect | null): Finding {
  if (found === null) return unchecked('tls.redirect', 'The https address has a port, so the port of http is unknown.')
  if (found === 'silent') return pass('tls.redirect', 'Nothing answers http.')
  const isRight = [301, 302, 307, 308].includes(found.status) && URL.canParse(found.location) && new URL(found.location).origin === target
  if (isRight) return pass('tls.redirect', 'http redirects to https.')
  return fail('tls.redirect', `http answers ${found.status}${found.location ? ` to ${found.location}` : ''}.`,
    `Redirect every http request to ${target} (301 or 308).`)
}

async function shake (options: ConnectionOptions): Promise<TLSSocket> {
  return await new Promise((resolve, reject) => {
    const socket = connect(options)
    const giveUp = (error: Error): void => {
      socket.destroy()
      reject(error)
    }
    socket.setTimeout(WAIT_MS, () => { giveUp(new Error('no answer')) })
    socket.once('error', giveUp).once('secureConnect', () => {
      socket.off('error', giveUp).on('error', () => {})
      resolve(socket)
    })
  })
}
