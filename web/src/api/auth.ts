import { withCaptcha } from './captcha.ts'
import { bodyOf, type Challenge, type Method, open, type SignedIn } from './client.ts'
import type { Locale } from '../i18n/index.ts'

export interface Credentials { email: string, password: string }
export interface Registration extends Credentials { name: string, locale: Locale }

const bearer = (pendingToken: string | null): { headers: Record<string, string> } =>
  ({ headers: pendingToken ? { authorization: `Bearer ${pendingToken}` } : {} })

type Checking = (isChecking: boolean) => void

export const register = async (person: Registration, checking: Checking) => await withCaptcha(async (captcha) =>
  await bodyOf(open.POST('/auth/register', { body: { ...person, ...captcha } })), checking)

export const logIn = async (credentials: Credentials, checking: Checking): Promise<Challenge | SignedIn> => await withCaptcha(async (captcha) =>
  await bodyOf(open.POST('/auth/login', { body: { ...credentials, ...captcha } })), checking)

export const forgot = async (email: string, checking: Checking) => await withCaptcha(async (captcha) =>
  await bodyOf(open.POST('/auth/password/forgot', { body: { email, ...captcha } })), checking)

export const reset = async (pendingToken: string | null, otp: string, newPassword: string) =>
  await bodyOf(open.POST('/auth/password/reset', { body: { otp, newPassword }, ...bearer(pendingToken) }))

/** The attempt behind a pending token, or behind the cookie where it is null. */
export const lookAtAttempt = async (pendingToken: string | null) =>
  await bodyOf(open.GET('/auth/2fa', bearer(pendingToken)))

export type AttemptNow = Awaited<ReturnType<typeof lookAtAttempt>>

export const resend = async (pendingToken: string | null, method: 'email' | 'sms' | undefined, checking: Checking) => await withCaptcha(async (captcha) =>
  await bodyOf(open.POST('/auth/2fa/resend', { body: { ...(method ? { method } : {}), ...captcha }, ...bearer(pendingToken) })), checking)

export interface Typed { otp: string, method: Method, email?: string, trustDevice?: boolean }

export const verifyOtp = async (pendingToken: string | null, typed: Typed) =>
  await bodyOf(open.POST('/auth/verify-otp', { body: typed, ...bearer(pendingToken) }))
