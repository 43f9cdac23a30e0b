import { readFileSync, statSync } from 'node:fs'
import { SettingRefused } from '../config/refused.ts'
import { whyUnreadable } from '../config/secret-files.ts'
import { readSigningKeys } from './signing-keys.ts'

/** Whether the file of SIGNING_KEYS can be used. Answers what is allowed but probably not meant. @throws SettingRefused */
export function checkSigningKeys (path: string): string[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new SettingRefused(`SIGNING_KEYS names ${path}, which cannot be read: ${whyUnreadable(error)} ` +
      'A new set is made by: (umask 077; npm run --silent keys:new > signing-keys.json)')
  }
  try {
    readSigningKeys(text)
  } catch (error) {
    throw new SettingRefused(`SIGNING_KEYS names ${path}, which cannot be used. ${error instanceof Error ? error.message : ''}`)
  }
  return (statSync(path).mode & 0o007) === 0
    ? []
    : [`SIGNING_KEYS names ${path}, which every user of this machine can open: chmod 600 ${path}, and change the keys if others use it.`]
}
