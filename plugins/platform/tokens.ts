import jwt from '@fastify/jwt'
import fp from 'fastify-plugin'
import { createTokens, type Tokens } from '../../src/flows/tokens.ts'
import { ACCESS_TYP, createJwt, LEEWAY_MS, PENDING_TYP, pendingAudience } from '../../src/platform/tokens/access-token.ts'

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

  fastify.decorate('tokens', createTokens({
    jwt: createJwt(fastify.jwt), keyring, rules: fastify.records.challengeRules, accessKid: app.signingKeys[0]?.kid ?? '', ...config
  }))
}, { name: 'tokens', dependencies: ['keyring', 'records'] })
