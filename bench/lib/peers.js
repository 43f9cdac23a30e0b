import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { existsSync, statSync } from 'node:fs'
import { accountOf, emailOf, sessionOf } from './world.js'
import { command, pipe } from './seed.js'
import { say } from './progress.js'

export const PEER_SECRET = 'a secret of peers that everybody knows: 0123456789'
const folder = (name) => new URL(`../peers/${name}/`, import.meta.url).pathname

/** Installs peers into their own folders, from their own locks; nothing of them is a dependency of the product. */
export function installPeers (names) {
  for (const name of names) {
    const installed = statSync(`${folder(name)}node_modules/.package-lock.json`, { throwIfNoEntry: false })
    const lock = `${folder(name)}package-lock.json`
    if (installed && existsSync(lock) && installed.mtimeMs > statSync(lock).mtimeMs) continue
    say(`installing the peer ${name}`)
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder(name), stdio: ['ignore', 'ignore', 'inherit'] })
  }
}

const token = (claims) => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${text}.${createHmac('sha256', PEER_SECRET).update(text).digest('base64url')}`
}
const userOf = (n) => ({
  id: accountOf(n),
  email: emailOf(n),
  name: `Olena ${String(n).padStart(7, '0')}`,
  role: 'user',
  status: 'active',
  locale: 'en',
  isTwoFactorEnabled: true,
  secondFactors: ['email'],
  createdAt: new Date().toISOString()
})

/** The same people for the Express peer: requests with their tokens. */
export async function expressRequests (redis, count) {
  await pipe(redis.path, (function * () {
    for (let n = 0; n < count; n++) {
      yield command('SET', `express:user:${accountOf(n)}`, JSON.stringify(userOf(n)))
      yield command('SET', `express:session:${sessionOf(n)}`, '1')
    }
  })())
  const now = Math.floor(Date.now() / 1000)
  return Array.from({ length: count }, (_, n) => ({
    path: '/auth/me', headers: { authorization: `Bearer ${token({ sub: accountOf(n), sid: sessionOf(n), iat: now, exp: now + 3600 })}` }
  }))
}

/** The same people for better-auth, in the records that its own sign-up writes. */
export async function betterAuthRequests (redis, count) {
  const now = new Date().toISOString()
  const expiresAt = new Date(Date.now() + 7 * 86_400_000).toISOString()
  const sessionToken = (n) => sessionOf(n).padEnd(32, 'x')
  await pipe(redis.path, (function * () {
    for (let n = 0; n < count; n++) {
      const { id, email, name } = userOf(n)
      const user = { name, email, emailVerified: true, createdAt: now, updatedAt: now, id }
      const session = {
        id: sessionOf(n),
        ipAddress: '127.0.0.1',
        userAgent: 'bench',
        expiresAt,
        userId: id,
        token: sessionToken(n),
        createdAt: now,
        updatedAt: now
      }
      yield command('SET', sessionToken(n), JSON.stringify({ session, user }), 'EX', 604_800)
    }
  })())
  return Array.from({ length: count }, (_, n) => {
    const signed = `${sessionToken(n)}.${createHmac('sha256', PEER_SECRET).update(sessionToken(n)).digest('base64')}`
    return { path: '/api/auth/get-session', headers: { cookie: `better-auth.session_token=${encodeURIComponent(signed)}` } }
  })
}
