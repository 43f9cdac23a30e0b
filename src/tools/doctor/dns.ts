import { Resolver } from 'node:dns/promises'
import { failIfAny, fail, type Finding, pass, reasonOf, unchecked, warn } from './finding.ts'

/** Text records of a name; `absent`: the name does not exist, `bare`: it exists and has none; else why nobody knows. */
export type Texts = { texts: string[] } | 'absent' | 'bare' | { reason: string }

export interface DnsFacts {
  domain: string
  spf: Texts
  /** Of the selector that was given, or of the place where all selectors are. */
  dkim: Texts
  selector: string | undefined
  /** Of the domain, else of the nearest domain above. */
  dmarc: Texts
}

const WAIT_MS = 3_000

export async function lookAtDns (domain: string, { selector, resolver }: { selector?: string | undefined, resolver?: string | undefined } = {}): Promise<DnsFacts> {
  const dns = new Resolver({ timeout: WAIT_MS, tries: 2 })
  if (resolver !== undefined) dns.setServers([resolver])
  const look = async (name: string): Promise<Texts> => {
    try {
      return { texts: (await dns.resolveTxt(name)).map((parts) => parts.join('')) }
    } catch (error) {
      const reason = reasonOf(error)
      return reason === 'ENOTFOUND' ? 'absent' : reason === 'ENODATA' ? 'bare' : { reason }
    }
  }
  const policyOf = async (name: string): Promise<Texts> => {
    const found = await look(`_dmarc.${name}`)
    const isThere = typeof found !== 'string' && ('reason' in found || recordsOf(found, 'v=DMARC1').length > 0)
    const above = name.slice(name.indexOf('.') + 1)
    return isThere || !above.includes('.') ? found : await policyOf(above)
  }
  const [spf, dkim, dmarc] = await Promise.all([look(domain), look(selector === undefined ? `_domainkey.${domain}` : `${selector}._domainkey.${domain}`), policyOf(domain)])
  return { domain, spf, dkim, selector, dmarc }
}

const recordsOf = (found: Texts, start: string): string[] =>
  typeof found === 'string' || 'reason' in found ? [] : found.texts.filter((text) => text.toLowerCase().startsWith(start.toLowerCase()))

export function judgeDns (facts: DnsFacts): Finding[] {
  return [judgeSpf(facts), judgeDkim(facts), judgeDmarc(facts)]
}

function judgeSpf ({ domain, spf }: DnsFacts): Finding {
  if (typeof spf !== 'string' && 'reason' in spf) return unchecked('mail.spf', `DNS does not answer for ${domain}: ${spf.reason}.`)
  const records = recordsOf(spf, 'v=spf1')
  const [record = ''] = records
  const remedy = `Publish one TXT record at ${domain} that names your mail server and ends in -all or ~all.`
  return failIfAny('mail.spf', [
    ...(records.length === 0 ? [`${domain} does not say who may send for it, so codes land in spam`] : []),
    ...(records.length > 1 ? [`${domain} has ${records.length} SPF records, so none counts`] : []),
    ...(/(^|\s)\+?all(\s|$)/i.test(record) ? [`${domain} lets anybody send for it`] : []),
    ...(records.length === 1 && !/\ball\b|\bredirect=/i.test(record) ? ['the SPF record does not say what holds for all others'] : [])
  ], `${domain} says who may send for it.`, remedy)
}

function judgeDkim ({ domain, dkim, selector }: DnsFacts): Finding {
  if (typeof dkim !== 'string' && 'reason' in dkim) return unchecked('mail.dkim', `DNS does not answer for ${domain}: ${dkim.reason}.`)
  const remedy = 'Switch DKIM on at your mail server and publish the key it shows you.'
  if (selector === undefined) {
    // RFC 8020: a name that does not exist has nothing beneath it either.
    if (dkim === 'absent') return warn('mail.dkim', `${domain} publishes no DKIM key.`, remedy)
    return unchecked('mail.dkim', `${domain} seems to publish DKIM keys; which one signs, only your mail server knows.`, 'Say --dkim-selector NAME to check it.')
  }
  const keys = typeof dkim === 'string' ? [] : dkim.texts.filter((text) => /\bp=/.test(text))
  if (keys.some((text) => /\bp=\s*[A-Za-z0-9+/]/.test(text))) return pass('mail.dkim', `${selector} of ${domain} has a key.`)
  return fail('mail.dkim', keys.length > 0 ? `The key ${selector} of ${domain} was withdrawn.` : `There is no key at ${selector}._domainkey.${domain}.`, remedy)
}

function judgeDmarc ({ domain, dmarc }: DnsFacts): Finding {
  if (typeof dmarc !== 'string' && 'reason' in dmarc) return unchecked('mail.dmarc', `DNS does not answer for ${domain}: ${dmarc.reason}.`)
  const records = recordsOf(dmarc, 'v=DMARC1')
  const policy = /\bp\s*=\s*(\w+)/i.exec(records[0] ?? '')?.[1]?.toLowerCase()
  const remedy = `Publish a TXT record at _dmarc.${domain}: v=DMARC1; p=quarantine, or p=reject.`
  if (records.length !== 1 || policy === undefined) return fail('mail.dmarc', `Nothing tells receivers what to do with mail that only pretends to come from ${domain}.`, remedy)
  return policy === 'none'
    ? warn('mail.dmarc', `${domain} lets receivers accept forged mail (p=none).`, remedy)
    : pass('mail.dmarc', `Receivers ${policy} mail that only pretends to come from ${domain}.`)
}
