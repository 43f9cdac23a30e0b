import { randomUUID } from 'node:crypto'
import jwt, { type JWT } from '@fastify/jwt'
import fp from 'fastify-plugin'
import {
  ACCESS_TYP, accessClaims, type AccessClaims, LEEWAY_MS, PENDING_TYP, type PendingClaims, readHeader
} from '../src/access-tokens/access-token.ts'
import { createVerifiedTokens } from '../src/access-tokens/verified-tokens.ts'
import { attemptLifeMs, type Method, openPlace, type PendingPlace, type Place, sealPlace } from '../src/challenges/challenge.ts'
import { codeLifeMs } from '../src/challenges/rules.ts'
import { now } from '../src/clock.ts'
import { Problem } from '../src/errors.ts'
import type { ProvenSession } from '../src/sessions/reauthentication-store.ts'

declare module '@fastify/jwt' {
  interface FastifyJWT { namespaces: string }
}

declare module 'fastify' {
  interface FastifyInstance {
    signAccess: (session: ProvenSession) => string
    /** @throws Problem TOKEN_INVALID, TOKEN_EXPIRED, or SECOND_FACTOR_REQUIRED for a pending token of ours */
    readAccess: (token: string) => AccessClaims
    /** `method` is the one that the challenge offers first. */
    signPending: (place: Place, method: Method) => { token: string, lifeSeconds: number }
    /** @throws Problem TOKEN_INVALID, TOKEN_EXPIRED */
    readPending: (token: string) => PendingPlace
  }
}

/** Access tokens (EdDSA, published keys) and pending tokens (HS256, our own eyes only). */
export default fp(async (fastify) => {
  const { config, app, keyring } = fastify
  const pendingAudience = `${config.issuer}/pending`

  for (const key of app.signingKeys) {
    await fastify.register(jwt, {
      namespace: `${ACCESS_TYP} ${key.kid}`,
      secret: { private: key.privatePem, public: key.publicPem },
      sign: { algorithm: 'EdDSA', kid: key.kid, header: { alg: 'EdDSA', typ: ACCESS_TYP } },
      verify: {
        algorithms: ['EdDSA'],
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
        allowedAud: pendingAudience,
        requiredClaims: ['iss', 'aud', 'cid', 'purpose', 'jti', 'iat', 'exp'],
        clockTolerance: LEEWAY_MS
      }
    })
  }

  const namespaces = new Map(Object.entries(fastify.jwt))
  const accessSigner = signer(`${ACCESS_TYP} ${app.signingKeys[0]?.kid ?? ''}`)
  const pendingSigner = signer(`${PENDING_TYP} ${keyring.current.id}`)

  function signer (namespace: string): JWT {
    const found = namespaces.get(namespace)
    if (!found) throw new Error('There is no key to sign with.')
    return found
  }

  function verify<Claims extends { iat: number, exp: number }> (token: string, typ: string): Claims {
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
  }

  /** `iat` is cut to whole seconds, so whatever was issued within the second of the epoch counts as older. */
  const isBeforeEpoch = ({ iat }: { iat: number }): boolean => iat * 1000 < config.sessionEpochMs

  fastify.decorate('signAccess', (session) => accessSigner.sign(accessClaims(session, {
    issuer: config.issuer,
    audience: config.audience,
    id: randomUUID(),
    issuedAt: Math.floor(now() / 1000),
    ttlSeconds: config.accessTokenTtlSeconds
  })))

  const verified = createVerifiedTokens()
  fastify.decorate('readAccess', (token) => {
    const remembered = verified.find(token)
    if (remembered) return remembered
    if (readHeader(token)?.typ === PENDING_TYP) {
      verify(token, PENDING_TYP)
      throw new Problem('SECOND_FACTOR_REQUIRED')
    }
    const claims = verify<AccessClaims>(token, ACCESS_TYP)
    if (typeof claims.sub !== 'string' || typeof claims.sid !== 'string' || typeof claims.jti !== 'string' || Array.isArray(claims.aud)) throw new Problem('TOKEN_INVALID')
    if (isBeforeEpoch(claims)) throw new Problem('SESSION_ENDED')
    verified.add(token, claims)
    return claims
  })

  fastify.decorate('signPending', (place, method) => {
    const issuedAt = Math.floor(now() / 1000)
    const lifeSeconds = attemptLifeMs(place.purpose, codeLifeMs(fastify.challengeRules, place.purpose)) / 1000
    const claims: PendingClaims = {
      iss: config.issuer,
      aud: pendingAudience,
      cid: sealPlace(keyring, place),
      purpose: place.purpose,
      method,
      jti: randomUUID(),
      iat: issuedAt,
      exp: issuedAt + lifeSeconds,
      '2fa': false
    }
    return { token: pendingSigner.sign(claims), lifeSeconds }
  })

  fastify.decorate('readPending', (token) => {
    const claims = verify<PendingClaims>(token, PENDING_TYP)
    const place = openPlace(keyring, claims.cid, claims.purpose)
    if (!place) throw new Problem('TOKEN_INVALID')
    if (isBeforeEpoch(claims)) throw new Problem('CHALLENGE_INVALID')
    return { ...place, method: claims.method }
  })
}, { name: 'jwt', dependencies: ['keyring', 'challenges'] })

function isExpired (error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FAST_JWT_EXPIRED'
}
