import { createSigner } from 'fast-jwt'
import t from 'tap'
import { formatServiceKey } from '../../src/records/service-keys/service-key.ts'
import { newSigningKeys, readSigningKeys } from '../../src/platform/tokens/signing-keys.ts'
import { logIn, signUp, startApp } from '../support/app.ts'
import { decode } from '../support/browser.ts'
import { ofAccount } from '../support/key-prefixes.ts'
import { mailsSettled } from '../support/observe.ts'
import { startOneRedis } from '../support/redis.ts'
import { startRedisProxy } from '../support/redis-proxy.ts'
import { shaped } from '../support/shapes.ts'

const signingKeys = newSigningKeys('test')
const server = await startApp(t, { signingKeys })
const credentials = await server.inside.records.serviceKeys.add('api', ['introspect'])
const bearer = `Bearer ${formatServiceKey(credentials)}`

async function ask (payload: string, { type = 'application/x-www-form-urlencoded', authorization = bearer } = {}) {
  const { statusCode, body, headers } = await server.fastify.inject({
    method: 'POST', url: '/auth/introspect', payload, headers: { 'content-type': type, authorization }
  })
  return { status: statusCode, body: shaped<Record<string, unknown>>(JSON.parse(body)), headers }
}
const introspect = async (token: string) => (await ask(`token=${encodeURIComponent(token)}`)).body
const INACTIVE = { active: false }

t.test('a token of a living session is active, with the claims of RFC 7662', async (t) => {
  const { token } = await signUp(server)
  const { iss, aud, sub, sid, client_id: clientId, iat, exp, amr, '2fa': hasSecondFactor, jti, auth_time: authTime } = decode(token).claims
  const { status, body, headers } = await ask(`token=${token}&token_type_hint=access_token&unknown=1`)
  t.equal(status, 200)
  t.equal(headers['cache-control'], 'no-store')
  t.strictSame(body, {
    active: true,
    iss,
    aud,
    sub,
    sid,
    client_id: clientId,
    iat,
    exp,
    amr,
    '2fa': hasSecondFactor,
    jti,
    auth_time: authTime,
    roles: [],
    token_type: 'Bearer'
  })
})

t.test('key, session and account are read in one round trip to Redis', async (t) => {
  const direct = await startApp(t, { redis: await startOneRedis(t) })
  const proxy = await startRedisProxy(t, direct.redis.url)
  const server = await startApp(t, { redis: { ...direct.redis, url: proxy.url }, smtp: direct.smtp })
  const { token, id } = await signUp(server)
  await mailsSettled(server)
  const key = formatServiceKey(await server.inside.records.serviceKeys.add('api', ['introspect']))
  const introspect = async (): Promise<unknown> => {
    const { statusCode, body } = await server.fastify.inject({
      method: 'POST',
      url: '/auth/introspect',
      payload: `token=${token}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${key}` }
    })
    return [statusCode, shaped<{ active: boolean }>(JSON.parse(body)).active]
  }
  // The first use in a minute is noted.
  t.strictSame(await introspect(), [200, true])
  proxy.reset()
  t.strictSame(await introspect(), [200, true])
  t.equal(proxy.turnsAbout(ofAccount(id)), 1)
})

t.test('a token is inactive right after a logout, a change of password, a disabling and a deletion', async (t) => {
  const { records } = server.inside
  const out = await signUp(server)
  await out.browser.post('/auth/logout', undefined, { token: out.token })
  t.strictSame(await introspect(out.token), INACTIVE, 'logout')

  const changed = await signUp(server)
  const other = await logIn(server, changed.who)
  const answer = await changed.browser.call('PUT', '/users/password', {
    currentPassword: changed.who.password, newPassword: 'copper-violin-meadow'
  }, { token: changed.token })
  t.equal(answer.status, 200, answer.text)
  t.strictSame(await introspect(other.token), INACTIVE, 'change of password')
  t.match(await introspect(changed.token), { active: true }, 'the session that changed it goes on')

  const disabled = await signUp(server)
  const admin = await signUp(server)
  await records.administration.grant(admin.id)
  const by = { adminId: admin.id, actor: { ip: '', device: '', by: admin.id } }
  await records.administration.change(disabled.id, { status: 'disabled' }, by)
  t.strictSame(await introspect(disabled.token), INACTIVE, 'disabling')

  const deleted = await signUp(server)
  t.equal((await deleted.browser.call('DELETE', '/users/me', undefined, { token: deleted.token })).status, 204)
  t.strictSame(await introspect(deleted.token), INACTIVE, 'deletion')
})

t.test('what is no token of ours is inactive, not an error', async (t) => {
  const { token, answer } = await signUp(server)
  const { header, claims } = decode(token)
  const [stranger] = readSigningKeys(newSigningKeys('test'))
  const [own] = readSigningKeys(signingKeys)
  const sign = (key: string | undefined, over: object) => createSigner({
    key: key ?? '', algorithm: 'EdDSA', header: { alg: 'EdDSA', ...header }
  })({ ...claims, ...over })
  t.match(await introspect(sign(own?.privatePem, {})), { active: true }, 'the check itself can say yes')
  const others = {
    'of a stranger': sign(stranger?.privatePem, {}),
    expired: sign(own?.privatePem, { iat: 1, exp: 2 }),
    'for another audience': sign(own?.privatePem, { aud: 'https://other.example' }),
    'of another issuer': sign(own?.privatePem, { iss: 'https://other.example' }),
    pending: String(answer.body['pendingToken']),
    'a service key': formatServiceKey(credentials),
    'no token': 'x'.repeat(5000)
  }
  for (const [what, other] of Object.entries(others)) t.strictSame(await introspect(other), INACTIVE, what)
})

t.test('only a form is read, with the token once', async (t) => {
  const { token } = await signUp(server)
  const refused = async (payload: string, options: Parameters<typeof ask>[1] = {}) => {
    const { status, body } = await ask(payload, options)
    return [status, body['code']]
  }
  t.strictSame(await refused(JSON.stringify({ token }), { type: 'application/json' }), [415, 'MEDIA_TYPE_UNSUPPORTED'])
  t.strictSame(await refused(token, { type: 'text/plain' }), [415, 'MEDIA_TYPE_UNSUPPORTED'])
  t.strictSame(await refused(''), [400, 'VALIDATION_FAILED'])
  t.strictSame(await refused('token='), [400, 'VALIDATION_FAILED'])
  t.strictSame(await refused(`token=${token}&token=${token}`), [400, 'VALIDATION_FAILED'])
  t.strictSame(await refused(`token=${token}`, { authorization: `Bearer ${token}` }), [401, 'TOKEN_INVALID'])
  const form = await server.browser().post('/auth/login', undefined, {
    raw: 'email=a%40b.example&password=x', headers: { 'content-type': 'application/x-www-form-urlencoded' }
  })
  t.equal(form.status, 415, 'everything else stays JSON alone')
})

t.test('the metadata name issuer, keys and introspection, and no flow of OAuth', async (t) => {
  const { body } = await server.browser().get('/.well-known/oauth-authorization-server')
  t.strictSame(body, {
    issuer: 'http://localhost:3000',
    jwks_uri: 'http://localhost:3000/.well-known/jwks.json',
    introspection_endpoint: 'http://localhost:3000/auth/introspect',
    introspection_endpoint_auth_methods_supported: ['client_secret_basic'],
    response_types_supported: [],
    grant_types_supported: []
  })
})
