import { randomUUID } from 'node:crypto'
import { Problem } from '../errors.ts'
import { now } from '../platform/clock.ts'
import type { TokenClaim } from '../platform/config/accounts.ts'
import type { Keyring } from '../platform/keyring.ts'
import {
  ACCESS_TYP, type AccessClaims, type Jwt, PENDING_TYP, pendingAudience, type PendingClaims, readHeader
} from '../platform/tokens/access-token.ts'
import { createVerifiedTokens } from '../platform/tokens/verified-tokens.ts'
import {
  attemptLifeMs, type ChallengeRef, type ChallengeRules, codeLifeMs, type Method, openChallengeRef, type PendingChallenge, sealChallengeRef,
  toMethod
} from '../records/challenges/challenge.ts'
import type { ProvenSession } from '../records/challenges/reauthentication-store.ts'
import { hasSecondFactor } from '../records/sessions/amr.ts'

export interface Tokens {
  signAccess: (session: ProvenSession) => string
  /** @throws Problem TOKEN_INVALID, TOKEN_EXPIRED, SESSION_ENDED, or SECOND_FACTOR_REQUIRED for a pending token of ours */
  readAccess: (token: string) => AccessClaims
  /** `method` is the one that the challenge offers first. */
  signPending: (challenge: ChallengeRef, method: Method) => { token: string, lifeSeconds: number }
  /** @throws Problem TOKEN_INVALID, TOKEN_EXPIRED, CHALLENGE_INVALID */
  readPending: (token: string) => PendingChallenge
}

interface Dependencies {
  jwt: Jwt
  keyring: Keyring
  rules: ChallengeRules
  /** The key that signs access tokens. */
  accessKid: string
  issuer: string
  audience: string
  accessTokenTtlSeconds: number
  /** Whatever was issued before this moment is over; milliseconds since the epoch. */
  sessionEpochMs: number
  /** What access tokens say besides. */
  tokenClaims: readonly TokenClaim[]
}

/** What we hand out and take back: access tokens, and pending tokens between two steps. */
export function createTokens (
  { jwt, keyring, rules, accessKid, issuer, audience, accessTokenTtlSeconds, sessionEpochMs, tokenClaims }: Dependencies
): Tokens {
  const signAccessClaims = jwt.signer(ACCESS_TYP, accessKid)
  const signPendingClaims = jwt.signer(PENDING_TYP, keyring.current.id)
  const verified = createVerifiedTokens()

  /** `iat` is cut to whole seconds, so whatever was issued within the second of the epoch counts as older. */
  const isBeforeEpoch = ({ iat }: { iat: number }): boolean => iat * 1000 < sessionEpochMs

  return {
    signAccess: (session) => signAccessClaims(accessClaims(session, { issuer, audience, ttlSeconds: accessTokenTtlSeconds, tokenClaims })),

    readAccess: (token) => {
      const remembered = verified.find(token)
      if (remembered) return remembered
      if (readHeader(token)?.typ === PENDING_TYP) {
        jwt.verify(token, PENDING_TYP)
        throw new Problem('SECOND_FACTOR_REQUIRED')
      }
      const claims = jwt.verify<AccessClaims>(token, ACCESS_TYP)
      const { sub, sid, jti, aud } = claims
      if (
        typeof sub !== 'string' || typeof sid !== 'string' || typeof jti !== 'string' || Array.isArray(aud)
      ) throw new Problem('TOKEN_INVALID')
      if (isBeforeEpoch(claims)) throw new Problem('SESSION_ENDED')
      verified.add(token, claims)
      return claims
    },

    signPending: (challenge, method) => {
      const { purpose } = challenge
      const iat = Math.floor(now() / 1000)
      const lifeSeconds = attemptLifeMs(purpose, codeLifeMs(rules, purpose)) / 1000
      const claims: PendingClaims = {
        iss: issuer,
        aud: pendingAudience(issuer),
        cid: sealChallengeRef(keyring, challenge),
        purpose,
        method,
        jti: randomUUID(),
        iat,
        exp: iat + lifeSeconds,
        '2fa': false
      }
      return { token: signPendingClaims(claims), lifeSeconds }
    },

    readPending: (token) => {
      const claims = jwt.verify<PendingClaims>(token, PENDING_TYP)
      const challenge = openChallengeRef(keyring, claims.cid, claims.purpose)
      if (!challenge) throw new Problem('TOKEN_INVALID')
      if (isBeforeEpoch(claims)) throw new Problem('CHALLENGE_INVALID')
      return { ...challenge, method: toMethod(claims.method) }
    }
  }
}

interface Issue { issuer: string, audience: string, ttlSeconds: number, tokenClaims?: readonly TokenClaim[] }

/** The claims of a session's access token as of now. */
export function accessClaims (
  { user, sid, amr, authTime }: ProvenSession, { issuer, audience, ttlSeconds, tokenClaims = [] }: Issue
): AccessClaims {
  const iat = Math.floor(now() / 1000)
  return {
    iss: issuer,
    aud: audience,
    sub: user.id,
    sid,
    client_id: issuer,
    jti: randomUUID(),
    iat,
    exp: iat + ttlSeconds,
    auth_time: authTime,
    amr,
    '2fa': hasSecondFactor(amr),
    ...tokenClaims.includes('roles') ? { roles: user.roles ?? [] } : {},
    ...tokenClaims.includes('claims') ? { claims: user.claims ?? {} } : {}
  }
}
