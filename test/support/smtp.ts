import { EventEmitter, once } from 'node:events'
import type { Socket } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server'
import { portOf } from './shapes.ts'

const CODE = /(?<!\d)\d{6,10}(?!\d)/

export interface ParsedMail {
  /** The one recipient of the envelope, in lower case. */
  to: string
  from: string
  subject: string
  text: string
  html: string
  /** By lower-case name. */
  headers: Record<string, string>
  raw: string
}

/**
 * `ok` takes every mail. `refuse` says no for good, `later` for now, both at the recipient. `tarpit` greets and then says nothing
 * more. `down` breaks the connection before a greeting.
 */
export type SmtpMode = 'ok' | 'refuse' | 'tarpit' | 'down' | 'later'

export interface TestSmtp {
  url: string
  /** Every mail taken so far. */
  mails: ParsedMail[]
  /**
   * May be changed at any time; `attempts` counts connections that were turned away or recipients refused. `holdsAnswers`: the next mails
   * are kept in `mails`, and the answer to them waits for `answer`. `greetsAfterMs`: real time, for what is about it.
   */
  behaviour: { mode: SmtpMode, attempts: number, holdsAnswers: boolean, greetsAfterMs: number }
  /** Answers the mails whose answer was held. */
  answer: () => void
  /** Breaks every connection that stands. */
  breakConnections: () => void
  /** The oldest mail to this address that no `next` or `code` has handed out yet, awaited if need be. */
  next: (to: string, predicate?: (mail: ParsedMail) => boolean, milliseconds?: number) => Promise<ParsedMail>
  /** The code in the next mail to this address that has one. */
  code: (to: string) => Promise<string>
  /** Resolves at the next attempt that is turned away. */
  refusal: () => Promise<void>
  dispose: () => Promise<void>
}

/** A real SMTP server on loopback, gone at the end of `t`. */
export async function startSmtp (t: { teardown: (fn: () => unknown) => unknown }): Promise<TestSmtp> {
  const mails: ParsedMail[] = []
  const taken = new Set<ParsedMail>()
  const behaviour: TestSmtp['behaviour'] = { mode: 'ok', attempts: 0, holdsAnswers: false, greetsAfterMs: 0 }
  const held: Array<() => void> = []
  const sockets = new Set<Socket>()
  const events = new EventEmitter().setMaxListeners(0)
  const turnAway = (): void => {
    behaviour.attempts++
    events.emit('refusal')
  }

  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 100,
    onConnect: (_session, done) => { setTimeout(done, behaviour.greetsAfterMs) },
    onMailFrom: (_address, _session, done) => {
      // Never answering is the tarpit.
      if (behaviour.mode === 'tarpit') turnAway()
      else done()
    },
    onRcptTo: ({ address }, _session, done) => {
      if (behaviour.mode === 'ok') return done()
      turnAway()
      const [responseCode, text] = behaviour.mode === 'refuse' ? [550, 'no such user'] : [451, 'try again later']
      done(Object.assign(new Error(`<${address}>: ${text}`), { responseCode }))
    },
    onData: (stream, session, done) => {
      keep(stream, session).then(() => {
        if (behaviour.holdsAnswers) held.push(done)
        else done()
        events.emit('mail')
      }, done)
    }
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  listening.prependListener('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => { sockets.delete(socket) })
    if (behaviour.mode !== 'down') return
    turnAway()
    socket.destroy()
  })

  async function keep (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const raw = Buffer.concat(await stream.toArray())
    const parsed = await PostalMime.parse(raw)
    const { mailFrom, rcptTo } = session.envelope
    mails.push({
      to: rcptTo.map(({ address }) => address.toLowerCase()).join(', '),
      from: mailFrom ? mailFrom.address : '',
      subject: parsed.subject ?? '',
      text: parsed.text ?? '',
      html: parsed.html ?? '',
      headers: Object.fromEntries(parsed.headers.map(({ key, value }) => [key, value])),
      raw: raw.toString('latin1')
    })
  }

  const next: TestSmtp['next'] = async (to, predicate = () => true, milliseconds = 10_000) => {
    const signal = AbortSignal.timeout(milliseconds)
    for (;;) {
      const mail = mails.find((one) => one.to === to.toLowerCase() && !taken.has(one) && predicate(one))
      if (mail) {
        taken.add(mail)
        return mail
      }
      await once(events, 'mail', { signal }).catch(() => {
        throw new Error(
          `no mail to ${to} within ${milliseconds} ms; there were: ${mails.map((one) => `${one.to} “${one.subject}”`).join('; ') || 'none'}`
        )
      })
    }
  }

  const port = portOf(listening)
  const dispose = async (): Promise<void> => { await new Promise<void>((resolve) => { server.close(resolve) }) }
  t.teardown(dispose)
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    behaviour,
    answer: () => { held.splice(0).forEach((done) => { done() }) },
    breakConnections: () => { for (const socket of sockets) socket.destroy() },
    next,
    code: async (to) => {
      const { subject } = await next(to, (mail) => CODE.test(mail.subject))
      return CODE.exec(subject)?.[0] ?? ''
    },
    refusal: async () => { await once(events, 'refusal') },
    dispose
  }
}
