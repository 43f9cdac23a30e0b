import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { SettingRefused } from './refused.ts'

/** The variables in the file `.env` of the working directory; none when there is no such file. */
export function readDotenv (): Record<string, string | undefined> {
  try {
    // Some editors begin a file with a byte order mark, which would become part of the first name.
    return { ...parseEnv(readFileSync('.env', 'utf8').replace(/^\uFEFF/, '')) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return {}
    throw new SettingRefused(`.env is there but cannot be read (${String(code)}). Make it a file that this user may read, or remove it.`)
  }
}
