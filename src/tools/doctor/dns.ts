import { Resolver } from 'node:dns/promises'
import { failIfAny, fail, type Finding, pass, reasonOf, unchecked, warn } from './finding.ts'

/** TXT records of a name. `absent`: the name does not exist; `bare`: it exists without any; `reason`: why they could not be read. */
export type Texts = { texts: string[] } | 'absent' | 'bare' | { reason: string }

export interface DnsFacts {
  domain: string
  spf: Texts
  /** Of the selector that was given, or of `_domainkey`, below which all selectors are. */
  dkim: Texts
  selector: string | undefined
  /** Of the domain, or of the nearest parent domain that has a policy. */
  dmarc: Texts
}

const WAIT_MS = 3_000

export interface DnsOptions {
  selector?: string | undefined
  /** The DNS server to ask instead of the system's. */
  resolver?: string | undefined
}

export async function lookAtDns (domain: string, { selector, resolver }: DnsOptions = {}): Promise<DnsFacts> {
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
    const isFound = typeof found !== 'string' && ('reason' in found || recordsOf(found, 'v=DMARC1').length > 0)
    const parent = name.slice(name.indexOf('.') + 1)
    return isFound || !parent.includes('.') ? found : await policyOf(parent)
  }
  const dkimName = `${selector === undefined ? '' : `${selector}.`}_domainkey.${domain}`
  const [spf, dkim, dmarc] = await Promise.all([look(domain), look(dkimName), policyOf(domain)])
  return { domain, spf, dkim, selector, dmarc }
}

const recordsOf = (found: Texts, start: string): string[] =>
  typeof found === 'string' || 'reason' in found ? [] : found.texts.filter((text) => text.toLowerCase().startsWith(start.toLowerCase()))

export function judgeDns (facts: DnsFacts): Finding[] {
  return [judgeSpf(facts), judgeDkim(facts), judgeDmarc(facts)]
}

const unanswered = (check: 'mail.spf' | 'mail.dkim' | 'mail.dmarc', domain: string, reason: string): Finding =>
  unchecked(check, `DNS does not answer for ${domain}: ${reason}.`)

function judgeSpf ({ domain, spf }: DnsFacts): Finding {
  if (typeof spf !== 'string' && 'reason' in spf) return unanswered('mail.spf', domain, spf.reason)
  const records = recordsOf(spf, 'v=spf1')
  const [record = ''] = records
  const remedy = `Publish one TXT record at ${domain} that names your mail server and ends in -all or ~all.`
  return failIfAny('mail.spf', [
    ...(records.length === 0 ? [`${domain} does not say who may send mail for it, so codes may land in spam`] : []),
    ...(records.length > 1 ? [`${domain} has ${records.length} SPF records, so receivers ignore all of them`] : []),
    ...(/(^|\s)\+?all(\s|$)/i.test(record) ? [`${domain} lets anybody send mail for it`] : []),
    ...(records.length === 1 && !/\ball\b|\bredirect=/i.test(record) ? ['the SPF record does not end in all'] : [])
  ], `${domain} says who may send mail for it.`, remedy)
}

function judgeDkim ({ domain, dkim, selector }: DnsFacts): Finding {
  if (typeof dkim !== 'string' && 'reason' in dkim) return unanswered('mail.dkim', domain, dkim.reason)
  const remedy = 'Enable DKIM at your mail server and publish the key it shows you.'
  if (selector === undefined) {
    // RFC 8020: below a name that does not exist there are no others.
    if (dkim === 'absent') return warn('mail.dkim', `${domain} publishes no DKIM key.`, remedy)
    return unchecked('mail.dkim', `${domain} seems to publish DKIM keys, but only your mail server knows which one signs.`,
      'Name it to check it: --dkim-selector NAME')
  }
  const keys = typeof dkim === 'string' ? [] : dkim.texts.filter((text) => /\bp=/.test(text))
  if (keys.some((text) => /\bp=\s*[A-Za-z0-9+/]/.test(text))) return pass('mail.dkim', `${selector} of ${domain} has a key.`)
  const message = keys.length > 0 ? `The key ${selector} of ${domain} is revoked.` : `There is no key at ${selector}._domainkey.${domain}.`
  return fail('mail.dkim', message, remedy)
}

function judgeDmarc ({ domain, dmarc }: DnsFacts): Finding {
  if (typeof dmarc !== 'string' && 'reason' in dmarc) return unanswered('mail.dmarc', domain, dmarc.reason)
  const records = recordsOf(dmarc, 'v=DMARC1')
  const policy = /\bp\s*=\s*(\w+)/i.exec(records[0] ?? '')?.[1]?.toLowerCase()
  const remedy = `Publish a TXT record at _dmarc.${domain}: v=DMARC1; p=quarantine, or p=reject.`
  if (records.length !== 1 || policy === undefined) {
    return fail('mail.dmarc', `Receivers are not told what to do with mail that is forged in the name of ${domain}.`, remedy)
  }
  if (policy === 'none') return warn('mail.dmarc', `${domain} lets receivers accept forged mail (p=none).`, remedy)
  return pass('mail.dmarc', `Receivers are told to ${policy} mail that is forged in the name of ${domain}.`)
}
