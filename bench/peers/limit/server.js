// The limit: bare Fastify routes that ask Redis the same and make the same signatures and MACs as the product, and nothing else. No
// check of any rule, no hook, no header beyond what an answer needs.
import { createDecipheriv, createHash, createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSigner, createVerifier } from 'fast-jwt'
import Fastify from 'fastify'
import { Redis } from 'ioredis'

const { REDIS_PATH, PORT, BENCH_CONFIG, BENCH_TWO_READS } = process.env
const config = JSON.parse(readFileSync(BENCH_CONFIG, 'utf8'))
const keys = Object.fromEntries(Object.entries(config.keys).map(([name, text]) => [name, name === 'id' ? text : Buffer.from(text, 'hex')]))
const { userFields, schemas, scripts, ttlSeconds, idleMs, absoluteMs } = config

const redis = new Redis({ path: REDIS_PATH })
// What is sent in one turn of the event loop leaves in one write.
const send = redis.sendCommand.bind(redis)
redis.sendCommand = (command, stream) => {
  const { stream: socket } = redis
  if (!BENCH_TWO_READS && socket?.writableCorked === 0) {
    socket.cork()
    setImmediate(() => { socket.uncork() })
  }
  return send(command, stream)
}
const shas = {}
for (const [name, source] of Object.entries(scripts)) shas[name] = await redis.script('LOAD', source)

const verifyAccess = createVerifier({
  key: config.publicPem,
  algorithms: ['EdDSA'],
  cache: config.cacheTokens,
  allowedIss: config.issuer,
  allowedAud: config.audience
})
const verifyPending = createVerifier({ key: keys.pending, algorithms: ['HS256'], allowedIss: config.issuer })
const sign = createSigner({ key: config.privatePem, algorithm: 'EdDSA', kid: config.kid, header: { alg: 'EdDSA', typ: 'at+jwt' } })

const app = Fastify()
app.get('/', async () => 'ready')

const user = {
  id: randomUUID(),
  email: 'person.000000@example.org',
  name: 'Olena 000000',
  role: 'user',
  status: 'active',
  locale: 'en',
  isTwoFactorEnabled: true,
  secondFactors: ['email'],
  createdAt: new Date().toISOString()
}
app.get('/bare', { schema: { response: { 200: schemas.me } } }, async () => ({ user }))

/** In one script, the cheapest form that is known; or in two reads, the plain one. */
async function readUser (sub, sid) {
  const [session, account] = [`{u:${sub}}:s:${sid}`, `{u:${sub}}:account`]
  if (!BENCH_TWO_READS) {
    const [, , , record] = await redis.evalsha(shas['session-find'], 2, session, account)
    return JSON.parse(record)
  }
  const [, record] = await Promise.all([redis.hmget(session, 'recentAt', 'amr'), redis.hmget(account, ...userFields)])
  return record
}

app.get('/auth/me', { schema: { response: { 200: schemas.me } } }, async (request) => {
  const { sub, sid } = verifyAccess(request.headers.authorization.slice('Bearer '.length))
  return { user: toUser(sub, await readUser(sub, sid)) }
})

app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, text, done) => {
  done(null, { token: text.slice('token='.length) })
})

app.post('/auth/introspect', { schema: { response: { 200: schemas.introspection } } }, async (request) => {
  const [, keyId, secret] = request.headers.authorization.slice('Bearer '.length).split('_')
  const claims = verifyAccess(request.body.token)
  const { sub, sid } = claims
  const [key, [, , amr, record]] = await Promise.all([
    redis.hget(config.serviceKeys, keyId), redis.evalsha(shas['session-find'], 2, `{u:${sub}}:s:${sid}`, `{u:${sub}}:account`)
  ])
  const { secretHash, scopes } = JSON.parse(key)
  if (!timingSafeEqual(Buffer.from(hash(secret)), Buffer.from(secretHash)) || !scopes.includes('introspect')) throw new Error('key')
  return { active: true, token_type: 'Bearer', ...claims, amr: amr.split(' '), roles: JSON.parse(record)[11] || [] }
})

app.post('/auth/refresh', { schema: { response: { 200: schemas.tokens } } }, async (request, reply) => {
  const token = request.headers.cookie.slice('refresh='.length)
  const bytes = Buffer.from(token.slice(4), 'base64url')
  const body = bytes.subarray(0, 36)
  if (!timingSafeEqual(mac(keys.refresh, body), bytes.subarray(36))) throw new Error('MAC')
  const id = body.toString('base64url', 0, 16)
  const sid = body.toString('base64url', 16, 32)
  const tag = `{u:${id}}`
  const answer = await redis.evalsha(shas['session-refresh'], 3, `${tag}:s:${sid}`, `${tag}:account`, `${tag}:sessions`,
    body.readUInt32BE(32), 10_000, idleMs, absoluteMs, sid, `${request.ip}\t?\t`, 0)
  if (answer[0] !== 'ok') throw new Error(answer[0])
  return tokens(reply, id, sid, answer[1], JSON.parse(answer[5]))
})

app.post('/auth/verify-otp', { schema: { body: schemas.otp, response: { 200: schemas.verified } } }, async (request, reply) => {
  const { cid } = verifyPending(request.headers.authorization.slice('Bearer '.length))
  const place = unseal(cid, 'cid')
  const id = place.slice(1, 23)
  const attempt = place.slice(23)
  const tag = `{u:${id}}`
  const codeMac = keys.id + mac(keys.code, `${attempt} ${request.body.otp}`).subarray(0, 24).toString('base64url')
  const sid = randomBytes(16).toString('base64url')
  const device = randomBytes(32).toString('base64url')
  const answer = await redis.evalsha(
    shas['login-verify'],
    6,
    `${tag}:account`,
    `${tag}:attempt:${attempt}`,
    `${tag}:failures`,
    `${tag}:s:${sid}`,
    `${tag}:sessions`,
    `${tag}:devices`,
    '',
    'login',
    'email',
    codeMac,
    5,
    20,
    100,
    attempt,
    `${request.ip}\t?\t`,
    sid,
    50,
    idleMs,
    absoluteMs,
    'pwd otp',
    request.headers.cookie ? hash(request.headers.cookie.slice('device='.length)) : '',
    hash(device),
    1
  )
  if (answer[0] !== 'ok') throw new Error(answer[0])
  const body = tokens(reply, id, sid, 1, JSON.parse(answer[3]))
  reply.header('set-cookie', [
    reply.getHeader('set-cookie'),
    'pending=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
    `device=${device}; Max-Age=31536000; Path=/; HttpOnly; SameSite=Strict`
  ])
  return { success: true, message: 'You are signed in.', ...body }
})

function tokens (reply, id, sid, generation, record) {
  const body = Buffer.alloc(36)
  body.write(id, 0, 16, 'base64url')
  body.write(sid, 16, 16, 'base64url')
  body.writeUInt32BE(generation, 32)
  const refresh = keys.id + Buffer.concat([body, mac(keys.refresh, body)]).toString('base64url')
  reply.header('set-cookie', `refresh=${refresh}; Max-Age=${idleMs / 1000}; Path=/; HttpOnly; SameSite=Strict`)
  const now = Math.floor(Date.now() / 1000)
  const accessToken = sign({
    iss: config.issuer,
    aud: config.audience,
    sub: id,
    sid,
    jti: randomUUID(),
    iat: now,
    exp: now + ttlSeconds,
    auth_time: now,
    amr: ['pwd', 'otp'],
    '2fa': true
  })
  return { accessToken, tokenType: 'Bearer', expiresIn: ttlSeconds, user: toUser(id, record) }
}

function toUser (id, [email, name, role, status, locale, twoFactor, createdAt]) {
  return {
    id,
    email,
    name,
    role,
    status,
    locale,
    isTwoFactorEnabled: twoFactor === '1',
    secondFactors: ['email'],
    createdAt: new Date(Number(createdAt)).toISOString()
  }
}

function mac (key, text) {
  return createHmac('sha256', key).update(text).digest()
}

function hash (token) {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url')
}

function unseal (sealed, context) {
  const body = Buffer.from(sealed.slice(4), 'base64url')
  const decipher = createDecipheriv('aes-256-gcm', keys.seal, body.subarray(0, 12), { authTagLength: 16 })
    .setAAD(Buffer.from(context))
    .setAuthTag(body.subarray(-16))
  return decipher.update(body.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
}

await app.listen({ host: '127.0.0.1', port: Number(PORT) })
