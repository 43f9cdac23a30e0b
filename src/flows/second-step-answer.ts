import { invalidField, type Problem } from '../errors.ts'
import type { Method } from '../records/challenges/challenge.ts'

/** What finishes a second step: a code, or what a passkey answered. */
export type SecondStepAnswer = { otp: string, method: Method | undefined } | { passkey: unknown }

/** @throws Problem VALIDATION_FAILED unless it is one of the two */
export function readSecondStepAnswer ({ otp, method, passkey }: { otp?: string, method?: Method, passkey?: unknown }): SecondStepAnswer {
  if (method === 'passkey' || (otp === undefined && passkey !== undefined)) {
    if (passkey === undefined) throw missingField('passkey')
    if (otp !== undefined || (method ?? 'passkey') !== 'passkey') throw invalidField('/otp', 'other')
    return { passkey }
  }
  if (otp === undefined) throw missingField('otp')
  if (passkey !== undefined) throw invalidField('/passkey', 'other')
  return { otp, method }
}

const missingField = (field: string): Problem => invalidField(`/${field}`, 'required', field)
