import type { SessionActor } from '../activity/actor.ts'
import { refusal } from '../refusals.ts'
import { Problem } from '../../errors.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { formatAmr } from '../sessions/amr.ts'
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts'
import { confirmTotp, findTotp, removeTotp, renewRecoveryCodes, resealTotp, startTotp } from './second-factor-scripts.ts'
import { matchingStep, newTotpSecret } from './totp.ts'

/** A secret that nobody proves to have is forgotten after this time. */
const PENDING_MS = 15 * 60_000

export interface TotpStore {
  /** The time step (within one step of Redis' clock) whose code this is, as text; '' when there is none or no authenticator is set up. */
  matchingStep: (accountId: string, typed: string) => Promise<string>
  /** A fresh secret in base32, to be shown once; an earlier one that was not proven is dead. @throws Problem SESSION_ENDED */
  start: (session: SessionActor) => Promise<string>
  /**
   * Switches the authenticator on after a first right code and answers the recovery codes, to be shown once.
   * @throws Problem OTP_INVALID, CHALLENGE_INVALID (no secret waits: start again), SESSION_ENDED
   */
  confirm: (session: SessionActor, typed: string) => Promise<string[]>
  /** @throws Problem NOT_FOUND, SESSION_ENDED */
  remove: (session: SessionActor) => Promise<void>
  /** A new set of recovery codes, to be shown once; the old ones are dead. @throws Problem CONFLICT, SESSION_ENDED */
  renewRecoveryCodes: (session: SessionActor) => Promise<string[]>
  recoveryCodesLeft: (accountId: string) => Promise<number>
}

export function createTotpStore (redis: RedisClient, run: RunScript, keyring: Keyring, mostWrong: number): TotpStore {
  /** What is sealed at `key`, with Redis' clock, and the step of it whose code was typed. */
  async function match (accountId: string, key: string, typed: string): Promise<{ sealed: string, secret: string, step: number | null }> {
    const { nowMs, sealed } = await run(findTotp, { totp: key }, {})
    const secret = keyring.unseal(sealed, contextOf(accountId)) ?? ''
    return { sealed, secret, step: secret ? matchingStep(secret, typed, nowMs) : null }
  }

  return {
    matchingStep: async (accountId, typed) => {
      const { totp } = keys.account(accountId)
      const { sealed, secret, step } = await match(accountId, totp, typed)
      if (step === null) return ''
      if (!sealed.startsWith(keyring.current.id)) {
        await run(resealTotp, { totp }, { oldSealed: sealed, newSealed: keyring.seal(secret, contextOf(accountId)) })
      }
      return String(step)
    },

    start: async ({ accountId, sid, client }) => {
      const key = keys.account(accountId)
      const secret = newTotpSecret()
      const answer = await run(startTotp, { account: key.record, session: key.session(sid), pending: key.totpPending },
        { sealed: keyring.seal(secret, contextOf(accountId)), lifeMs: PENDING_MS, actor: client })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return secret
    },

    confirm: async ({ accountId, sid, client }, typed) => {
      const key = keys.account(accountId)
      const { sealed, step } = await match(accountId, key.totpPending, typed)
      const codes = newRecoveryCodes()
      const answer = await run(confirmTotp,
        { account: key.record, session: key.session(sid), pending: key.totpPending, totp: key.totp, recovery: key.recovery }, {
          sealed,
          step: step ?? undefined,
          mostWrong,
          sid,
          actor: client,
          amr: formatAmr(['pwd', 'otp']),
          hashes: codes.map(hashRecoveryCode)
        })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return codes
    },

    remove: async ({ accountId, sid, client }) => {
      const key = keys.account(accountId)
      const answer = await run(removeTotp,
        { account: key.record, session: key.session(sid), totp: key.totp, pending: key.totpPending, recovery: key.recovery },
        { sid, actor: client })
      if (answer.outcome === 'none') throw new Problem('NOT_FOUND')
      if (answer.outcome !== 'ok') throw refusal(answer)
    },

    renewRecoveryCodes: async ({ accountId, sid, client }) => {
      const key = keys.account(accountId)
      const codes = newRecoveryCodes()
      const answer = await run(renewRecoveryCodes, { account: key.record, session: key.session(sid), recovery: key.recovery },
        { sid, actor: client, hashes: codes.map(hashRecoveryCode) })
      if (answer.outcome === 'none') throw new Problem('CONFLICT')
      if (answer.outcome !== 'ok') throw refusal(answer)
      return codes
    },

    recoveryCodesLeft: async (accountId) => await redis.scard(keys.account(accountId).recovery)
  }
}

const contextOf = (accountId: string): string => `totp ${accountId}`
