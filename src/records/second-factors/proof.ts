import { codeCandidates } from '../challenges/challenge.ts'
import type { Method } from '../challenges/challenge.ts'
import type { Keyring } from '../../platform/keyring.ts'
import { hashRecoveryCode } from './recovery-codes.ts'
import type { TotpStore } from './totp-store.ts'

/** Makes what was typed ready for `judge` in _judge.lua, so that Redis can judge it without knowing a secret. */
export type MakeProof = (accountId: string, attemptId: string, method: Method, typed: string) => Promise<string>

export function createProofMaker (keyring: Keyring, totp: TotpStore): MakeProof {
  return async (accountId, attemptId, method, typed) => {
    if (method === 'totp') return await totp.matchingStep(accountId, typed)
    if (method === 'recovery_code') return hashRecoveryCode(typed)
    return codeCandidates(keyring, attemptId, typed)
  }
}
