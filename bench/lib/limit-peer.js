import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import { readSigningKeys } from '../../dist/src/platform/tokens/signing-keys.js'
import { sourceOf } from '../../dist/src/platform/redis/script-source.js'
import { USER_FIELDS } from '../../dist/src/records/accounts/account.js'
import { verifyLogin } from '../../dist/src/records/challenges/challenge-scripts.js'
import { findSession, refreshSession } from '../../dist/src/records/sessions/session-scripts.js'
import { AnyOtp, Body, TokenSchema, UserSchema } from '../../dist/src/schemas.js'
import { IntrospectionSchema } from '../../dist/routes/auth/introspect.js'
import { keys } from '../../dist/src/platform/redis/keys.js'
import { ABSOLUTE_MS, IDLE_MS, ISSUER, keyring, TTL_SECONDS } from './world.js'

/** Starts the limit peer with the product's own keys, scripts and answer schemas. `twoReads`: `me` asks Redis in the plain way. */
export async function startLimitPeer (machine, redis, { cacheTokens = 60_000, twoReads = false } = {}) {
  const [key] = readSigningKeys(readFileSync(machine.signingKeysPath, 'utf8'))
  const { id, ...secrets } = keyring.current
  const path = join(machine.folder, 'limit.json')
  writeFileSync(path, JSON.stringify({
    kid: key.kid,
    publicPem: key.publicPem,
    privatePem: key.privatePem,
    keys: { id, ...Object.fromEntries(Object.entries(secrets).map(([name, bytes]) => [name, bytes.toString('hex')])) },
    issuer: ISSUER,
    audience: ISSUER,
    ttlSeconds: TTL_SECONDS,
    idleMs: IDLE_MS,
    absoluteMs: ABSOLUTE_MS,
    cacheTokens,
    serviceKeys: keys.serviceKeys,
    userFields: USER_FIELDS,
    scripts: {
      'session-find': sourceOf(findSession).source,
      'session-refresh': sourceOf(refreshSession).source,
      'login-verify': sourceOf(verifyLogin).source
    },
    schemas: {
      me: Type.Object({ user: UserSchema }),
      tokens: TokenSchema,
      introspection: IntrospectionSchema,
      otp: Body({ otp: AnyOtp }),
      verified: Type.Object({ success: Type.Literal(true), message: Type.String(), ...TokenSchema.properties })
    }
  }))
  return await machine.peer('limit', redis, { BENCH_CONFIG: path, ...(twoReads ? { BENCH_TWO_READS: '1' } : {}) })
}
