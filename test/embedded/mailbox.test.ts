import { existsSync } from 'node:fs'
import { readdir, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import t, { type Test } from 'tap'
import { startMailbox, type Mailbox } from '../../src/embedded/mailbox.ts'
import type { ReceivedMail } from '../../src/platform/mail/local-mailbox.ts'
import { renderMailboxPage } from '../../src/embedded/mailbox-page.ts'
import { renderMail } from '../../src/platform/mail/render.ts'
import { createTransport } from '../../src/platform/mail/transport.ts'

const options = { locale: 'uk', nonce: 'bm9uY2U=' } as const
const mail = renderMail(
  { kind: 'loginCode', code: '483920', ttlMinutes: 5, name: 'Олена', client: { device: 'Firefox on Linux', ip: '::1' } },
  { locale: 'uk', publicUrl: 'http://localhost:3000' }
)

async function open (t: Test, dataDir: string): Promise<Mailbox> {
  const mailbox = await startMailbox({ dataDir })
  t.teardown(mailbox.close)
  return mailbox
}

async function send (t: Test, { smtpUrl }: Mailbox, to: string, rendered = mail): Promise<void> {
  const transport = createTransport(smtpUrl, { from: 'Dvokrok <no-reply@localhost>' })
  t.teardown(() => { transport.close() })
  await transport.sendMail(to, rendered, { messageId: 'one', locale: 'uk' })
}

const item = (facts: Partial<ReceivedMail> = {}): ReceivedMail =>
  ({ id: '1795227035917-a', to: 'olena@example.org', headers: {}, receivedAt: '2026-11-21T01:40:00.000Z', ...mail, ...facts })

t.test('what is sent over SMTP is in the box as its reader sees it', async (t) => {
  const mailbox = await open(t, t.testdir())
  t.match(mailbox.smtpUrl, /^smtp:\/\/127\.0\.0\.1:\d+$/)
  await send(t, mailbox, 'olena@example.org')
  const [first, ...others] = await mailbox.list()
  t.same(others, [])
  t.match(first, { to: 'olena@example.org', subject: mail.subject, text: mail.text, html: mail.html })
  t.match(first?.headers, { 'auto-submitted': 'auto-generated', 'content-language': 'uk', 'message-id': '<one@localhost>' })
  t.match(first?.receivedAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

t.test('the newest comes first, and one address can be asked for', async (t) => {
  const mailbox = await open(t, t.testdir())
  for (const to of ['one@example.org', 'two@example.org', 'one@example.org']) await send(t, mailbox, to)
  t.same((await mailbox.list()).map(({ to }) => to), ['one@example.org', 'two@example.org', 'one@example.org'])
  const times = (await mailbox.list()).map(({ id }) => id)
  t.same(times, [...times].sort().reverse())
  t.equal((await mailbox.list('ONE@example.org ')).length, 2)
  t.same(await mailbox.list('one@example'), [], 'a part of an address is another address')
  await send(t, mailbox, 'user@xn--80a1acn3a.xn--j1amh')
  for (const to of ['user@пошта.укр', 'user@xn--80a1acn3a.xn--j1amh']) t.equal((await mailbox.list(to)).length, 1, to)
})

t.test('mails are files that only the owner can read, and survive a restart', async (t) => {
  const dataDir = t.testdir()
  const before = await startMailbox({ dataDir })
  await send(t, before, 'olena@example.org')
  await before.close()
  const folder = join(dataDir, 'mailbox')
  t.equal((await stat(folder)).mode & 0o777, 0o700)
  for (const name of await readdir(folder)) t.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name)
  t.match(await (await open(t, dataDir)).list(), [{ to: 'olena@example.org', subject: mail.subject }])
})

t.test('only the newest 500 are kept', async (t) => {
  const dataDir = t.testdir({ mailbox: {} })
  const names = Array.from({ length: 500 }, (_, n) => `${1_700_000_000_000 + n}-old.eml`)
  await Promise.all(
    names.map(async (name) => {
      await writeFile(join(dataDir, 'mailbox', name), 'Subject: old\r\nTo: old@example.org\r\n\r\nold')
    })
  )
  const mailbox = await open(t, dataDir)
  t.equal((await mailbox.list()).length, 500)
  await send(t, mailbox, 'olena@example.org')
  const kept = await mailbox.list()
  t.equal(kept.length, 500)
  t.equal(kept[0]?.to, 'olena@example.org')
  t.notOk(existsSync(join(dataDir, 'mailbox', names[0] ?? '')), 'the oldest is gone')
  t.ok(existsSync(join(dataDir, 'mailbox', names[1] ?? '')))
})

t.test('a mail over 1 MiB is refused and the next one is taken', async (t) => {
  const mailbox = await open(t, t.testdir())
  await t.rejects(send(t, mailbox, 'olena@example.org', { ...mail, text: 'x'.repeat(1_100_000) }), /552/)
  // Without the SIZE that an honest client announces.
  await t.rejects(sendRaw(mailbox, `Subject: big\r\n\r\n${'x'.repeat(76)}\r\n`.repeat(20_000)), /552/)
  t.same(await mailbox.list(), [])
  await send(t, mailbox, 'olena@example.org')
  t.equal((await mailbox.list()).length, 1)
})

t.test('several recipients are all named', async (t) => {
  const mailbox = await open(t, t.testdir())
  const transport = nodemailer.createTransport(mailbox.smtpUrl)
  t.teardown(() => { transport.close() })
  await transport.sendMail({ from: 'a@example.org', to: 'One <One@example.org>, two@example.org', subject: 's', text: 't' })
  t.equal((await mailbox.list('two@example.org'))[0]?.to, 'one@example.org, two@example.org')
})

t.test('the page shows mails as they are, cannot be scripted by them, and brings the policy it needs', async (t) => {
  const evil = item({
    id: '1795227035918-b',
    subject: '<script>alert(1)</script>',
    to: '"><img src=x>',
    text: '</pre><script>x</script>',
    html: '"></iframe><script>alert(2)</script>'
  })
  const { html, csp } = renderMailboxPage([evil, item()], options)
  t.match(html, '<html lang="uk">')
  t.match(html, '<span class="code">483920</span>')
  t.same(html.match(/<script[^>]*>/g), ['<script nonce="bm9uY2U=">'], 'our script is the only one')
  t.notMatch(html, /<img|<\/iframe><script/)
  for (const frame of html.match(/<iframe[^>]*/g) ?? ['none']) t.match(frame, /sandbox="allow-same-origin"/)
  t.equal(html.match(/<iframe/g)?.length, 2)
  t.equal(html.match(/<details class="mail"[^>]* open>/g)?.length, 1, 'the newest is open')
  t.match(csp, "default-src 'none'")
  t.match(csp, "script-src 'nonce-bm9uY2U='")
  t.notMatch(csp, /script-src[^;]*unsafe/)
  t.match(csp, "frame-ancestors 'none'")
})

t.test('an empty box says what to do, in the reader\'s language', async (t) => {
  t.match(renderMailboxPage([], options).html, 'Листів ще немає.')
  t.match(renderMailboxPage([], { ...options, locale: 'en' }).html, 'No mail yet.')
  t.match(renderMailboxPage([], { ...options, locale: 'ru' }).html, 'Писем пока нет.')
})

/** Speaks SMTP by hand; rejects with what the server says at the end of the mail. */
async function sendRaw ({ smtpUrl }: Mailbox, message: string): Promise<void> {
  const { hostname, port } = new URL(smtpUrl)
  const socket = connect(Number(port), hostname).setEncoding('utf8')
  const lines = ['HELO x', 'MAIL FROM:<a@example.org>', 'RCPT TO:<b@example.org>', 'DATA', `${message}.`, 'QUIT']
  for await (const answer of socket) {
    if (/^5/.test(String(answer))) {
      socket.destroy()
      throw new Error(String(answer))
    }
    socket.write(`${lines.shift() ?? 'QUIT'}\r\n`)
  }
}
