import { Problem } from '../errors.ts'
import type { User } from '../records/accounts/account.ts'
import type { AccountsStore } from '../records/accounts/accounts-store.ts'
import type { AddressBindingsStore } from '../records/accounts/address-bindings-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import type { ChallengesStore } from '../records/challenges/challenges-store.ts'
import type { PhonesStore } from '../records/contacts/phones-store.ts'
import { maskPhone } from '../records/second-factors/methods.ts'
import { ownChallenge } from './contact-challenge.ts'
import type { SentCode } from './email-change.ts'
import type { RunOnce } from './idempotency.ts'
import type { Notices } from './notices.ts'
import type { Principal, Requester } from './requester.ts'
import type { SecondStep } from './second-step.ts'
import type { Tokens } from './tokens.ts'

/** The number to which codes go over the operator's webhook. Setting and forgetting it ends all but the session that asks. */
export interface PhoneChange {
  /** @throws Problem NOT_FOUND (there is no webhook), CONFLICT (it is the number), SESSION_ENDED, TOO_MANY_REQUESTS */
  start: (requester: Requester, principal: Principal, phone: string) => Promise<SentCode>
  /** @throws Problem CHALLENGE_INVALID, OTP_*, SESSION_ENDED, TOKEN_* */
  confirm: (requester: Requester, principal: Principal, typed: { otp: string, pendingToken: string | undefined }) => Promise<User>
  /** @throws Problem NOT_FOUND, SESSION_ENDED */
  remove: (requester: Requester, principal: Principal) => Promise<User>
}

interface Dependencies {
  accounts: Pick<AccountsStore, 'findByAddress'>
  addressBindings: Pick<AddressBindingsStore, 'takeMail'>
  addressTags: Pick<AddressTags, 'of'>
  challenges: Pick<ChallengesStore, 'open'>
  phones: PhonesStore
  tokens: Pick<Tokens, 'readPending'>
  secondStep: Pick<SecondStep, 'start' | 'auditCodeCheck'>
  notices: Notices
  runOnce: RunOnce
  hasSms: boolean
}

export function createPhoneChange (dependencies: Dependencies): PhoneChange {
  const { accounts, addressBindings, addressTags, challenges, phones, tokens, secondStep, notices, runOnce, hasSms } = dependencies

  return {
    start: async ({ client }, { user }, phone) => {
      if (!hasSms) throw new Problem('NOT_FOUND')
      const addressTag = await addressTags.of(user.email)
      const account = await accounts.findByAddress(user.id, addressTag)
      if (!account) throw new Problem('SESSION_ENDED')
      if (phone === account.phone) throw new Problem('CONFLICT')

      const newTag = await addressTags.of(phone)
      await addressBindings.takeMail(newTag)
      const challenge = await challenges.open({
        purpose: 'phone', account, addressTag, channel: 'sms', client, event: 'phone_requested', extra: { phone, newTag }
      })
      return { destination: maskPhone(phone), challenge: await secondStep.start(challenge, 'sms') }
    },

    confirm: async (requester, principal, { otp, pendingToken }) => {
      const { user: before, sid } = principal
      const { client } = requester
      return await runOnce(requester, { owner: { accountId: before.id }, binding: sid }, async () => {
        const challenge = ownChallenge(tokens, principal, 'phone', pendingToken)
        const user = await secondStep.auditCodeCheck(requester, challenge, 'sms', async () =>
          await phones.confirm({ accountId: before.id, sid, client }, challenge, otp))
        await notices.notifyOwner(user.id, 'phoneOn', client)
        return user
      }, async () => before)
    },

    remove: async ({ client }, { user: { id }, sid }) => {
      const user = await phones.remove({ accountId: id, sid, client })
      await notices.notifyOwner(id, 'phoneOff', client)
      return user
    }
  }
}
