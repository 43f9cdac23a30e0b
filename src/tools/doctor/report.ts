import { CHECKS, type Finding, type Verdict } from './finding.ts'

export interface Report { target: string, date: string, findings: Finding[] }

const VERDICTS: Verdict[] = ['pass', 'warn', 'fail', 'could-not-check']
const COLOURS: Record<Verdict, number> = { pass: 32, warn: 33, fail: 31, 'could-not-check': 36 }
const NAME_WIDTH = Math.max(...CHECKS.map((name) => name.length))
const VERDICT_WIDTH = Math.max(...VERDICTS.map((verdict) => verdict.length))

export const sortFindings = (findings: Finding[]): Finding[] =>
  findings.toSorted((one, other) => CHECKS.indexOf(one.check) - CHECKS.indexOf(other.check))

/** 1 when a check failed, so that scripts and CI notice. */
export const exitCodeOf = ({ findings }: Report): 0 | 1 => findings.some(({ verdict }) => verdict === 'fail') ? 1 : 0

/** One line per finding, and a count of each verdict. */
export function toText ({ target, date, findings }: Report, hasColours: boolean): string {
  const paint = (verdict: Verdict, text: string): string => hasColours ? `\u001b[${COLOURS[verdict]}m${text}\u001b[0m` : text
  const lines = findings.map(({ check, verdict, message, remedy }) =>
    `${paint(verdict, verdict.padEnd(VERDICT_WIDTH))}  ${check.padEnd(NAME_WIDTH)}  ${oneLine(message)}` +
    (remedy ? ` To fix: ${oneLine(remedy)}` : ''))
  const counts = VERDICTS.map((verdict) => `${findings.filter((one) => one.verdict === verdict).length} ${verdict}`)
  return [`Dvokrok doctor, ${target}, ${date}`, '', ...lines, '', counts.join(', '), ''].join('\n')
}

export const toJson = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`

/** Messages quote what others sent (banners, certificates, DNS records), which must not control the terminal. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
