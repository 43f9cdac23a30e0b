// npm run bench:verify: what it takes another service to check a token that it has seen, and one that it has not. In one process, in turns.
import { createHash, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createVerifier as createBare } from 'fast-jwt'
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose'
import { createVerifier } from '@dvokrok/verify'

const TOKENS = 10_000
const ROUNDS = 7
const REPEATS = 30

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'bench', alg: 'EdDSA', use: 'sig' }
const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }))
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const issuer = `http://127.0.0.1:${server.address().port}`

const id = (n) => createHash('sha256').update(`${n}`).digest('base64url').slice(0, 22)
const signedInAt = Math.floor(Date.now() / 1000)
const sign = (n) => new SignJWT({ sid: id(`s${n}`), client_id: issuer, amr: ['pwd', 'otp'], '2fa': true, auth_time: signedInAt })
  .setProtectedHeader({ alg: 'EdDSA', kid: 'bench', typ: 'at+jwt' })
  .setIssuer(issuer).setAudience(issuer).setSubject(id(n)).setJti(id(`j${n}`)).setIssuedAt().setExpirationTime('15m')
  .sign(privateKey)
const tokens = await Promise.all(Array.from({ length: TOKENS }, (_, n) => sign(n)))

const pem = publicKey.export({ type: 'spki', format: 'pem' })
const bareOptions = { key: pem, algorithms: ['EdDSA'], allowedIss: issuer, allowedAud: issuer }
const ours = createVerifier({ issuer, mostTokens: 2 * TOKENS })
const cached = createBare({ ...bareOptions, cache: 2 * TOKENS })
const bare = createBare(bareOptions)
const keys = createLocalJWKSet({ keys: [jwk] })
const map = new Map()
for (const token of tokens) {
  map.set(token, await ours.verify(token))
  cached(token)
}

/** Checks in a second; each of these promises is awaited, as a service would. */
async function rate (check, count) {
  const begun = performance.now()
  for (let n = 0; n < count; n++) await check(tokens[n % TOKENS])
  return count / (performance.now() - begun) * 1000
}
const fresh = async () => {
  const verifier = createVerifier({ issuer, mostTokens: 2 * TOKENS })
  // Fetches the keys, with one that is not among those to come.
  await verifier.verify(tokens.at(-1))
  return (token) => verifier.verify(token)
}
const known = {
  'a bare Map': [() => (token) => map.get(token), TOKENS * REPEATS],
  '@dvokrok/verify': [() => (token) => ours.verify(token), TOKENS * REPEATS],
  'fast-jwt with cache': [() => (token) => cached(token), TOKENS * 2],
  'jose.jwtVerify': [() => (token) => jwtVerify(token, keys, { issuer, audience: issuer, typ: 'at+jwt' }), TOKENS / 10]
}
const unknown = {
  'fast-jwt': [() => (token) => bare(token), TOKENS / 4],
  '@dvokrok/verify': [fresh, TOKENS / 4],
  'jose.jwtVerify': [known['jose.jwtVerify'][0], TOKENS / 10]
}

async function compare (title, contestants) {
  const rates = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, [make, count]] of Object.entries(contestants)) rates[name].push(await rate(await make(), count))
  }
  const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]
  const first = median(Object.values(rates)[0])
  const row = ([name, list]) => `| ${name} | ${Math.round(median(list)).toLocaleString('en')} | ${(median(list) / first).toFixed(3)} |`
  process.stdout.write(`\n| ${title} | checks a second | of the first |\n|---|---|---|\n${Object.entries(rates).map(row).join('\n')}\n`)
}
await compare('a token that was seen', known)
await compare('a new token', unknown)
ours.close()
server.close()
