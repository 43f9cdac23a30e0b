import { Problem } from '../errors.ts'
import { hashToken } from '../platform/ids.ts'
import type { User } from '../records/accounts/account.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressBindingsStore } from '../records/accounts/address-bindings-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import { canonicalAddress, maskAddress } from '../records/accounts/address.ts'
import type { ActivityStore } from '../records/activity/activity-store.ts'
import type { ChallengesStore } from '../records/challenges/challenges-store.ts'
import type { EmailChangesStore } from '../records/contacts/email-changes-store.ts'
import { ownChallenge } from './contact-challenge.ts'
import type { RunOnce } from './idempotency.ts'
import type { Notices } from './notices.ts'
import type { Principal, Requester } from './requester.ts'
import type { SecondStep, StartedChallenge } from './second-step.ts'
import type { Tokens } from './tokens.ts'

/** A code that was sent to a new address or number, and where it went, masked. */
export interface SentCode { destination: string, challenge: StartedChallenge }

export interface EmailChange {
  /**
   * Mails a code to the new address; the old one gets a notice at once. @throws Problem CONFLICT (it is the address), SESSION_ENDED,
   * TOO_MANY_REQUESTS
   */
  start: (requester: Requester, principal: Principal, email: string) => Promise<SentCode>
  /**
   * Four steps of one slot each: the code is verified, the new address bound, the account gets it, the old one is let go. After a crash the
   * same code goes on where it stopped. Ends all other sessions, running challenges and trusted browsers.
   * @throws Problem CHALLENGE_INVALID, OTP_*, CONFLICT (somebody has signed up with the new one), SESSION_ENDED, TOKEN_*
   */
  confirm: (requester: Requester, principal: Principal, typed: { otp: string, pendingToken: string | undefined }) => Promise<User>
}

interface Dependencies {
  accounts: Pick<AccountsStore, 'find' | 'findByAddress'>
  activity: Pick<ActivityStore, 'add'>
  addressBindings: AddressBindingsStore
  addressTags: Pick<AddressTags, 'of'>
  challenges: Pick<ChallengesStore, 'open'>
  emailChanges: EmailChangesStore
  tokens: Pick<Tokens, 'readPending'>
  secondStep: Pick<SecondStep, 'start' | 'auditCodeCheck'>
  notices: Notices
  runOnce: RunOnce
}

/** Lets one mail stand for all the calls that run at once. */
const NOTICE_DELAY_MS = 1_000

export function createEmailChange (dependencies: Dependencies): EmailChange {
  const { accounts, activity, addressBindings, addressTags, challenges, emailChanges, tokens, secondStep, notices, runOnce } = dependencies

  return {
    start: async ({ client }, { user }, typed) => {
      const email = canonicalAddress(typed)
      if (email === canonicalAddress(user.email)) throw new Problem('CONFLICT')
      const [addressTag, newTag] = await Promise.all([addressTags.of(user.email), addressTags.of(email)])
      const account = await accounts.findByAddress(user.id, addressTag)
      if (!account) throw new Problem('SESSION_ENDED')

      await addressBindings.takeMail(newTag)
      const isTaken = await addressBindings.isTaken(newTag)
      const challenge = await challenges.open({
        purpose: 'email-change',
        account,
        addressTag: newTag,
        channel: 'email',
        client,
        event: 'email_change_requested',
        extra: { email, newTag, decoy: isTaken ? '1' : '0' }
      })
      await notices.notifyAddress(user, 'emailChangeRequested', client)
      return { destination: maskAddress(email), challenge: await secondStep.start(challenge) }
    },

    confirm: async (requester, principal, { otp, pendingToken }) => {
      const { user: before, sid } = principal
      const { client } = requester
      const session = { accountId: before.id, sid, client }
      return await runOnce(requester, { owner: { accountId: before.id }, binding: sid }, change, async () => before)

      async function change (): Promise<User> {
        const challenge = ownChallenge(tokens, principal, 'email-change', pendingToken)
        const { newTag } = await secondStep.auditCodeCheck(
          requester, challenge, 'email', async () => await emailChanges.verifyCode(session, challenge, otp)
        )
        const oldTag = await addressTags.of(before.email)
        const oldVersion = await addressBindings.version(oldTag)
        const newVersion = await addressBindings.bind(before.id, newTag).catch(async (error: unknown) => {
          if (error instanceof Problem) {
            await activity.add(
              before.id, client, { event: 'email_changed', result: 'conflict', factor: 'email' }
            )
          }
          throw error
        })
        // Announced before it is done, so that no crash keeps it from the old address; the worker waits until it is.
        await notices.notifyAddress(before, 'emailChanged', client, {
          id: hashToken(`changed ${challenge.attemptId}`),
          delayMs: NOTICE_DELAY_MS
        })
        const user = await emailChanges.complete(session, challenge, oldTag).catch(async (error: unknown) => {
          const now = await accounts.find(before.id)
          const isElsewhere = !now || await addressTags.of(now.email) !== newTag
          if (error instanceof Problem && isElsewhere) await addressBindings.release(before.id, newTag, newVersion)
          throw error
        })
        await emailChanges.leave(before.id, oldTag, oldVersion)
        return user
      }
    }
  }
}
