import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import nodemailer from 'nodemailer'
import { parseMailAddress } from '../mail-address.ts'
import type { Locale } from '../locales/index.ts'
import type { RenderedMail } from './render.ts'
import { type ConnectionFacts, connectionOf } from './smtp-url.ts'
import { factsOf, whyNotSent } from './why-not-sent.ts'

const MINUTE_MS = 60_000
/** What the outbox has on its way at a time; few of them are in use unless the server is slow. */
const CONNECTIONS = 100
// RFC 5321, section 4.5.3.2: who gives up sooner hands a mail to a slow server again and again. The library takes connecting and
// greeting together; no address takes longer to connect to than the system's own limit of two minutes.
const GREETING_MS = 5 * MINUTE_MS
const CONNECT_MS = GREETING_MS + 2 * MINUTE_MS
/** For an answer to the end of DATA; other commands have half of it in the RFC, and are given it too. */
export const ANSWER_MS = 10 * MINUTE_MS
// A server that trickles its answer keeps the socket alive; this ends the mail whatever it does.
const MAIL_DEADLINE_MS = 45 * MINUTE_MS
const DNS_MS = 30_000
const IDLE_MS = 30_000

export interface MailTransport {
  /**
   * Hands one mail for one recipient to the mail server. From the moment `beforeData` is called it may arrive.
   * @throws MailRefusedError when trying again is useless, MailUnansweredError when it may have arrived, else MailNotSentError
   */
  sendMail: (to: string, mail: RenderedMail, options: SendOptions) => Promise<void>
  /** Ends all connections, also those in the middle of a mail. */
  close: () => void
}

export interface SendOptions { messageId: string, locale: Locale, beforeData?: (() => Promise<void>) | undefined }

/** This mail failed for now. The reason holds no address and no code, so it may be logged and kept. */
export class MailNotSentError extends Error {
  override readonly name: string = 'MailNotSentError'
}

/** The server said no for good (a 5xx to this sender, recipient or content), or the recipient is not one plain address. */
export class MailRefusedError extends MailNotSentError {
  override readonly name = 'MailRefusedError'
}

/** The server had all of it and did not say what became of it. */
export class MailUnansweredError extends MailNotSentError {
  override readonly name = 'MailUnansweredError'
}

/**
 * A pool of connections to the mail server at `smtpUrl` (`smtp://` or `smtps://`).
 *
 * `smtp://` needs STARTTLS, and nothing is sent in clear when the server does not offer it, unless the host is loopback or the URL
 * says `?ignoreTLS=true` or `?requireTLS=false`. `?tls.rejectUnauthorized=false` accepts any certificate; `?tls.servername=` names it,
 * `?name=` is what we greet with.
 * @throws Error for a URL that says anything else
 */
export function createTransport (smtpUrl: string, { from, ...facts }: { from: string } & ConnectionFacts): MailTransport {
  const sender = parseSender(from)
  const domain = sender.address.slice(sender.address.lastIndexOf('@') + 1)
  const options = connectionOf(smtpUrl, facts)
  const pool = nodemailer.createTransport({ ...options, ...limits, pool: true })
  // The library reads the body only once the server has said yes to DATA.
  pool.use('stream', ({ message, data }, done) => {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- set below; the library keeps what it does not know
    const { dataHooks } = data as { dataHooks?: DataHooks }
    if (dataHooks) message.processFunc((body) => Readable.from(watched(body, dataHooks), { objectMode: false }))
    done()
  })

  return {
    sendMail: async (to, { subject, text, html }, { messageId, locale, beforeData }) => {
      if (parseMailAddress(to) !== to.toLowerCase()) throw new MailRefusedError('the recipient is not one plain address')
      let isOut = false
      const dataHooks: DataHooks = { before: beforeData, after: () => { isOut = true } }
      try {
        await pool.sendMail({
          ...{ dataHooks },
          from: sender,
          // As an object: a string would be parsed, and a comma in it would reach other people.
          to: { name: '', address: to },
          envelope: { from: sender.address, to: [to] },
          messageId: `<${messageId}@${domain}>`,
          baseBoundary: newBoundary(),
          subject,
          text,
          html,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'Content-Language': locale },
          disableFileAccess: true,
          disableUrlAccess: true,
          signal: AbortSignal.timeout(MAIL_DEADLINE_MS)
        })
      } catch (error) {
        throw toMailError(error, isOut, `${options.host}:${options.port}`)
      }
    },
    close: () => pool.close({ force: true })
  }
}

interface DataHooks { before: (() => Promise<void>) | undefined, after: () => void }

async function * watched (body: AsyncIterable<Buffer>, { before, after }: DataHooks): AsyncGenerator<Buffer> {
  await before?.()
  yield * body
  after()
}

/** Letters only: a run of digits between the parts of a mail must not be taken for the code, by a person or a program. */
const newBoundary = (): string => Array.from(randomBytes(24), (byte) => String.fromCharCode(97 + byte % 26)).join('')

/** What every connection of ours to a mail server is held to. */
export const limits = {
  maxConnections: CONNECTIONS,
  // The outbox tries again; a second try hidden in here could send the mail twice.
  maxRequeues: 0,
  idleTimeout: IDLE_MS,
  connectionTimeout: CONNECT_MS,
  dnsTimeout: DNS_MS,
  greetingTimeout: GREETING_MS,
  socketTimeout: ANSWER_MS,
  disableFileAccess: true,
  disableUrlAccess: true
}

/** `address` or `Name <address>`, the name with or without quotes. */
function parseSender (from: string): { name: string, address: string } {
  const [, name, angled] = /^(.*?)\s*<([^<>]*)>$/.exec(from) ?? [undefined, '', from]
  return { name: (name ?? '').replace(/^"(.*)"$/, '$1'), address: (angled ?? '').trim() }
}

function toMailError (error: unknown, isOut: boolean, where: string): MailNotSentError {
  const { code, responseCode } = factsOf(error)
  const reason = whyNotSent(error, where)
  if (isOut && code !== 'EMESSAGE') return new MailUnansweredError(reason)
  const isForThisMail = code === 'EENVELOPE' || code === 'EMESSAGE'
  const isForGood = typeof responseCode === 'number' && responseCode >= 500 && responseCode < 600
  return isForThisMail && isForGood ? new MailRefusedError(reason) : new MailNotSentError(reason)
}
