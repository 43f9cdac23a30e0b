import { once } from 'node:events'
import { createServer } from 'node:net'
import { SMTPServer } from 'smtp-server'
import t, { type Test } from 'tap'
import { createTransport, MailNotSentError, MailRefusedError, type MailTransport } from '../../../src/platform/mail/transport.ts'
import { makeCertificate } from '../../support/certificate.ts'
import { portOf } from '../../support/shapes.ts'
import { startSmtp } from '../../support/smtp.ts'

const mail = { subject: '483920 — ваш код для входу в Двокрок', text: 'Ваш код для входу: 483920\n', html: '<p>483920 «Ваш» ї</p>\n' }
const options = { messageId: 'Vb3-x_9', locale: 'uk' as const }

function transportTo (t: Test, url: string, from = 'Dvokrok <no-reply@id.example.org>'): MailTransport {
  const transport = createTransport(url, { from })
  t.teardown(() => { transport.close() })
  return transport
}

t.test('a mail arrives whole: headers, both parts, and a subject in Ukrainian', async (t) => {
  const smtp = await startSmtp(t)
  await transportTo(t, smtp.url, '"Двокрок, тест" <no-reply@id.example.org>').sendMail('olena@example.org', mail, options)
  const got = await smtp.next('olena@example.org')
  t.equal(got.subject, mail.subject)
  t.equal(got.text, mail.text)
  t.equal(got.html, mail.html)
  t.equal(got.from, 'no-reply@id.example.org')
  t.match(got.headers, {
    'auto-submitted': 'auto-generated',
    'x-auto-response-suppress': 'All',
    'message-id': '<Vb3-x_9@id.example.org>',
    'content-language': 'uk',
    to: 'olena@example.org'
  })
  t.match(got.headers['from'], /^=\?UTF-8\?\S+ <no-reply@id\.example\.org>$/i)
  t.notMatch(got.raw, /[\u0080-\uffff]/, 'nothing but ASCII on the wire')
  t.match(got.raw, /boundary="--_NmP-[a-z]{24}-Part_1"/, 'what parts the mail holds no digits that could pass for a code')
})

t.test('a mail has one recipient, whatever the address says', async (t) => {
  const smtp = await startSmtp(t)
  const transport = transportTo(t, smtp.url)
  const addresses = [
    'a@example.org, b@example.org',
    'a@example.org;b@example.org',
    'a@example.org b@example.org',
    'a@example.org\r\nBcc: b@example.org',
    'a@example.org\nRCPT TO:<b@example.org>',
    'group: a@example.org, b@example.org;',
    'Name <a@example.org>',
    '"a b"@example.org',
    'a@[127.0.0.1]',
    'оlena@example.org',
    'a@exámple.org',
    '',
    'a',
    `${'a'.repeat(250)}@example.org`,
    ' a@example.org'
  ]
  for (const address of addresses) await t.rejects(transport.sendMail(address, mail, options), MailRefusedError, JSON.stringify(address))
  t.same(smtp.mails, [], 'nothing left')
  t.equal(smtp.behaviour.attempts, 0)
})

t.test('a no for good is told from a no for now, and neither repeats the address or the code', async (t) => {
  const smtp = await startSmtp(t)
  const transport = transportTo(t, smtp.url)
  smtp.behaviour.mode = 'refuse'
  const refused = await transport.sendMail('olena@example.org', mail, options).catch((error: Error) => error)
  t.ok(refused instanceof MailRefusedError)
  t.match(refused?.message, /550/)
  t.notMatch(refused?.message, /olena|483920/)

  smtp.behaviour.mode = 'later'
  const later = await transport.sendMail('olena@example.org', mail, options).catch((error: Error) => error)
  t.ok(later instanceof MailNotSentError && !(later instanceof MailRefusedError))
  t.match(later?.message, /451/)

  smtp.behaviour.mode = 'down'
  const down = await transportTo(t, smtp.url).sendMail('olena@example.org', mail, options).catch((error: Error) => error)
  t.ok(down instanceof MailNotSentError && !(down instanceof MailRefusedError))

  smtp.behaviour.mode = 'ok'
  await transport.sendMail('olena@example.org', mail, options)
  t.equal(smtp.mails.length, 1, 'the same pool goes on afterwards')
})

t.test('a login refused by the mail server is no fault of the mail', async (t) => {
  const { port, heard } = await startPlainServer(t)
  const error = await transportTo(t, `smtp://user:pass%40word@127.0.0.1:${port}`)
    .sendMail('olena@example.org', mail, options)
    .catch((error: Error) => error)
  t.match(heard(), `AUTH PLAIN ${Buffer.from('\0user\0pass@word').toString('base64')}`)
  t.ok(error instanceof MailNotSentError && !(error instanceof MailRefusedError), String(error))
  t.notMatch(String(error), /pass@word/)
})

t.test('beyond loopback a mail waits rather than leave in clear', async (t) => {
  const { port, heard } = await startPlainServer(t)
  // Not a name of loopback, so the rule applies; it still leads here.
  const host = `0.0.0.0:${port}`
  const error = await transportTo(t, `smtp://${host}`).sendMail('olena@example.org', mail, options).catch((error: Error) => error)
  t.ok(error instanceof MailNotSentError && !(error instanceof MailRefusedError), String(error))
  t.match(heard(), /STARTTLS/)
  t.notMatch(heard(), /MAIL FROM|olena/i)

  await transportTo(t, `smtp://${host}?ignoreTLS=true`).sendMail('olena@example.org', mail, options).catch(() => {})
  t.match(heard(), /MAIL FROM/, 'unless the operator says so')
})

t.test('a mail server whose certificate nobody vouches for gets nothing', async (t) => {
  const envelopes: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    onMailFrom: ({ address }, _session, done) => {
      envelopes.push(address)
      done()
    },
    onData: (stream, _session, done) => {
      stream.resume().once('end', done)
    }
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  t.teardown(() => { server.close() })
  const host = `0.0.0.0:${portOf(listening)}`
  const error = await transportTo(t, `smtp://${host}`).sendMail('olena@example.org', mail, options).catch((error: Error) => error)
  t.ok(error instanceof MailNotSentError && !(error instanceof MailRefusedError), `it waits: ${String(error)}`)
  t.strictSame(envelopes, [])
  await transportTo(t, `smtp://${host}?tls.rejectUnauthorized=false`).sendMail('olena@example.org', mail, options)
  t.equal(envelopes.length, 1, 'unless the operator says so')
})

t.test('it greets with the host of PUBLIC_URL, or with what SMTP_URL says', async (t) => {
  const { port, heard } = await startPlainServer(t)
  const url = `smtp://127.0.0.1:${port}`
  const greets = async (smtpUrl: string, publicUrl: string, name: string): Promise<void> => {
    const transport = createTransport(smtpUrl, { from: 'no-reply@example.org', publicUrl })
    t.teardown(() => { transport.close() })
    await transport.sendMail('olena@example.org', mail, options).catch(() => {})
    t.match(heard(), `EHLO ${name}\r\n`, `${smtpUrl} ${publicUrl}`)
  }
  await greets(url, 'https://id.example.org:8443', 'id.example.org')
  await greets(url, 'http://192.0.2.7:3000', '[192.0.2.7]')
  await greets(url, 'http://[2001:db8::7]', '[IPv6:2001:db8::7]')
  await greets(`${url}?name=relay.example.net`, 'https://id.example.org', 'relay.example.net')
})

t.test('an authority of your own is trusted when it is given, and what is missing is said without it', async (t) => {
  const { key, cert } = makeCertificate()
  const taken: string[] = []
  const server = new SMTPServer({
    key,
    cert,
    authOptional: true,
    onAuth: (_auth, _session, done) => { done(new Error('no')) },
    onData: (stream, _session, done) => {
      taken.push('mail')
      stream.resume().once('end', done)
    }
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  t.teardown(() => { server.close() })
  const port = portOf(listening)
  const send = async (url: string, ca: string | null): Promise<string> => {
    const transport = createTransport(url, { from: 'no-reply@example.org', ca })
    t.teardown(() => { transport.close() })
    return await transport.sendMail('olena@example.org', mail, options).then(() => 'sent', (error: Error) => error.message)
  }
  const url = `smtp://localhost:${port}?requireTLS=true`
  t.match(await send(url, null), new RegExp(`mail server at localhost:${port} has a certificate of an authority .* SMTP_CA_FILE`))
  t.strictSame(taken, [])
  t.equal(await send(url, cert), 'sent')
  const refused = await send(`smtp://u:hunter2@localhost:${port}?requireTLS=true`, cert)
  t.match(refused, /refuses the user and password of SMTP_URL.*535/)
  t.notMatch(refused, 'hunter2')
  t.match(await send('smtp://localhost:1', null), /Nothing listens at localhost:1.*SMTP_URL.*ECONNREFUSED/)
  t.match(await send('smtp://no-such-host.invalid', null), /The host of SMTP_URL has no address/)
})

t.test('an address of a mail server that says something else is refused', async (t) => {
  const from = 'no-reply@example.org'
  t.throws(() => createTransport('http://mail.example.org', { from }), /smtp:\/\//)
  t.throws(() => createTransport('smtp://mail.example.org?logger=true', { from }), /knows no setting “logger”/)
  t.throws(() => createTransport('smtp://mail.example.org?disableFileAccess=false', { from }), /disableFileAccess/)
})

/** Speaks SMTP without STARTTLS, as after somebody stripped it. */
async function startPlainServer (t: Test): Promise<{ port: number, heard: () => string }> {
  let all = ''
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.write('220 mail.example.org ESMTP\r\n')
    socket.on('data', (data) => {
      all += data.toString()
      if (/^EHLO/.test(data.toString())) socket.write('250-mail.example.org\r\n250 AUTH PLAIN\r\n')
      else if (/^AUTH/.test(data.toString())) socket.write('535 5.7.8 no\r\n')
      else if (/^MAIL/.test(data.toString())) socket.end('421 later\r\n')
      else socket.write('502 not here\r\n')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close() })
  return { port: portOf(server), heard: () => all }
}
