import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import type { Test } from 'tap'
import { portOf } from './shapes.ts'

/** A mail server that takes any user with the password `right`, gone at the end of `t`. Its port. */
export async function startMailServer (t: Test, options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({
    disableReverseLookup: true,
    closeTimeout: 100,
    authOptional: true,
    ...options,
    onAuth: ({ password }, _session, done) => {
      done(password === 'right' ? null : new Error('no'), { user: 'u' })
    }
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  t.teardown(async () => { await new Promise<void>((resolve) => { server.close(resolve) }) })
  return portOf(listening)
}

/**
 * A DNS server with these text records (RFC 1035). A name with others beneath it exists and has none; every other does not exist. Its
 * address and port.
 */
export async function startDns (t: Test, records: Record<string, string[]>): Promise<string> {
  const socket = createSocket('udp4')
  socket.on('message', (query: Buffer, { port, address }: RemoteInfo) => {
    const labels: string[] = []
    let at = 12
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length))
      at += length + 1
    }
    const name = labels.join('.').toLowerCase()
    const texts = records[name] ?? []
    const exists = name in records || Object.keys(records).some((one) => one.endsWith(`.${name}`))
    const question = query.subarray(12, at + 5)
    const answers = texts.map((text) => {
      const data = Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])
      return Buffer.concat([Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 0xff]), data])
    })
    const header = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x81, exists ? 0x80 : 0x83, 0, 1, 0, answers.length, 0, 0, 0, 0])
    socket.send(Buffer.concat([header, question, ...answers]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => { socket.close() })
  return `127.0.0.1:${socket.address().port}`
}
