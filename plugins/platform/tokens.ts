import jwt from '@fastify/jwt'
import fp from 'fastify-plugin'
import { Problem } from '../../src/errors.ts'
import { createTokens, type Jwt, type Tokens } from '../../src/flows/tokens.ts'
import { now } from '../../src/platform/clock.ts'
import { ACCESS_TYP, LEEWAY_MS, PENDING_TYP, pendingAudience, readHeader } from '../../src/platform/tokens/access-token.ts'

declare module '@fastify/jwt' {
  interface FastifyJWT { namespaces: string }
}

declare module 'fastify' {
  interface FastifyInstance { tokens: Tokens }
}

/** Access tokens (EdDSA or ES256, keys published in the JWKS) and pending tokens (HS256, for our own eyes only), by @fastify/jwt. */
export default fp(async (fastify) => {
  const { config, app, keyring } = fastify

  for (const key of app.signingKeys) {
    await fastify.register(jwt, {
      namespace: `${ACCESS_TYP} ${key.kid}`,
      secret: { private: key.privatePem, public: key.publicPem },
      sign: { algorithm: key.alg, kid: key.kid, header: { alg: key.alg, typ: ACCESS_TYP } },
      verify: {
        algorithms: [key.alg],
        allowedIss: config.issuer,
        allowedAud: config.audience,
        requiredClaims: ['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp', 'amr', '2fa'],
        clockTolerance: LEEWAY_MS
      }
    })
  }
  for (const keys of keyring.all) {
    await fastify.register(jwt, {
      namespace: `${PENDING_TYP} ${keys.id}`,
      secret: keys.pending,
      sign: { algorithm: 'HS256', kid: keys.id, header: { alg: 'HS256', typ: PENDING_TYP } },
      verify: {
        algorithms: ['HS256'],
        allowedIss: config.issuer,
        allowedAud: pendingAudience(config.issuer),
        requiredClaims: ['iss', 'aud', 'cid', 'purpose', 'jti', 'iat', 'exp'],
        clockTolerance: LEEWAY_MS
      }
    })
  }

  const namespaces = new Map(Object.entries(fastify.jwt))

  const signer: Jwt['signer'] = (typ, kid) => {
    const found = namespaces.get(`${typ} ${kid}`)
    if (!found) throw new Error('There is no key to sign with.')
    return (claims) => found.sign(claims)
  }

  const verify: Jwt['verify'] = <Claims extends { iat: number, exp: number }> (token: string, typ: string): Claims => {
    const header = readHeader(token)
    const verifier = header?.typ === typ ? namespaces.get(`${typ} ${header.kid}`) : undefined
    if (!verifier) throw new Problem('TOKEN_INVALID')
    let claims: Claims
    try {
      claims = verifier.verify<Claims>(token)
    } catch (error) {
      throw new Problem(isExpired(error) ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID')
    }
    const { exp, iat } = claims
    if (typeof exp !== 'number' || typeof iat !== 'number' || iat * 1000 > now() + LEEWAY_MS) throw new Problem('TOKEN_INVALID')
    return claims
  }

  fastify.decorate('tokens', createTokens({
    jwt: { signer, verify }, keyring, rules: fastify.records.challengeRules, accessKid: app.signingKeys[0]?.kid ?? '', ...config
  }))
}, { name: 'tokens', dependencies: ['keyring', 'records'] })

function isExpired (error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FAST_JWT_EXPIRED'
}
