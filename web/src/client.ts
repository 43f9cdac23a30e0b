import { type AnswerOf, type BodyOf, createClient } from '@dvokrok/client'
import { serverConfig } from './app/server-config.ts'
import { currentLocale } from './i18n/index.ts'

export type Method = NonNullable<BodyOf<'/auth/verify-otp'>['method']>
export type CodeSubmission = BodyOf<'/auth/verify-otp'> & { method: Method, otp: string }
export type Challenge = Extract<AnswerOf<'/auth/login'>, { twoFactorRequired: true }>

export const client = createClient({ url: serverConfig.basePath, credentials: 'same-origin', locale: currentLocale })
