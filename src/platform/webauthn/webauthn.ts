import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { isWhole, newDecoyKey, requireNoCertificate, requireOwnPage, requireUsableKey } from './keys.ts'
import { isAssertion, isAttestation } from './responses.ts'

/** A key as its account knows it. */
export interface KnownKey {
  /** Of the credential, made by its authenticator. */
  id: string
  /** COSE, as base64url. */
  publicKey: string
  /** Whether it may be on several devices. */
  canSync: boolean
}

/** A key that an authenticator has just made. */
export interface NewKey extends KnownKey { counter: number, isSynced: boolean, transports: string[] }

/** What a key has signed. */
export interface Assertion { counter: number, isSynced: boolean }

interface Expected {
  isChallenge: (challenge: string) => boolean
  /** Whether the authenticator must have verified its user, by a PIN or what they are. */
  mustVerifyUser: boolean
}

/** The ids that a response names, before anybody has looked whether it is right. */
export interface Claim { id: string, userHandle: string | null, response: AuthenticationResponseJSON }

/** The ceremonies of WebAuthn, as far as they need no account. What a stranger sends is refused with the reason, for the log alone. */
export interface WebAuthn {
  rpId: string
  requestOptions: (asked: { challenge: string, keys: Named[], mustVerifyUser: boolean }) => RequestOptions
  creationOptions: (asked: { challenge: string, user: NewUser, keys: Named[] }) => Promise<object>
  readClaim: (response: unknown) => Claim | null
  verifyAssertion: (claim: Claim, key: KnownKey, expected: Expected) => Promise<Assertion | Refused>
  verifyAttestation: (response: unknown, expected: Pick<Expected, 'isChallenge'>) => Promise<NewKey | Refused>
}

/** Why a response was refused. */
export interface Refused { refused: string }
export const isRefused = <Result extends object>(result: Result | Refused): result is Refused => 'refused' in result

interface Named { id: string, transports: string[] }
interface NewUser { id: string, email: string, name: string }
export interface RequestOptions {
  challenge: string
  rpId: string
  /** None: the person chooses among all that the browser has. */
  allowCredentials?: Array<{ id: string, type: 'public-key', transports: string[] }>
  userVerification: 'required' | 'discouraged'
  /** Milliseconds. */
  timeout: number
}

const TIMEOUT_MS = 5 * 60_000
/** EdDSA, ES256 and RS256: what authenticators have, and every Node can verify. */
const ALGORITHMS = [-8, -7, -257]

/** Loaded when somebody comes near a passkey: it takes 25 MB and half a second. */
const library = async () => await import('@simplewebauthn/server')

/** Nobody's: an answer for an unknown key takes the same work. */
export const DECOY_KEY: KnownKey = { id: 'decoy', publicKey: newDecoyKey(), canSync: true }

export function createWebAuthn ({ rpId, origins, rpName }: { rpId: string, origins: string[], rpName: string }): WebAuthn {
  return {
    rpId,

    requestOptions: ({ challenge, keys, mustVerifyUser }) => {
      // Ready by the time that the person has touched the key.
      library().catch(() => {})
      const allowCredentials = keys.map(({ id, transports }) => ({ id, type: 'public-key' as const, transports }))
      const userVerification = mustVerifyUser ? 'required' : 'discouraged'
      return { challenge, rpId, userVerification, timeout: TIMEOUT_MS, ...keys.length > 0 ? { allowCredentials } : {} }
    },

    creationOptions: async ({ challenge, user, keys }) => {
      const { generateRegistrationOptions } = await library()
      return await generateRegistrationOptions({
        rpName,
        rpID: rpId,
        userID: new TextEncoder().encode(user.id),
        userName: user.email,
        userDisplayName: user.name,
        challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
        excludeCredentials: keys,
        // A plain security key serves as a second step.
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
        attestationType: 'none',
        supportedAlgorithmIDs: ALGORITHMS,
        timeout: TIMEOUT_MS
      })
    },

    readClaim: (response) => {
      if (!isAssertion(response)) return null
      const { userHandle } = response.response
      return { id: response.id, userHandle: userHandle ? Buffer.from(userHandle, 'base64url').toString() : null, response }
    },

    verifyAssertion: async ({ response }, { id, publicKey, canSync }, { isChallenge, mustVerifyUser }) => await refusing(async () => {
      const { verifyAuthenticationResponse } = await library()
      requireOwnPage(response.response.clientDataJSON)
      const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
        response,
        expectedChallenge: isChallenge,
        expectedOrigin: origins,
        expectedRPID: rpId,
        requireUserVerification: mustVerifyUser,
        // Our own script judges the counter, in the step that acts on it.
        credential: { id, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')), counter: 0 }
      })
      if (!verified || !isWhole(response.response.signature, publicKey)) return { refused: 'the signature is wrong' }
      // WebAuthn, 7.2: it can never change.
      if ((info.credentialDeviceType === 'multiDevice') !== canSync) return { refused: 'the key came to be another kind' }
      return { counter: info.newCounter, isSynced: info.credentialBackedUp }
    }),

    verifyAttestation: async (response, { isChallenge }) => await refusing(async () => {
      if (!isAttestation(response)) return { refused: 'it has another shape' }
      requireOwnPage(response.response.clientDataJSON)
      await requireNoCertificate(response.response.attestationObject)
      const { verifyRegistrationResponse } = await library()
      const { registrationInfo: info } = await verifyRegistrationResponse({
        response,
        expectedChallenge: isChallenge,
        expectedOrigin: origins,
        expectedRPID: rpId,
        requireUserVerification: false,
        supportedAlgorithmIDs: ALGORITHMS
      })
      if (!info) return { refused: 'the attestation is wrong' }
      const { id, publicKey, counter } = info.credential
      if (id !== response.id) return { refused: 'it names another key than it brings' }
      await requireUsableKey(publicKey)
      return {
        id,
        publicKey: Buffer.from(publicKey).toString('base64url'),
        counter,
        canSync: info.credentialDeviceType === 'multiDevice',
        isSynced: info.credentialBackedUp,
        transports: response.response.transports ?? []
      }
    })
  }
}

/** The library throws whatever it does not like, and what it reads was made by a stranger. */
async function refusing<Result> (verify: () => Promise<Result>): Promise<Result | Refused> {
  try {
    return await verify()
  } catch (error) {
    return { refused: error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read' }
  }
}
