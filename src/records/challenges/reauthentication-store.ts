import { readUser } from '../accounts/account.ts'
import { type EventName, encodeActor } from '../activity/activity.ts'
import type { ChallengesStore, TypedProof } from './challenges-store.ts'
import { type Refusal, refusal } from '../refusals.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/scripts.ts'
import { parseAmr } from '../sessions/amr.ts'
import type { Client, OpenSession } from '../sessions/session.ts'

/** A session after a fresh proof: a new access token can be made of it. */
export type ProvenSession = Omit<OpenSession, 'generation' | 'idleSeconds'>

/** What makes a session recent, and what ends it when somebody guesses. */
export interface ReauthenticationStore {
  /** For an account without a second step, after a right password. @throws Problem SESSION_ENDED */
  prove: (accountId: string, sid: string, credentialVersion: string, client: Client) => Promise<ProvenSession>
  /** Judges the second step; wrong ones end the session with the attempt. @throws Problem CHALLENGE_INVALID, OTP_*, SESSION_ENDED */
  verify: (typed: TypedProof, sid: string, client: Client) => Promise<ProvenSession>
  /** Books a wrong current password. True when it was the last that this session had. */
  bookWrongPassword: (accountId: string, sid: string, client: Client, event: EventName) => Promise<boolean>
}

export function createReauthenticationStore (run: RunScript, challenges: ChallengesStore, mostWrongPasswords: number): ReauthenticationStore {
  type Proven = ['ok', string, string, Array<string | null>]
  const toSession = (accountId: string, sid: string, [, authAt, amr, user]: Proven): ProvenSession =>
    ({ user: readUser(accountId, user), sid, amr: parseAmr(amr), authTime: Math.floor(Number(authAt) / 1000) })

  return {
    prove: async (accountId, sid, credentialVersion, client) => {
      const key = keys.account(accountId)
      const answer = await run<Proven | ['ended']>('session-recent', [key.record, key.session(sid)], [credentialVersion, encodeActor(client)])
      if (answer[0] !== 'ok') throw refusal(answer)
      return toSession(accountId, sid, answer)
    },

    verify: async (typed, sid, client) => {
      const { ownerKey, attemptId } = typed.challenge
      const key = keys.account(ownerKey)
      const answer = await run<Proven | Refusal>('reauth-verify',
        [key.record, key.attempt(attemptId), key.failures, key.session(sid), key.sessions],
        [...challenges.judgeArgs(typed), encodeActor(client), sid])
      if (answer[0] !== 'ok') throw refusal(answer)
      return toSession(ownerKey, sid, answer)
    },

    bookWrongPassword: async (accountId, sid, client, event) => {
      const key = keys.account(accountId)
      const [word] = await run<['wrong'] | ['ended']>('session-wrong-password',
        [key.record, key.session(sid), key.sessions], [sid, mostWrongPasswords, encodeActor(client), event])
      return word === 'ended'
    }
  }
}
