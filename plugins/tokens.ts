import { randomUUID } from 'node:crypto'
import fp from 'fastify-plugin'
import { ACCESS_TYP, accessClaims, type AccessClaims, PENDING_TYP, pendingClaims, type PendingClaims, readHeader } from '../src/platform/tokens/access-token.ts'
import { createVerifiedTokens } from '../src/platform/tokens/verified-tokens.ts'
import { attemptLifeMs, codeLifeMs, type Method, openChallengeRef, type PendingChallenge, type ChallengeRef, sealChallengeRef } from '../src/records/challenges/challenge.ts'
import { now } from '../src/platform/clock.ts'
import { Problem } from '../src/errors.ts'
import type { ProvenSession } from '../src/records/challenges/reauthentication-store.ts'

declare module 'fastify' {
  interface FastifyInstance {
    signAccess: (session: ProvenSession) => string
    /** @throws Problem TOKEN_INVALID, TOKEN_EXPIRED, or SECOND_FACTOR_REQUIRED for a pending token of ours */
    readAccess: (token: string) => AccessClaims
    /** `method` is the one that the challenge offers first. */
    signPending: (challenge: ChallengeRef, method: Method) => { token: string, lifeSeconds: number }
    /** @throws Problem TOKEN_INVALID, TOKEN_EXPIRED */
    readPending: (token: string) => PendingChallenge
  }
}

/** What we hand out and take back: access tokens, and pending tokens between two steps. */
export default fp(async (fastify) => {
  const { config, app, keyring } = fastify
  const signAccessClaims = fastify.tokenSigner(ACCESS_TYP, app.signingKeys[0]?.kid ?? '')
  const signPendingClaims = fastify.tokenSigner(PENDING_TYP, keyring.current.id)

  /** `iat` is cut to whole seconds, so whatever was issued within the second of the epoch counts as older. */
  const isBeforeEpoch = ({ iat }: { iat: number }): boolean => iat * 1000 < config.sessionEpochMs

  fastify.decorate('signAccess', (session) => signAccessClaims(accessClaims(session, {
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
      fastify.verifyToken(token, PENDING_TYP)
      throw new Problem('SECOND_FACTOR_REQUIRED')
    }
    const claims = fastify.verifyToken<AccessClaims>(token, ACCESS_TYP)
    if (typeof claims.sub !== 'string' || typeof claims.sid !== 'string' || typeof claims.jti !== 'string' || Array.isArray(claims.aud)) throw new Problem('TOKEN_INVALID')
    if (isBeforeEpoch(claims)) throw new Problem('SESSION_ENDED')
    verified.add(token, claims)
    return claims
  })

  fastify.decorate('signPending', (challenge, method) => {
    const issuedAt = Math.floor(now() / 1000)
    const lifeSeconds = attemptLifeMs(challenge.purpose, codeLifeMs(fastify.challengeRules, challenge.purpose)) / 1000
    const claims = pendingClaims({ cid: sealChallengeRef(keyring, challenge), purpose: challenge.purpose, method }, { issuer: config.issuer, id: randomUUID(), issuedAt, ttlSeconds: lifeSeconds })
    return { token: signPendingClaims(claims), lifeSeconds }
  })

  fastify.decorate('readPending', (token) => {
    const claims = fastify.verifyToken<PendingClaims<Method>>(token, PENDING_TYP)
    const challenge = openChallengeRef(keyring, claims.cid, claims.purpose)
    if (!challenge) throw new Problem('TOKEN_INVALID')
    if (isBeforeEpoch(claims)) throw new Problem('CHALLENGE_INVALID')
    return { ...challenge, method: claims.method }
  })
}, { name: 'tokens', dependencies: ['jwt', 'keyring', 'challenges'] })
