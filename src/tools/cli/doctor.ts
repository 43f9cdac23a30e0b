import { now } from '../../platform/clock.ts'
import { type Config, ConfigError, loadConfig } from '../../platform/config/config.ts'
import { isLoopback } from '../../platform/config/hosts.ts'
import { askedCodes, mailboxCodes } from '../doctor/attack/codes.ts'
import { attack } from '../doctor/attack/run.ts'
import { examineNeighbours, examineOutside, findSilence, uncheckedRest } from '../doctor/examine.ts'
import { type Finding, reasonOf } from '../doctor/finding.ts'
import { type Asker, createAsker } from '../doctor/http.ts'
import { type DoctorOptions, readOptions, requirePermission, USAGE } from '../doctor/options.ts'
import { exitCodeOf, type Report, sortFindings, toJson, toText } from '../doctor/report.ts'
import { UsageError } from '../usage-error.ts'

/** A sign-in is recent for ten minutes, and only a recent one deletes the account afterwards. */
const ATTACKS_WITHIN_MS = 9 * 60_000

const tell = (line: string): void => { process.stderr.write(`${line}\n`) }

/** `npm run doctor`: looks at a running deployment as a stranger does, and at its neighbours where the settings are at hand. */
async function main (): Promise<number> {
  const options = readOptions(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(USAGE)
    return 0
  }
  const settings = findSettings(options)
  const target = options.url ?? settings.config?.publicUrl ?? ''
  const config = settings.config && isOf(settings.config, target) ? settings.config : null
  if (options.attack) requirePermission(target, settings.config?.publicUrl, options.confirmedHost)

  const asker = createAsker(target)
  try {
    const findings = await look(asker, config, options, settings.why)
    const report: Report = { target, date: new Date(now()).toISOString(), findings: sortFindings(findings) }
    process.stdout.write(options.json ? toJson(report) : toText(report, process.stdout.isTTY))
    return exitCodeOf(report)
  } finally {
    asker.close()
  }
}

async function look (asker: Asker, config: Config | null, options: DoctorOptions, why: string): Promise<Finding[]> {
  const isTty = process.stderr.isTTY
  const onProgress = (seen: number, total: number): void => { if (isTty) process.stderr.write(`\r${seen} of ${total} records looked at${seen === total ? '\n' : ''}`) }
  const silence = await findSilence(asker)
  const findings = silence ? [silence] : await examineOutside(asker, config)
  if (config) findings.push(...await examineNeighbours(config, { selector: options.dkimSelector, resolver: options.resolver }, onProgress))
  if (options.attack && !silence) findings.push(...await playAttacks(asker, config, options.email ?? ''))
  // What https alone has, such as a redirect to it, is no line of its own where there is none.
  const skipped = silence ? ['tls', 'headers', 'cookies', 'cache', 'doors', ...options.attack ? ['attack'] : []] : []
  return [
    ...findings,
    ...uncheckedRest(findings, skipped, 'Nobody answers.'),
    ...uncheckedRest(findings, ['proxy', 'health', 'clock', 'keys', 'secret', 'redis', 'mail'], config ? 'Nobody answers.' : why)
  ]
}

async function playAttacks (asker: Asker, config: Config | null, operator: string): Promise<Finding[]> {
  const stop = new AbortController()
  process.once('SIGINT', () => { stop.abort(new Error('stopped')) })
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(ATTACKS_WITHIN_MS)])
  const codes = await mailboxCodes(asker, signal) ?? askedCodes(signal)
  tell(`Attacking ${asker.target}. About a dozen mails will come to plus-addresses of ${operator}.`)
  try {
    return await attack({ asker, codes, operator, signal }, config ?? {}, (check) => { tell(`  ${check} ...`) })
  } finally {
    codes.close()
  }
}

/** The settings here; without a --url they must be right, or there is nothing to look at. */
function findSettings ({ url }: DoctorOptions): { config: Config | null, why: string } {
  try {
    return { config: loadConfig(), why: 'The settings here are for another deployment.' }
  } catch (error) {
    if (!(error instanceof ConfigError) || url === undefined) throw error
    return { config: null, why: 'There are no settings of this deployment here. Run the doctor where the server runs.' }
  }
}

/** Whether `target` is the deployment of these settings, by its public address or past the proxy. */
function isOf (config: Config, target: string): boolean {
  const { hostname, port } = new URL(target)
  return config.ownOrigins.includes(target) || (isLoopback(hostname) && Number(port) === config.port)
}

main().then(
  (exitCode) => { process.exitCode = exitCode },
  (error: unknown) => {
    tell(error instanceof UsageError || error instanceof ConfigError ? error.message : `The doctor could not finish: ${reasonOf(error)}`)
    process.exitCode = 2
  })
