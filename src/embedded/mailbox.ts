import { once } from 'node:events'
import { mkdir, readdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import PostalMime, { type Address, type Email } from 'postal-mime'
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server'
import { now } from '../platform/clock.ts'
import { newToken } from '../platform/ids.ts'
import type { LocalMailbox, ReceivedMail } from '../platform/mail/local-mailbox.ts'
import { canonicalAddress } from '../records/accounts/address.ts'
import { renderMailboxPage } from './mailbox-page.ts'

const MOST_MAILS = 500
const MOST_BYTES = 1024 * 1024
/** The sender's pool keeps idle connections open; `close` does not wait longer for them. */
const CLOSE_MS = 300
const FILE = /^(\d{13})-[\w-]+\.eml$/

export interface Mailbox extends LocalMailbox {
  /** `smtp://127.0.0.1:port` */
  smtpUrl: string
  close: () => Promise<void>
}

interface Options { dataDir: string, log?: (facts: object, message: string) => void }

/** A real SMTP server on loopback that keeps the newest 500 mails as files in `DATA_DIR/mailbox`, where they survive a restart. */
export async function startMailbox ({ dataDir, log }: Options): Promise<Mailbox> {
  const folder = join(dataDir, 'mailbox')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const parsed = new Map<string, ReceivedMail>()
  let lastAt = 0

  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: MOST_BYTES,
    closeTimeout: CLOSE_MS,
    onData: (stream, _session, done) => {
      receive(stream).then(store).then(() => { done() }, (error: Error) => {
        log?.({ event: 'mailbox.refused', reason: error.message }, 'the local mailbox could not keep a mail')
        done(error)
      })
    }
  })
  server.on('error', (error) => { log?.({ event: 'mailbox.error', reason: error.message }, 'a connection of the local mailbox broke') })
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')

  async function store (raw: Buffer): Promise<void> {
    // Files are sorted by name, so no two may have the same millisecond.
    lastAt = Math.max(now(), lastAt + 1)
    const path = join(folder, `${lastAt}-${newToken().slice(0, 12)}.eml`)
    // Written aside and renamed, so that no list sees half a mail, even after a crash.
    await writeFile(`${path}.new`, raw, { mode: 0o600 })
    await rename(`${path}.new`, path)
    const ids = await newestIds()
    for (const id of ids.slice(MOST_MAILS)) {
      parsed.delete(id)
      await unlink(join(folder, `${id}.eml`)).catch(() => {})
    }
  }

  async function newestIds (): Promise<string[]> {
    const names = await readdir(folder)
    return names.filter((name) => FILE.test(name)).sort().reverse().map((name) => name.slice(0, -'.eml'.length))
  }

  async function load (id: string): Promise<ReceivedMail | null> {
    const known = parsed.get(id)
    if (known) return known
    const raw = await readFile(join(folder, `${id}.eml`)).catch(() => null)
    if (!raw) return null
    const item = toItem(id, await PostalMime.parse(raw))
    parsed.set(id, item)
    return item
  }

  return {
    smtpUrl: `smtp://127.0.0.1:${portOf(listening.address())}`,
    list: async (to) => {
      const items = await Promise.all((await newestIds()).map(load))
      const wanted = to === undefined ? undefined : canonicalAddress(to)
      return items.filter((item) => item !== null).filter((item) => wanted === undefined || isTo(item, wanted))
    },
    renderPage: renderMailboxPage,
    close: async () => { await new Promise<void>((resolve) => { server.close(resolve) }) }
  }
}

// The header's domain is read as people write it.
const isTo = ({ to }: ReceivedMail, wanted: string): boolean => to.split(', ').some((address) => canonicalAddress(address) === wanted)

async function receive (stream: SMTPServerDataStream): Promise<Buffer> {
  const parts: Buffer[] = []
  const received: AsyncIterable<Buffer> = stream
  for await (const part of received) {
    // Keep reading: SMTP allows no reply before the end of the message.
    if (!stream.sizeExceeded) parts.push(part)
  }
  if (stream.sizeExceeded) throw Object.assign(new Error('The mail is larger than 1 MiB'), { responseCode: 552 })
  return Buffer.concat(parts)
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0

function toItem (id: string, mail: Email): ReceivedMail {
  return {
    id,
    to: (mail.to ?? []).flatMap(addressesOf).join(', '),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html ?? '',
    headers: Object.fromEntries(mail.headers.map(({ key, value }) => [key, value])),
    receivedAt: new Date(Number(id.slice(0, 13))).toISOString()
  }
}

const addressesOf = (address: Address): string[] =>
  (address.group ?? [address]).map((mailbox) => mailbox.address.toLowerCase())
