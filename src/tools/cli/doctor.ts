import { now } from '../../platform/clock.ts'
import { type Config, ConfigError, loadConfig } from '../../platform/config/config.ts'
import { isLoopback } from '../../platform/config/hosts.ts'
import { checkSigningKeys } from '../../platform/tokens/key-files.ts'
import { askedCodes, mailboxCodes } from '../doctor/attack/codes.ts'
import { attack } from '../doctor/attack/run.ts'
import { examineNeighbours, examineOutside, findUnreachable, uncheckedRest } from '../doctor/examine.ts'
import { type Finding, reasonOf } from '../doctor/finding.ts'
import { type Asker, createAsker } from '../doctor/http.ts'
import { type DoctorOptions, readOptions, requirePermission, USAGE } from '../doctor/options.ts'
import { exitCodeOf, type Report, sortFindings, toJson, toText } from '../doctor/report.ts'
import { UsageError } from '../usage-error.ts'

/** Deleting the account afterwards needs a sign-in of the last ten minutes. */
const ATTACKS_WITHIN_MS = 9 * 60_000

/** Areas that can be examined only where the settings are. */
const OF_SETTINGS = ['settings', 'layout', 'proxy', 'health', 'clock', 'keys', 'secret', 'redis', 'mail']
const NO_ANSWER = 'The server does not answer.'

const tell = (line: string): void => { process.stderr.write(`${line}\n`) }

/** `npm run doctor`: examines a running deployment from outside, and its neighbours where this machine has the settings. */
async function main (): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(USAGE)
    return 0
  }
  const settings = findSettings(options)
  const target = options.url ?? settings.config?.publicUrl ?? ''
  const config = settings.config && isTargetOf(settings.config, target) ? settings.config : null
  if (options.attack) requirePermission(target, settings.config?.publicUrl, options.confirmedHost)

  const asker = createAsker(target)
  try {
    const findings = await examine(asker, config, options, settings.reason)
    const report: Report = { target, date: new Date(now()).toISOString(), findings: sortFindings(findings) }
    process.stdout.write(options.json ? toJson(report) : toText(report, process.stdout.isTTY))
    return exitCodeOf(report)
  } finally {
    asker.close()
  }
}

async function examine (asker: Asker, config: Config | null, options: DoctorOptions, reason: string): Promise<Finding[]> {
  const unreachable = await findUnreachable(asker)
  const findings = unreachable ? [unreachable] : await examineOutside(asker, config)
  if (config) {
    const dns = { selector: options.dkimSelector, resolver: options.resolver }
    findings.push(...await examineNeighbours(config, dns, showProgress))
  }
  if (options.attack && !unreachable) findings.push(...await playAttacks(asker, config, options.email ?? ''))
  // Where the server answers, checks that exist only with https, such as the redirect, are left out without it.
  const skipped = unreachable ? ['tls', 'headers', 'cookies', 'cache', 'doors', ...options.attack ? ['attack'] : []] : []
  return [
    ...findings,
    ...uncheckedRest(findings, skipped, NO_ANSWER),
    ...uncheckedRest(findings, OF_SETTINGS, config ? NO_ANSWER : reason)
  ]
}

function showProgress (seen: number, total: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${seen} of ${total} records examined${seen === total ? '\n' : ''}`)
}

async function playAttacks (asker: Asker, config: Config | null, operator: string): Promise<Finding[]> {
  const stop = new AbortController()
  process.once('SIGINT', () => { stop.abort(new Error('stopped')) })
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(ATTACKS_WITHIN_MS)])
  const codes = await mailboxCodes(asker, signal) ?? askedCodes(signal)
  tell(`Attacking ${asker.target}. About a dozen mails will be sent to plus-addresses of ${operator}.`)
  try {
    return await attack({ asker, codes, operator, signal }, config ?? {}, (check) => { tell(`  ${check} ...`) })
  } finally {
    codes.close()
  }
}

/** The settings of this machine. Without --url they must be valid, because they name what to examine. */
function findSettings ({ url }: DoctorOptions): { config: Config | null, reason: string } {
  try {
    return { config: loadConfig(undefined, { checkKeys: checkSigningKeys }), reason: 'The settings here are for another deployment.' }
  } catch (error) {
    if (!(error instanceof ConfigError) || url === undefined) throw error
    return { config: null, reason: 'This machine has no settings of this deployment. Run the doctor where the server runs.' }
  }
}

/** Whether `target` is the deployment of these settings, reached by its public address or without the proxy. */
function isTargetOf (config: Config, target: string): boolean {
  const { hostname, port } = new URL(target)
  return config.ownOrigins.includes(target) || (isLoopback(hostname) && Number(port) === config.port)
}

main().then(
  (exitCode) => { process.exitCode = exitCode },
  (error: unknown) => {
    tell(error instanceof UsageError || error instanceof ConfigError ? error.message : `The doctor could not finish: ${reasonOf(error)}`)
    process.exitCode = 2
  })
