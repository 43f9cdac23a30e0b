import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { processUser } from '../why-not-started.ts'
import { type Attempt, SettingRefused } from './refused.ts'
import type { Environment } from './variables.ts'

/** Each may be given as a file instead, named by the variable with `_FILE` behind it. */
export const FROM_FILES = [
  'REDIS_URL', 'SMTP_URL', 'OTP_WEBHOOK_SECRET', 'EVENTS_WEBHOOK_SECRET', 'SECRET', 'SECRET_PREVIOUS', 'METRICS_TOKEN'
] as const

const LARGEST_BYTES = 64 * 1024

/** `env` with what those files hold in place of their names. */
export function withSecretFiles (env: Environment, attempt: Attempt): Environment {
  const found: Environment = {}
  for (const name of FROM_FILES) {
    const path = env[`${name}_FILE`]?.trim()
    if (!path) continue
    found[name] = attempt(() => {
      if (env[name]) throw new SettingRefused(`${name} and ${name}_FILE are both set. Remove one: it is unclear which counts.`)
      const text = readTextFile(`${name}_FILE`, path).replace(/\r?\n$/, '')
      if (text === '') throw new SettingRefused(`${name}_FILE names ${path}, which is empty. Write the value into it.`)
      return text
    }, undefined)
  }
  return { ...env, ...found }
}

/** The certificates of an authority of the operator's own, PEM. */
export function readAuthority (name: string, path: string): string {
  const text = readTextFile(name, path)
  try {
    return new X509Certificate(text).toString() && text
  } catch {
    throw new SettingRefused(`${name} names ${path}, which holds no certificate. It must be PEM, -----BEGIN CERTIFICATE-----.`)
  }
}

function readTextFile (name: string, path: string): string {
  try {
    if (statSync(path).size > LARGEST_BYTES) throw new SettingRefused(`${name} names ${path}, which is larger than 64 KiB.`)
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof SettingRefused) throw error
    throw new SettingRefused(`${name} names ${path}, which cannot be read: ${whyUnreadable(error)}`)
  }
}

/** What the system said about a file, and what to do about it. */
export function whyUnreadable (error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  if (code === 'ENOENT') return 'there is no such file (ENOENT). Correct the path, or create it.'
  if (code === 'EACCES' || code === 'EPERM') {
    return `${processUser()} may not (${code}). Make it readable for that user (chown).`
  }
  if (code === 'EISDIR') return 'it is a folder (EISDIR). Name the file in it.'
  return `${code}.`
}
