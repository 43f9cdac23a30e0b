import { spawn, spawnSync } from 'node:child_process'
import { createPublicKey, type JsonWebKey } from 'node:crypto'
import { createVerifier } from 'fast-jwt'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import jsonwebtoken from 'jsonwebtoken'
import { JwksClient } from 'jwks-rsa'
import { json, shaped } from './shapes.ts'

/** What another service knows of a deployment. */
export interface Service { jwksUrl: string, issuer: string, audience: string }

/** A service that verifies access tokens with a library of its own: the claims, or a rejection. */
export type Verifier = (token: string) => Promise<Record<string, unknown>>

interface PublishedKey extends JsonWebKey { kid: string, alg: 'EdDSA' | 'ES256' }

const TYP = 'at+jwt'

export function joseVerifier ({ jwksUrl, issuer, audience }: Service): Verifier {
  const keys = createRemoteJWKSet(new URL(jwksUrl))
  return async (token) => ({ ...(await jwtVerify(token, keys, { issuer, audience, typ: TYP, algorithms: ['EdDSA', 'ES256'] })).payload })
}

/** fast-jwt takes PEM, and one key: a service keeps a verifier for each published key. */
export function fastJwtVerifier ({ jwksUrl, issuer, audience }: Service): Verifier {
  return async (token) => {
    const { keys } = shaped<{ keys: PublishedKey[] }>(await (await fetch(jwksUrl)).json())
    const verifiers = new Map(keys.map((jwk) => [jwk.kid, createVerifier({
      key: createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' }).toString(),
      algorithms: [jwk.alg],
      allowedIss: issuer,
      allowedAud: audience,
      checkTyp: TYP
    })]))
    const verify = verifiers.get(kidOf(token))
    if (!verify) throw new Error('no such key')
    return shaped<Record<string, unknown>>(verify(token))
  }
}

/** jsonwebtoken knows no EdDSA: it is the reason for ES256. */
export function jsonwebtokenVerifier ({ jwksUrl, issuer, audience }: Service): Verifier {
  const client = new JwksClient({ jwksUri: jwksUrl })
  return async (token) => {
    const key = await client.getSigningKey(kidOf(token))
    const claims = jsonwebtoken.verify(token, key.getPublicKey(), { algorithms: ['ES256'], issuer, audience })
    if (typeof claims === 'string') throw new Error('no claims')
    return claims
  }
}

/** The Python that has PyJWT with its cryptography, if this machine has one (Debian: python3-jwt). */
export const pythonWithJwt = ['python3', '/usr/bin/python3']
  .find((python) => spawnSync(python, ['-c', 'import jwt, cryptography; jwt.PyJWKClient']).status === 0)

const PYTHON = `
import json, sys, jwt
url, issuer, audience = sys.argv[1:]
token = sys.stdin.read()
key = jwt.PyJWKClient(url).get_signing_key_from_jwt(token)
print(json.dumps(jwt.decode(token, key.key, algorithms=["EdDSA", "ES256"], issuer=issuer, audience=audience)))
`

export function pythonVerifier ({ jwksUrl, issuer, audience }: Service): Verifier {
  return async (token) => {
    const python = spawn(pythonWithJwt ?? 'python3', ['-c', PYTHON, jwksUrl, issuer, audience])
    python.stdin.end(token)
    const [stdout, stderr] = [python.stdout.toArray(), python.stderr.toArray()]
    const status = await new Promise((resolve, reject) => { python.once('close', resolve).once('error', reject) })
    if (status !== 0) throw new Error(Buffer.concat(await stderr).toString())
    return json<Record<string, unknown>>(Buffer.concat(await stdout).toString())
  }
}

const kidOf = (token: string): string => {
  const { kid } = json<{ kid?: string }>(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
  return kid ?? ''
}
