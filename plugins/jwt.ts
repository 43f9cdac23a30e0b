import jwt from '@fastify/jwt'
import fp from 'fastify-plugin'
import { ACCESS_TYP, LEEWAY_MS, PENDING_TYP, pendingAudience, readHeader } from '../src/platform/tokens/access-token.ts'
import { now } from '../src/platform/clock.ts'
import { Problem } from '../src/errors.ts'

declare module '@fastify/jwt' {
  interface FastifyJWT { namespaces: string }
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Signs with this one of our keys. @throws Error when there is no such key */
    tokenSigner: (typ: string, kid: string) => (claims: object) => string
    /** The claims of a token of this kind that one of our keys made. @throws Problem TOKEN_INVALID, TOKEN_EXPIRED */
    verifyToken: <Claims extends { iat: number, exp: number }>(token: string, typ: string) => Claims
  }
}

/** Keys of access tokens (EdDSA or ES256, published) and pending tokens (HS256, our own eyes only). */
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

  fastify.decorate('tokenSigner', (typ, kid) => {
    const found = namespaces.get(`${typ} ${kid}`)
    if (!found) throw new Error('There is no key to sign with.')
    return (claims) => found.sign(claims)
  })

  fastify.decorate('verifyToken', <Claims extends { iat: number, exp: number }> (token: string, typ: string): Claims => {
    const header = readHeader(token)
    const verifier = header?.typ === typ ? namespaces.get(`${typ} ${header.kid}`) : undefined
    if (!verifier) throw new Problem('TOKEN_INVALID')
    let claims: Claims
    try {
      claims = verifier.verify<Claims>(token)
    } catch (error) {
      throw new Problem(isExpired(error) ? 'TOKEN_EXPIRED' : 'TOKEN_INVALID')
    }
    if (typeof claims.exp !== 'number' || typeof claims.iat !== 'number' || claims.iat * 1000 > now() + LEEWAY_MS) throw new Problem('TOKEN_INVALID')
    return claims
  })
}, { name: 'jwt', dependencies: ['keyring'] })

function isExpired (error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FAST_JWT_EXPIRED'
}
