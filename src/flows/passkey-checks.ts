import { Problem } from '../errors.ts'
import { hashToken, isId } from '../platform/ids.ts'
import type { Keyring } from '../platform/keyring.ts'
import type { Metrics, PasskeyPurpose } from '../platform/metrics/metrics.ts'
import { DECOY_KEY, isRefused, type RequestOptions, type WebAuthn } from '../platform/webauthn/webauthn.ts'
import { isPasskeyChallenge, listTransports, newPasskeyChallenge, type PasskeyUse } from '../records/passkeys/passkey.ts'
import type { PasskeysStore } from '../records/passkeys/passkeys-store.ts'
import type { PressureStore } from '../records/throttling/throttling-store.ts'
import type { Notices } from './notices.ts'
import type { Requester } from './requester.ts'

/** What a passkey is asked for. */
export interface PasskeyScope {
  purpose: PasskeyPurpose
  /** The attempt or the session that it is for: what was signed for one is worth nothing for another. */
  binding: string
  /** Whose it must be; null when the passkey itself is to tell. */
  accountId: string | null
}

/** The scope of a second step. Login and reauthentication verify in it. */
export const secondStepScope = ({ ownerKey, attemptId }: { ownerKey: string, attemptId: string }): PasskeyScope =>
  ({ purpose: 'second_step', binding: attemptId, accountId: ownerKey })

export interface PasskeyChecks {
  /** Options for `navigator.credentials.get`. @throws Problem CONFLICT when the account has no passkey */
  ask: (scope: PasskeyScope) => Promise<RequestOptions>
  /**
   * Verifies what came back, takes its challenge, and lets `act` do what it is for. Whatever is wrong has one answer, and counts against
   * nobody; of a key that was copied the owner is told. @throws Problem PASSKEY_INVALID, and what `act` throws
   */
  check: <Result>(
    requester: Requester, scope: PasskeyScope, response: unknown, act: (use: PasskeyUse) => Promise<Result>
  ) => Promise<Result>
  /** Takes a challenge that was signed: true the first time. */
  takeChallenge: (challenge: string) => Promise<boolean>
}

interface Dependencies {
  passkeys: Pick<PasskeysStore, 'find' | 'list'>
  pressure: Pick<PressureStore, 'takeNonce'>
  notices: Pick<Notices, 'notifyOwner'>
  metrics: Pick<Metrics, 'passkey'>
  keyring: Keyring
  webAuthn: WebAuthn
}

/** After a password its possession is enough. */
const mustVerifyUser = ({ purpose }: PasskeyScope): boolean => purpose !== 'second_step'
const challengeScope = ({ purpose, binding }: PasskeyScope): string => `${purpose} ${binding}`

export function createPasskeyChecks ({ passkeys, pressure, notices, metrics, keyring, webAuthn }: Dependencies): PasskeyChecks {
  const takeChallenge: PasskeyChecks['takeChallenge'] = async (challenge) => await pressure.takeNonce(hashToken(challenge))

  /** @returns the use of a passkey, or why it is none */
  async function verify (scope: PasskeyScope, response: unknown): Promise<PasskeyUse | string> {
    const claim = webAuthn.readClaim(response)
    if (!claim) return 'it has another shape'
    const named = claim.userHandle ?? scope.accountId ?? ''
    const isRightAccount = isId(named) && named === (scope.accountId ?? named)
    const accountId = isRightAccount ? named : ''
    const passkey = await passkeys.find(accountId, claim.id)
    let challenge = ''
    const assertion = await webAuthn.verifyAssertion(claim, passkey ?? DECOY_KEY, {
      mustVerifyUser: mustVerifyUser(scope),
      isChallenge: (signed) => {
        challenge = signed
        return isPasskeyChallenge(keyring, challengeScope(scope), signed)
      }
    })
    if (isRefused(assertion)) return assertion.refused
    if (!passkey) return 'nobody has this key'
    if (!await takeChallenge(challenge)) return 'the challenge was used before'
    return { accountId, id: passkey.id, publicKey: passkey.publicKey, ...assertion }
  }

  return {
    takeChallenge,

    ask: async (scope) => {
      const found = scope.accountId === null ? [] : await passkeys.list(scope.accountId)
      if (scope.accountId !== null && found.length === 0) throw new Problem('CONFLICT')
      return webAuthn.requestOptions({
        challenge: newPasskeyChallenge(keyring, challengeScope(scope)),
        keys: found.map((passkey) => ({ id: passkey.id, transports: listTransports(passkey) })),
        mustVerifyUser: mustVerifyUser(scope)
      })
    },

    check: async ({ client, log }, scope, response, act) => {
      const { purpose } = scope
      const audit = (result: string, facts: { reason?: string, account?: string }): void => {
        metrics.passkey(purpose, result === 'OK' ? 'used' : 'refused')
        log.info({ event: 'passkey.checked', purpose, result, ...facts, ...client }, 'a passkey was checked')
      }
      const use = await verify(scope, response)
      if (typeof use === 'string') {
        audit('PASSKEY_INVALID', { reason: use })
        throw new Problem('PASSKEY_INVALID')
      }
      const { accountId: account } = use
      try {
        const result = await act(use)
        audit('OK', { account })
        return result
      } catch (error) {
        if (error instanceof Problem) audit(error.code, { account })
        if (error instanceof Problem && error.facts.isCloned) {
          log.warn({ event: 'passkey.cloned', account, ...client }, 'a passkey was refused: its counter says that it was copied')
          await notices.notifyOwner(account, 'passkeyCloned', client)
        }
        throw error
      }
    }
  }
}
