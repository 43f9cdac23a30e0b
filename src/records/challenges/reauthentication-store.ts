import { readUser } from '../accounts/account.ts'
import type { EventName } from '../activity/activity.ts'
import type { SessionActor } from '../activity/actor.ts'
import type { ChallengesStore, TypedProof } from './challenges-store.ts'
import { refusal } from '../refusals.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { RunScript } from '../../platform/redis/script.ts'
import { type Amr, formatAmr, parseAmr } from '../sessions/amr.ts'
import type { OpenSession } from '../sessions/session.ts'
import { bookWrongPassword, markRecent, verifyReauthentication } from './challenge-scripts.ts'

/** A session after a fresh proof: a new access token can be made of it. */
export type ProvenSession = Omit<OpenSession, 'generation' | 'idleSeconds'>

/** What makes a session recent, and what ends it when somebody guesses. */
export interface ReauthenticationStore {
  /** For an account without a second step, after a right password. @throws Problem SESSION_ENDED */
  markRecent: (session: SessionActor, credentialVersion: string) => Promise<ProvenSession>
  /**
   * Judges the second step; wrong codes end the session with the attempt. @throws Problem CHALLENGE_INVALID, OTP_*, SESSION_ENDED,
   * PASSKEY_INVALID
   */
  verifyProof: (session: SessionActor, typed: TypedProof) => Promise<ProvenSession>
  /** Books a wrong current password. True when it was the last that this session had. */
  bookWrongPassword: (session: SessionActor, event: EventName) => Promise<boolean>
}

export function createReauthenticationStore (run: RunScript, challenges: ChallengesStore, mostWrong: number): ReauthenticationStore {
  return {
    markRecent: async ({ accountId, sid, client }, credentialVersion) => {
      const key = keys.account(accountId)
      const answer = await run(markRecent, { account: key.record, session: key.session(sid) }, { credentialVersion, actor: client })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { user: readUser(accountId, answer.user), sid, amr: parseAmr(answer.amr), authTime: Math.floor(answer.authAtMs / 1000) }
    },

    verifyProof: async ({ accountId, sid, client }, typed) => {
      const key = keys.account(accountId)
      const { record, failures, sessions } = key
      const amr: Amr[] = ['pwd', typed.method === 'passkey' ? 'pop' : 'otp']
      const answer = await run(verifyReauthentication,
        { account: record, attempt: key.attempt(typed.challenge.attemptId), failures, session: key.session(sid), sessions },
        { ...challenges.judgeArgs(typed), actor: client, sid, amr: formatAmr(amr) })
      if (answer.outcome !== 'ok') throw refusal(answer)
      return { user: readUser(accountId, answer.user), sid, amr, authTime: Math.floor(answer.authAtMs / 1000) }
    },

    bookWrongPassword: async ({ accountId, sid, client }, event) => {
      const key = keys.account(accountId)
      const { outcome } = await run(bookWrongPassword, { account: key.record, session: key.session(sid), sessions: key.sessions },
        { sid, mostWrong, actor: client, event })
      return outcome === 'ended'
    }
  }
}
