import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSigner } from 'fast-jwt'
import { newSigningKeys, readSigningKeys, type SigningAlgorithm, type SigningKey } from '../../src/platform/tokens/signing-keys.ts'

interface Ending { teardown: (fn: () => unknown) => unknown }

/** A key of this name and algorithm. */
export function newKey (kid: string, alg: SigningAlgorithm = 'EdDSA'): SigningKey {
  const [key] = readSigningKeys(newSigningKeys(kid, alg))
  if (!key) throw new Error('There is no key.')
  return key
}

/** What a verifier asks of a server, with the events in the hands of the test. */
export async function startStub (t: Ending) {
  const streams = new Set<ServerResponse>()
  const told: string[] = []
  const state = {
    issuer: '',
    keys: [newKey('one')],
    /** How often the keys were asked for. */
    asked: 0,
    introspected: 0,
    /** What the introspection answers. */
    isActive: true,
    hasScope: true,
    beats: true
  }
  const send = (text: string): void => { for (const stream of streams) stream.write(text) }
  const beat = (): void => { if (state.beats) send('event: heartbeat\ndata:\n\n') }
  const cut = (): void => { for (const stream of streams) stream.destroy() }

  const sign = (claims: object = {}, key = state.keys[0], header: object = {}): string => {
    const iat = Math.floor(Date.now() / 1000)
    const { alg = 'EdDSA', kid } = key ?? {}
    return createSigner({ key: key?.privatePem ?? '', algorithm: alg, header: { alg, typ: 'at+jwt', kid, ...header } })({
      iss: state.issuer,
      aud: state.issuer,
      sub: 'olena',
      sid: 's1',
      client_id: state.issuer,
      jti: `${Math.random()}`,
      iat,
      exp: iat + 900,
      auth_time: iat,
      amr: ['pwd', 'otp'],
      '2fa': true,
      ...claims
    })
  }

  /** Tells what readers get now or, when they come later, first. */
  const tell = (type: string, data: object = {}, { subject = 'olena' } = {}): void => {
    const seq = told.length + 1
    const event = { id: `e${seq}`, seq, type, at: new Date().toISOString(), subject, data }
    told.push(`id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(event)}\n\n`)
    send(told.at(-1) ?? '')
    beat()
  }

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const json = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    if (pathname === '/.well-known/jwks.json') {
      state.asked++
      json(200, { keys: state.keys.map(({ publicJwk }) => publicJwk) })
    } else if (pathname === '/auth/introspect') {
      state.introspected++
      json(state.hasScope ? 200 : 403, state.hasScope ? { active: state.isActive } : { code: 'SCOPE_MISSING' })
    } else if (request.headers.authorization !== 'Bearer key') json(401, { code: 'TOKEN_INVALID' })
    else {
      const lastId = request.headers['last-event-id']
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      for (const event of told.slice(Number(lastId ?? 0))) response.write(event)
      streams.add(response)
      response.on('close', () => streams.delete(response))
      beat()
    }
  })
  const heart = setInterval(beat, 500)
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => {
    clearInterval(heart)
    cut()
    server.close()
  })
  state.issuer = `http://127.0.0.1:${addressOf(server.address()).port}`
  return Object.assign(state, { sign, tell, send, cut })
}

function addressOf (address: AddressInfo | string | null): AddressInfo {
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.')
  return address
}
