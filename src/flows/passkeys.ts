import { Problem } from '../errors.ts'
import { newId } from '../platform/ids.ts'
import { now } from '../platform/clock.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Metrics } from '../platform/metrics/metrics.ts'
import { isRefused, type RequestOptions, type WebAuthn } from '../platform/webauthn/webauthn.ts'
import type { ChallengesStore } from '../records/challenges/challenges-store.ts'
import type { PendingChallenge } from '../records/challenges/challenge.ts'
import {
  isPasskeyChallenge, listTransports, newPasskeyChallenge, type PasskeyView, viewPasskey
} from '../records/passkeys/passkey.ts'
import { BY_PASSKEY, type PasskeysStore } from '../records/passkeys/passkeys-store.ts'
import type { Notices } from './notices.ts'
import { type PasskeyChecks, type PasskeyScope, secondStepScope } from './passkey-checks.ts'
import type { Principal, Requester } from './requester.ts'
import type { AccessGrant, SessionGrant, SessionGrants } from './session-grant.ts'
import type { Tokens } from './tokens.ts'
import type { TrustedBrowsers, TrustedToken } from './trusted-browsers.ts'

export interface PasskeySignIn { options: RequestOptions, challenge: { pendingToken: string, lifeSeconds: number } }

/** Passkeys of people: signing in by one alone, and keeping them. As a second step they belong to login and reauthentication. */
export interface Passkeys {
  /** Options for a sign-in, alike for everybody, and what binds them to this browser. */
  start: () => Promise<PasskeySignIn>
  /** @throws Problem PASSKEY_INVALID, CHALLENGE_INVALID */
  signIn: (
    requester: Requester, challenge: PendingChallenge, answer: { response: unknown, trustDevice: boolean }
  ) => Promise<{ grant: SessionGrant, trusted: TrustedToken | null }>
  /** Options for the second step of a login or a reauthentication. @throws Problem CHALLENGE_INVALID, CONFLICT (there is no passkey) */
  startSecondStep: (challenge: PendingChallenge) => Promise<RequestOptions>
  /** Options for a reauthentication without a password. @throws Problem CONFLICT (there is no passkey) */
  startProof: (principal: Principal) => Promise<RequestOptions>
  /** @throws Problem PASSKEY_INVALID, SESSION_ENDED */
  prove: (requester: Requester, principal: Principal, response: unknown) => Promise<AccessGrant>
  list: (principal: Principal) => Promise<PasskeyView[]>
  /** Options for `navigator.credentials.create`. */
  startAdding: (principal: Principal) => Promise<object>
  /** Ends all other sessions. @throws Problem PASSKEY_INVALID, CONFLICT (there are 20), SESSION_ENDED */
  add: (requester: Requester, principal: Principal, added: { response: unknown, name: string | undefined }) => Promise<PasskeyView>
  /** @throws Problem NOT_FOUND, SESSION_ENDED */
  rename: (requester: Requester, principal: Principal, id: string, name: string) => Promise<PasskeyView>
  /** Ends all other sessions. @throws Problem CONFLICT (too little would be left), NOT_FOUND, SESSION_ENDED */
  remove: (requester: Requester, principal: Principal, id: string) => Promise<void>
}

interface Dependencies {
  passkeys: PasskeysStore
  passkeyChecks: PasskeyChecks
  challenges: Pick<ChallengesStore, 'find'>
  tokens: Pick<Tokens, 'signPending'>
  grants: Pick<SessionGrants, 'access' | 'begin' | 'draft'>
  trustedBrowsers: Pick<TrustedBrowsers, 'trust'>
  notices: Pick<Notices, 'notifyOwner'>
  metrics: Pick<Metrics, 'passkey'>
  keyring: Keyring
  webAuthn: WebAuthn
}

export function createPasskeys (dependencies: Dependencies): Passkeys {
  const { passkeys, passkeyChecks, challenges, tokens, grants, trustedBrowsers, notices, metrics, keyring, webAuthn } = dependencies
  const sessionOf = ({ client }: Requester, { user, sid }: Principal) => ({ accountId: user.id, sid, client })
  const signInScope = (attemptId: string): PasskeyScope => ({ purpose: 'login', binding: attemptId, accountId: null })
  const proofScope = ({ user, sid }: Principal): PasskeyScope => ({ purpose: 'reauth', binding: sid, accountId: user.id })

  return {
    start: async () => {
      const challenge = { purpose: 'passkey', ownerKey: newId(), attemptId: newId() } as const
      const { token, lifeSeconds } = tokens.signPending(challenge, 'passkey')
      return { options: await passkeyChecks.ask(signInScope(challenge.attemptId)), challenge: { pendingToken: token, lifeSeconds } }
    },

    signIn: async (requester, { purpose, attemptId }, { response, trustDevice }) => {
      if (purpose !== 'passkey') throw new Problem('CHALLENGE_INVALID')
      const grant = await passkeyChecks.check(requester, signInScope(attemptId), response, async (use) => {
        const draft = grants.draft(requester, use.accountId, BY_PASSKEY)
        return await grants.begin(requester, draft, await passkeys.signIn(use, draft))
      })
      return { grant, trusted: trustDevice ? await trustedBrowsers.trust(requester, grant.user.id, grant.sid) : null }
    },

    startSecondStep: async (challenge) => {
      const isSecondStep = challenge.purpose === 'login' || challenge.purpose === 'reauth'
      if (!isSecondStep || !await challenges.find(challenge)) throw new Problem('CHALLENGE_INVALID')
      return await passkeyChecks.ask(secondStepScope(challenge))
    },

    startProof: async (principal) => await passkeyChecks.ask(proofScope(principal)),

    prove: async (requester, principal, response) => {
      const session = sessionOf(requester, principal)
      return await passkeyChecks.check(requester, proofScope(principal), response,
        async (use) => grants.access(await passkeys.prove(session, use)))
    },

    list: async ({ user }) => (await passkeys.list(user.id)).map(viewPasskey),

    startAdding: async ({ user, sid }) => {
      const known = await passkeys.list(user.id)
      return await webAuthn.creationOptions({
        challenge: newPasskeyChallenge(keyring, `add ${sid}`),
        user,
        keys: known.map((passkey) => ({ id: passkey.id, transports: listTransports(passkey) }))
      })
    },

    add: async (requester, principal, { response, name }) => {
      const { client, log } = requester
      const { user, sid } = principal
      let challenge = ''
      const made = await webAuthn.verifyAttestation(response, {
        isChallenge: (signed) => {
          challenge = signed
          return isPasskeyChallenge(keyring, `add ${sid}`, signed)
        }
      })
      const refused = isRefused(made) ? made.refused : await passkeyChecks.takeChallenge(challenge) ? null : 'the challenge was used before'
      metrics.passkey('add', refused === null ? 'used' : 'refused')
      if (isRefused(made) || refused !== null) {
        const facts = { event: 'passkey.checked', purpose: 'add', result: 'PASSKEY_INVALID', reason: refused, ...client }
        log.info(facts, 'a new passkey was refused')
        throw new Problem('PASSKEY_INVALID')
      }
      const { transports, ...key } = made
      const passkey = {
        ...key, name: name?.trim() ?? client.device, transports: transports.join(' '), createdAt: now(), lastUsedAt: 0
      }
      await passkeys.add(sessionOf(requester, principal), passkey)
      await notices.notifyOwner(user.id, 'passkeyAdded', client)
      return viewPasskey(passkey)
    },

    rename: async (requester, principal, id, name) => await passkeys.rename(sessionOf(requester, principal), id, name.trim()),

    remove: async (requester, principal, id) => {
      await passkeys.remove(sessionOf(requester, principal), id)
      await notices.notifyOwner(principal.user.id, 'passkeyRemoved', requester.client)
    }
  }
}
