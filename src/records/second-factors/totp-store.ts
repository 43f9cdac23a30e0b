import { encodeActor } from '../activity/activity.ts'
import { type Refusal, refusal } from '../refusals.ts'
import { Problem } from '../../errors.ts'
import type { Keyring } from '../../platform/keyring.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import type { Client } from '../sessions/session.ts'
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts'
import { matchingStep, newTotpSecret } from './totp.ts'

/** A secret that nobody proves to have is forgotten after this time. */
const PENDING_MS = 15 * 60_000

/** The session that asks: it must still live when the change is made, and is the one that outlives it. */
export interface AskingSession { accountId: string, sid: string, client: Client }

export interface TotpStore {
  /** The time step (within one step of Redis' clock) whose code this is, as text; '' when there is none or no authenticator is set up. */
  matchingStep: (accountId: string, typed: string) => Promise<string>
  /** A fresh secret in base32, to be shown once; an earlier one that was not proven is dead. @throws Problem SESSION_ENDED */
  start: (session: AskingSession) => Promise<string>
  /**
   * Switches the authenticator on after a first right code and answers the recovery codes, to be shown once.
   * @throws Problem OTP_INVALID, CHALLENGE_INVALID (no secret waits: start again), SESSION_ENDED
   */
  confirm: (session: AskingSession, typed: string) => Promise<string[]>
  /** @throws Problem NOT_FOUND, SESSION_ENDED */
  remove: (session: AskingSession) => Promise<void>
  /** A new set of recovery codes, to be shown once; the old ones are dead. @throws Problem CONFLICT, SESSION_ENDED */
  renewRecoveryCodes: (session: AskingSession) => Promise<string[]>
  recoveryCodesLeft: (accountId: string) => Promise<number>
}

export function createTotpStore (redis: RedisClient, run: RunScript, keyring: Keyring, mostWrongCodes: number): TotpStore {
  /** What is sealed at `key`, with Redis' clock, and the step of it whose code was typed. */
  async function match (accountId: string, key: string, typed: string): Promise<{ sealed: string, secret: string, step: number | null }> {
    const [, redisNow, sealed] = await run<['ok', number, string]>('totp-look', [key], [])
    const secret = keyring.unseal(sealed, contextOf(accountId)) ?? ''
    return { sealed, secret, step: secret ? matchingStep(secret, typed, redisNow) : null }
  }

  return {
    matchingStep: async (accountId, typed) => {
      const key = keys.account(accountId).totp
      const { sealed, secret, step } = await match(accountId, key, typed)
      if (step === null) return ''
      if (!sealed.startsWith(keyring.current.id)) await run('totp-reseal', [key], [sealed, keyring.seal(secret, contextOf(accountId))])
      return String(step)
    },

    start: async ({ accountId, sid, client }) => {
      const key = keys.account(accountId)
      const secret = newTotpSecret()
      const answer = await run<['ok'] | ['ended']>('totp-start',
        [key.record, key.session(sid), key.totpPending], [keyring.seal(secret, contextOf(accountId)), PENDING_MS, encodeActor(client)])
      if (answer[0] !== 'ok') throw refusal(answer)
      return secret
    },

    confirm: async ({ accountId, sid, client }, typed) => {
      const key = keys.account(accountId)
      const { sealed, step } = await match(accountId, key.totpPending, typed)
      const codes = newRecoveryCodes()
      const answer = await run<['ok'] | Refusal>('totp-confirm',
        [key.record, key.session(sid), key.totpPending, key.totp, key.recovery],
        [sealed, step ?? '', mostWrongCodes, sid, encodeActor(client), ...codes.map(hashRecoveryCode)])
      if (answer[0] !== 'ok') throw refusal(answer)
      return codes
    },

    remove: async ({ accountId, sid, client }) => {
      const key = keys.account(accountId)
      const answer = await run<['ok'] | ['ended'] | ['none']>('totp-remove',
        [key.record, key.session(sid), key.totp, key.totpPending, key.recovery], [sid, encodeActor(client)])
      if (answer[0] === 'none') throw new Problem('NOT_FOUND')
      if (answer[0] !== 'ok') throw refusal(answer)
    },

    renewRecoveryCodes: async ({ accountId, sid, client }) => {
      const key = keys.account(accountId)
      const codes = newRecoveryCodes()
      const answer = await run<['ok'] | ['ended'] | ['none']>('recovery-renew',
        [key.record, key.session(sid), key.recovery], [sid, encodeActor(client), ...codes.map(hashRecoveryCode)])
      if (answer[0] === 'none') throw new Problem('CONFLICT')
      if (answer[0] !== 'ok') throw refusal(answer)
      return codes
    },

    recoveryCodesLeft: async (accountId) => await redis.scard(keys.account(accountId).recovery)
  }
}

const contextOf = (accountId: string): string => `totp ${accountId}`
