import { ConfigError, loadConfig } from '../../platform/config/config.ts'
import { checkSigningKeys } from '../../platform/tokens/key-files.ts'
import { fail } from './failure.ts'

const say = (line: string): void => { process.stdout.write(`${line}\n`) }

/** `dvokrok check-config`: every mistake in the settings of this folder and environment at once. Never says a value that may be secret. */
function main (): void {
  try {
    tell([], loadConfig(undefined, { checkKeys: checkSigningKeys }).warnings)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    tell(error.problems, error.warnings)
    process.exitCode = 1
  }
}

function tell (problems: string[], warnings: string[]): void {
  for (const problem of problems) say(`mistake  ${problem}`)
  for (const warning of warnings) say(`warning  ${warning}`)
  say(problems.length === 0
    ? 'Dvokrok can start with these settings. Whether Redis and the mail server answer is what the doctor tells.'
    : `Dvokrok cannot start with these settings: ${problems.length} ${problems.length === 1 ? 'mistake' : 'mistakes'}.`)
}

try {
  main()
} catch (error) {
  fail(error)
}
