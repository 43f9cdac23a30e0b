import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import nodemailer from 'nodemailer'
import { type ConnectionFacts, connectionOf } from './smtp-url.ts'
import { limits } from './transport.ts'
import { whyNotSent } from './why-not-sent.ts'

/** A mail server as it greets somebody who looks in. */
export interface SmtpFacts {
  where: string
  /** Why nobody greeted; null when somebody did. */
  unreachable: string | null
  encryption: 'tls' | 'starttls' | 'none'
  /** Whether our settings insist on encryption. */
  isRequired: boolean
  /** Why the certificate is not believed; null when it is, or when there is none. */
  certificateError: string | null
  /** null: no user in SMTP_URL. */
  login: 'accepted' | { reason: string } | null
}

/** Less than the outbox waits: somebody looks on. */
const WAIT_MS = 30_000

/** Looks at the server of `smtpUrl` without sending a mail: greeting, encryption, certificate, and whether it takes our user. */
export async function probeSmtp (smtpUrl: string, settings: ConnectionFacts = {}): Promise<SmtpFacts> {
  const options = connectionOf(smtpUrl, settings)
  const { host, port, secure, ignoreTLS, requireTLS, auth, tls } = options
  const facts: SmtpFacts = {
    where: `${host}:${port}`,
    unreachable: null,
    encryption: 'none',
    isRequired: secure || requireTLS,
    certificateError: null,
    login: null
  }
  const name = tls.servername ?? host
  const secureOptions = { ...tls, rejectUnauthorized: false, ...(isIP(name) ? {} : { servername: name }) }
  let socket: Socket | undefined
  try {
    if (secure) {
      const encrypted = await ready(connectTls({ host, port, ...secureOptions }), 'secureConnect')
      socket = encrypted
      Object.assign(facts, { encryption: 'tls', certificateError: errorOf(encrypted) })
      await reply(socket)
    } else {
      socket = await ready(connectPlain({ host, port }), 'connect')
      await reply(socket)
      const offers = /^250[ -]STARTTLS\r?$/mi.test(await reply(socket, `EHLO ${options.name ?? 'dvokrok-doctor.invalid'}`))
      if (offers && !ignoreTLS && (await reply(socket, 'STARTTLS')).startsWith('220')) {
        const encrypted = await ready(connectTls({ socket, host: name, ...secureOptions }), 'secureConnect')
        Object.assign(facts, { encryption: 'starttls', certificateError: errorOf(encrypted) })
      }
    }
  } catch (error) {
    facts.unreachable = whyNotSent(error, facts.where)
  } finally {
    socket?.destroy()
  }
  if (facts.unreachable === null && auth) facts.login = await logIn(options, facts.where)
  return facts
}

async function logIn (options: ReturnType<typeof connectionOf>, where: string): Promise<SmtpFacts['login']> {
  const patience = { connectionTimeout: WAIT_MS, greetingTimeout: WAIT_MS, socketTimeout: WAIT_MS }
  const transport = nodemailer.createTransport({ ...options, ...limits, ...patience })
  try {
    await transport.verify()
    return 'accepted'
  } catch (error) {
    return { reason: whyNotSent(error, where) }
  } finally {
    transport.close()
  }
}

const errorOf = ({ authorized, authorizationError: error }: TLSSocket): string | null => authorized ? null : tell(error)

/** Codes and kinds of errors only: a server's sentence may repeat a user name. */
const tell = (error: unknown): string => error instanceof Error
  ? (
      'code' in error && typeof error.code === 'string' ? error.code : error.message
    )
  : String(error)

async function ready<T extends Socket> (socket: T, event: 'connect' | 'secureConnect'): Promise<T> {
  return await new Promise((resolve, reject) => {
    socket.setTimeout(WAIT_MS, () => { socket.destroy(new Error('no answer')) })
    // Stays for the life of the socket: who breaks off later is told by the reply that does not come.
    socket.on('error', reject)
    socket.once('close', () => { reject(new Error('connection closed')) })
    socket.once(event, () => { resolve(socket) })
  })
}

/** The whole reply to `command`; without one, the greeting. */
async function reply (socket: Socket, command?: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    let text = ''
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      if (!/^\d{3}(?: .*)?\r?\n$/m.test(text)) return
      socket.off('data', onData)
      resolve(text)
    }
    socket.on('data', onData).once('close', () => { reject(new Error('connection closed')) }).once('error', reject)
    if (command !== undefined) socket.write(`${command}\r\n`)
  })
}
