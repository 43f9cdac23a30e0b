import { invalidField, Problem } from '../errors.ts'
import type { Metrics } from '../platform/metrics/metrics.ts'
import type { SecondFactor } from '../records/accounts/account.ts'
import type { Account } from '../records/accounts/accounts-store.ts'
import type { AddressBindingsStore } from '../records/accounts/address-bindings-store.ts'
import type { AddressTags } from '../records/accounts/address-tags.ts'
import {
  type Channel, type ChallengeRef, type ChallengeRules, codeLifeMs, isWithAccount, type Method, type PendingChallenge, toMinutes
} from '../records/challenges/challenge.ts'
import type { ChallengesStore, ChallengeView, NewAttempt } from '../records/challenges/challenges-store.ts'
import { firstChannel, firstCodeOf, isWellFormed, maskDestination, methodsOf } from '../records/second-factors/methods.ts'
import type { PressureStore } from '../records/throttling/throttling-store.ts'
import type { Mailer } from './mail-jobs.ts'
import type { Notices } from './notices.ts'
import type { RequireProofOfWork } from './proof-of-work.ts'
import type { Requester } from './requester.ts'
import type { Tokens } from './tokens.ts'

/** A challenge in the hands of the browser that asked for it. */
export interface StartedChallenge { pendingToken: string, lifeSeconds: number, ttlMinutes: number, resendAfterSeconds: number }

/** The same for a second step, with the ways to finish it. */
export interface SecondStepChallenge extends StartedChallenge {
  method: Method
  methods: Method[]
  /** How the code travels; null when none was sent. */
  channel: Channel | null
  /** Masked. */
  destination: string
}

interface AskedFor { account: Account, addressTag: string, purpose: 'login' | 'reauth', event: NewAttempt['event'], attemptId?: string }

export interface SecondStep {
  /** Opens a challenge for the second step of this account, and sends a code where that is the first way. */
  ask: (requester: Requester, asked: AskedFor) => Promise<SecondStepChallenge>
  /** Hands out a challenge; unless it has no code yet, its code goes into the outbox first. */
  start: (challenge: ChallengeRef, method?: Method, isCodeSent?: boolean) => Promise<StartedChallenge>
  /** Hands out a running challenge again; nothing is sent. @throws Problem CHALLENGE_INVALID */
  resume: (challenge: ChallengeRef) => Promise<StartedChallenge>
  /** What a reloaded page needs. @throws Problem CHALLENGE_INVALID */
  describe: (challenge: PendingChallenge) => Promise<ChallengeSummary>
  /** @throws Problem CHALLENGE_INVALID, RESEND_TOO_EARLY, TOO_MANY_REQUESTS, OTP_ATTEMPTS_EXCEEDED, CAPTCHA_REQUIRED, VALIDATION_FAILED */
  resend: (requester: Requester, challenge: PendingChallenge, asked: ResendRequest) => Promise<ResentCode>
  /** How a challenge can be finished here and now: a number is of no use while the operator has no webhook. */
  usableMethods: (factors: SecondFactor[], hasRecoveryCodes: boolean) => Method[]
  /** @throws Problem VALIDATION_FAILED for what this method can never have made; it costs no guess */
  requireWellFormed: (method: Method, otp: string) => void
  /** Runs `judge` on what was typed, logs the check, and tells the owner of a wrong code after the right password. */
  auditCodeCheck: <Result>(requester: Requester, challenge: ChallengeRef, method: Method, judge: () => Promise<Result>) => Promise<Result>
}

export interface ChallengeSummary {
  purpose: string
  method: Method
  methods: Method[]
  destination: string
  codeExpiresInSeconds: number
  resendAfterSeconds: number
  attemptsLeft: number
}

export interface ResendRequest { email: string | undefined, method: Channel | undefined, captcha: string | undefined }

export interface ResentCode { purpose: ChallengeRef['purpose'], destination: string, ttlMinutes: number, resendAfterSeconds: number }

interface Dependencies {
  challenges: Pick<ChallengesStore, 'open' | 'find' | 'resend'>
  rules: ChallengeRules
  addressTags: Pick<AddressTags, 'of'>
  addressBindings: Pick<AddressBindingsStore, 'takeMail'>
  pressure: Pick<PressureStore, 'add'>
  tokens: Pick<Tokens, 'signPending'>
  mailer: Mailer
  notices: Notices
  metrics: Pick<Metrics, 'login' | 'code'>
  requireProofOfWork: RequireProofOfWork
  hasSms: boolean
}

/** Challenges that wait for a second step or a proof of an address: opened, handed out, sent again, judged. */
export function createSecondStep (dependencies: Dependencies): SecondStep {
  const { challenges, rules, addressTags, addressBindings, pressure } = dependencies
  const { tokens, mailer, notices, metrics, requireProofOfWork, hasSms } = dependencies

  const look = async (challenge: ChallengeRef): Promise<ChallengeView> => {
    const view = await challenges.find(challenge)
    if (!view) throw new Problem('CHALLENGE_INVALID')
    return view
  }
  const usableMethods: SecondStep['usableMethods'] = (factors, hasRecoveryCodes) =>
    methodsOf(factors.filter((factor) => factor !== 'sms' || hasSms), hasRecoveryCodes)
  const methodsFor = ({ factors, hasRecoveryCodes }: ChallengeView): Method[] => usableMethods(factors, hasRecoveryCodes)
  const isSecondStep = ({ purpose }: ChallengeRef): boolean => purpose === 'login' || purpose === 'reauth'
  const destinationOf = (view: ChallengeView, channel: Channel | null): string =>
    maskDestination(channel, view.fields['email'] ?? view.email, view.fields['phone'] ?? view.phone)

  const start: SecondStep['start'] = async (challenge, method = 'email', isCodeSent = true) => {
    const { purpose, ownerKey, attemptId } = challenge
    if (isCodeSent) await mailer.send({ kind: 'code', purpose, ownerKey, attemptId, mailNo: 1 })
    const { token, lifeSeconds } = tokens.signPending(challenge, method)
    return {
      pendingToken: token,
      lifeSeconds,
      ttlMinutes: toMinutes(codeLifeMs(rules, purpose)),
      resendAfterSeconds: isCodeSent ? Math.ceil(rules.resendIntervalMs / 1000) : 0
    }
  }

  return {
    usableMethods,
    start,

    ask: async ({ client }, { account, addressTag, purpose, event, attemptId }) => {
      const methods = usableMethods(account.secondFactors, account.hasRecoveryCodes)
      const [method = 'email'] = methods
      const channel = firstChannel(account.secondFactors)
      const challenge = await challenges.open({ purpose, account, addressTag, channel, event, client, ...(attemptId ? { attemptId } : {}) })
      const started = await start(challenge, firstCodeOf(methods), channel !== null)
      if (purpose === 'login') metrics.login('second_step')
      return { ...started, method, methods, channel, destination: maskDestination(channel, account.email, account.phone) }
    },

    resume: async (challenge) => {
      const { codeLeftMs, resendLeftMs } = await look(challenge)
      const { token, lifeSeconds } = tokens.signPending(challenge, 'email')
      return { pendingToken: token, lifeSeconds, ttlMinutes: toMinutes(codeLeftMs), resendAfterSeconds: Math.ceil(resendLeftMs / 1000) }
    },

    describe: async (challenge) => {
      const view = await look(challenge)
      const methods = isSecondStep(challenge) ? methodsFor(view) : []
      const method = view.channel ?? methods[0] ?? challenge.method
      return {
        purpose: challenge.purpose,
        method,
        methods: methods.length > 0 ? methods : [method],
        destination: destinationOf(view, view.channel),
        codeExpiresInSeconds: Math.ceil(view.codeLeftMs / 1000),
        resendAfterSeconds: Math.ceil(view.resendLeftMs / 1000),
        attemptsLeft: view.attemptsLeft
      }
    },

    resend: async ({ client, source }, { method, ...challenge }, { email, method: asked, captcha }) => {
      const view = await look(challenge)
      const channel = asked ?? view.channel ?? (method === 'sms' ? 'sms' : 'email')
      const isUsable = isSecondStep(challenge) ? methodsFor(view).includes(channel) : channel === view.channel
      if (!isUsable) throw invalidField('/method')

      // A challenge of an account was opened by its owner, or with the right password.
      const hammered = { addressTag: await addressTags.of(view.email), source, isOwner: isWithAccount(challenge) }
      await requireProofOfWork({ ...hammered, captcha })
      const addressTag = email === undefined ? '' : await addressTags.of(email)
      // Somebody else's address or number may get the code: it has a budget of its own, beside the account's.
      const newTag = view.fields['newTag']
      if (newTag && view.resendLeftMs === 0) await addressBindings.takeMail(newTag)
      const { codeLeftMs, mailNo } = await challenges.resend(challenge, { addressTag, channel, client })
      await pressure.add(hammered)
      await mailer.send({ kind: 'code', ...challenge, mailNo })
      return {
        purpose: challenge.purpose,
        destination: destinationOf(view, channel),
        ttlMinutes: toMinutes(codeLeftMs),
        resendAfterSeconds: Math.ceil(rules.resendIntervalMs / 1000)
      }
    },

    requireWellFormed: (method, otp) => {
      if (!isWellFormed(method, otp, rules.codeLength)) throw invalidField('/otp')
    },

    auditCodeCheck: async ({ client, log }, challenge, method, judge) => {
      const { purpose, attemptId: attempt, ownerKey } = challenge
      const audit = (result: string): void => {
        log.info({ event: 'otp.checked', purpose, method, result, attempt, ...client }, 'a code was checked')
      }
      try {
        const result = await judge()
        audit('OK')
        metrics.code(purpose, 'used')
        if (method === 'recovery_code') await notices.notifyOwner(ownerKey, 'recoveryCodeUsed', client)
        return result
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        audit(error.code)
        if (error.code === 'OTP_INVALID') metrics.code(purpose, 'wrong')
        if (error.code === 'OTP_EXPIRED') metrics.code(purpose, 'expired')
        if (error.code === 'OTP_INVALID' && purpose === 'login') metrics.login('wrong_code')
        const { attemptsLeft, isBudgetSpent } = error.facts
        // Of a second step the first is told already: who has the password could else try for days without being noticed.
        const isTold = error.code === 'OTP_INVALID' && (isSecondStep(challenge) || attemptsLeft === 0)
        if (isWithAccount(challenge) && (isTold || isBudgetSpent)) {
          await notices.notifyOwner(ownerKey, isBudgetSpent ? 'codesLocked' : 'wrongCodes', client)
        }
        throw error
      }
    }
  }
}
