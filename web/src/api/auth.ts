import { withCaptcha } from './captcha.ts'
import { bodyOf, type Challenge, type Method, publicApi, type SignedIn } from './client.ts'
import type { Locale } from '../i18n/index.ts'

export interface Credentials { email: string, password: string }
export interface Registration extends Credentials { name: string, locale: Locale }

const bearer = (pendingToken: string | null): { headers: Record<string, string> } =>
  ({ headers: pendingToken ? { authorization: `Bearer ${pendingToken}` } : {} })

type OnChecking = (isChecking: boolean) => void

export const register = async (person: Registration, checking: OnChecking) => await withCaptcha(async (captcha) =>
  await bodyOf(publicApi.POST('/auth/register', { body: { ...person, ...captcha } })), checking)

export async function logIn (credentials: Credentials, checking: OnChecking): Promise<Challenge | SignedIn> {
  return await withCaptcha(async (captcha) =>
    await bodyOf(publicApi.POST('/auth/login', { body: { ...credentials, ...captcha } })), checking)
}

export const requestReset = async (email: string, checking: OnChecking) => await withCaptcha(async (captcha) =>
  await bodyOf(publicApi.POST('/auth/password/forgot', { body: { email, ...captcha } })), checking)

export const resetPassword = async (pendingToken: string | null, otp: string, newPassword: string) =>
  await bodyOf(publicApi.POST('/auth/password/reset', { body: { otp, newPassword }, ...bearer(pendingToken) }))

/** The attempt behind a pending token; `null` means the attempt of the cookie. */
export const fetchAttempt = async (pendingToken: string | null) =>
  await bodyOf(publicApi.GET('/auth/2fa', bearer(pendingToken)))

export async function resendCode (pendingToken: string | null, method: 'email' | 'sms' | undefined, checking: OnChecking) {
  return await withCaptcha(async (captcha) => {
    const body = { ...(method ? { method } : {}), ...captcha }
    return await bodyOf(publicApi.POST('/auth/2fa/resend', { body, ...bearer(pendingToken) }))
  }, checking)
}

export interface CodeSubmission { otp: string, method: Method, email?: string, trustDevice?: boolean }

export const verifyOtp = async (pendingToken: string | null, typed: CodeSubmission) =>
  await bodyOf(publicApi.POST('/auth/verify-otp', { body: typed, ...bearer(pendingToken) }))
