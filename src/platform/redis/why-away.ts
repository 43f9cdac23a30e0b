import { isEncrypted, type RedisTarget, whereIs } from '../config/redis-target.ts'
import { now } from '../clock.ts'
import { RedisRefusedError } from './exact-redis.ts'

/** What the network, TLS and Redis call it; the first of these words in an error tells its cause. */
const WORDS = new RegExp([
  'WRONGPASS', 'NOAUTH', 'NOPERM', 'ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT', 'EACCES',
  'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?',
  'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_\\w+', 'EPROTO', 'ECONNRESET', 'EPIPE', 'LOADING',
  'MASTERDOWN', 'CLUSTERDOWN'
].join('|'))
const UNTRUSTED = /SELF_SIGNED|UNABLE_TO/

/** Why Redis cannot be reached, with the setting and the way out, in a sentence that holds no secret. */
export function whyAway (error: unknown, target: RedisTarget): string {
  if (error instanceof RedisRefusedError) return error.message
  const text = textOf(error)
  const [word = ''] = WORDS.exec(text) ?? []
  const who = /sentinels? /i.test(text) ? 'Sentinel' : 'Redis'
  const at = `${who} at ${whereIs(target)}`
  if (word === 'WRONGPASS' && who === 'Redis') {
    return `${at} refuses the user and password of REDIS_URL (WRONGPASS). Correct them there; percent-encode special characters: ` +
      '@ is %40, / is %2F, # is %23.'
  }
  if (word === 'NOAUTH' || word === 'WRONGPASS') {
    return who === 'Sentinel'
      ? `${at} wants a password, and that of REDIS_URL is not it (${word}). Give it as ?sentinel=user:password after the name.`
      : `${at} wants a password, and REDIS_URL has none (NOAUTH). Write redis://:password@host:6379.`
  }
  if (word === 'NOPERM') return `${at} does not allow this user what is needed (NOPERM). docs/operations.md has the rights to grant.`
  if (word === 'ENOTFOUND' || word === 'EAI_AGAIN') {
    const [, name = ''] = /getaddrinfo \w+ (\S+)/.exec(text) ?? []
    if (name && !whereIs(target).includes(name)) {
      return `The host ${name}, which Redis announces, has no address (${word}). Correct what it announces, or the DNS of this machine.`
    }
    return `The host ${name || `of ${whereIs(target)}`} in REDIS_URL has no address (${word}). Correct it, or the DNS of this machine.`
  }
  if (word === 'ENOENT') return `There is no socket at ${whereIs(target)} (ENOENT). Start Redis, or correct the path in REDIS_URL.`
  if (word === 'EACCES') {
    return `This user may not open the socket ${whereIs(target)} (EACCES). Allow it (unixsocketperm), or change REDIS_URL.`
  }
  if (word === 'ECONNREFUSED') return `Nothing listens as ${at} (ECONNREFUSED). Start it, or correct host and port in REDIS_URL.`
  if (UNTRUSTED.test(word)) {
    return `${at} has a certificate of an authority that is not known here (${word}). Name the file with its certificate in REDIS_CA_FILE.`
  }
  if (word === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const announced = target.kind === 'cluster' || target.kind === 'sentinel' ? ', and let Redis announce it (docs/operations.md)' : ''
    return `${at} has a certificate for another name (${word}). Use a name of it in REDIS_URL${announced}.`
  }
  if (word.startsWith('CERT_')) return `${at} has a certificate that is not valid today (${word}). Renew it, or check the clocks.`
  if (word.startsWith('ERR_SSL') || word === 'EPROTO') {
    return `${at} speaks no TLS that we understand (${word}). With rediss:// it must; without TLS there, write redis://.`
  }
  if (word === 'LOADING') return `${at} is still reading its data (LOADING). It answers when that is done.`
  const isNameless = /All sentinels are unreachable/.test(text) && !/Last error/.test(text)
  if (target.kind === 'sentinel' && (isNameless || /No such master/.test(text))) {
    return `No ${at} knows a master called ${target.name}. Correct the name after the slash in REDIS_URL.`
  }
  if (/timed out|timeout|ETIMEDOUT|UNREACH/i.test(text)) {
    const what = word ? ` (${word})` : ''
    const orNoTls = isEncrypted(target) ? '; where it has no TLS, write redis://' : ''
    return `${at} does not answer${what}. Check host and port in REDIS_URL, and whether a firewall is between${orNoTls}.`
  }
  return `${at} closed the connection${word ? ` (${word})` : ''}. If this stays so: has it TLS (rediss://), and what does its own log say?`
}

/** While a client tries to connect, its errors come again at every try. */
const FRESH_MS = 3_000

/** Which of a client's errors to tell: after the real cause ioredis also says that the connection is closed. */
export function createCause (): { add: (error: unknown) => void, last: () => unknown } {
  let cause: { error: unknown, at: number } | undefined
  const isFresh = (): boolean => cause !== undefined && now() - cause.at < FRESH_MS
  return {
    add: (error) => { if (!isFresh() || !/Connection is closed\.$/.test(textOf(error))) cause = { error, at: now() } },
    last: () => isFresh() ? cause?.error : undefined
  }
}

/** A Cluster and Sentinels wrap what a server said. */
function textOf (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return `${code} ${error.message}${'lastNodeError' in error ? ` ${textOf(error.lastNodeError)}` : ''}`
}
