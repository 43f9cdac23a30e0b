import type { Claims } from './claims.ts'
import { createEndings, type Endings } from './endings.ts'
import { createFeed, type Feed } from './feed.ts'
import { createIntrospect, type Introspect } from './introspection.ts'
import { createKeys } from './keys.ts'
import { TokenRefused } from './refusal.ts'

/** What to do with tokens while it is not known which sessions have ended: refuse them (503), ask the server each time, or take them. */
export type OnFeedLost = 'refuse' | 'introspect' | 'accept'

export interface Requirements {
  /** A second factor was given in this session. */
  secondFactor?: boolean | undefined
  /** One of the operator's own roles; the server needs TOKEN_CLAIMS=roles. */
  role?: string | undefined
}

export interface VerifierOptions {
  /** PUBLIC_URL of the server. */
  issuer: string
  /** JWT_AUDIENCE of the server; the issuer, unless it was set. */
  audience?: string | undefined
  /** So many tokens are remembered; with their claims. */
  mostTokens?: number | undefined
  /** Is told what goes wrong in the background. */
  onError?: ((error: unknown) => void) | undefined
}

export interface FeedOptions {
  /** `dvk_ID_SECRET` with the scope `events:read`, and `introspect` for what the events leave open. */
  serviceKey: string
  onFeedLost: OnFeedLost
  /** At least ACCESS_TOKEN_TTL_MINUTES of the server; older tokens are treated as while the feed is lost. Default: 60. */
  tokenLifeMinutes?: number | undefined
  /** So many endings are remembered, about 90 bytes each; the oldest are forgotten, and tokens from before treated as above. */
  mostEndings?: number | undefined
  onFeedState?: ((state: 'current' | 'lost') => void) | undefined
}

/** Checks signature and claims. A token of a session that has ended is taken until it expires. */
export interface SignatureVerifier {
  readonly knowsEndings: false
  /** @throws TokenRefused */
  verify: (token: string | undefined, requirements?: Requirements) => Promise<Claims>
  close: () => void
}

/** Checks signature and claims, and that the session has not ended. */
export interface Verifier {
  readonly knowsEndings: true
  /** @throws TokenRefused */
  verify: (token: string | undefined, requirements?: Requirements) => Promise<Claims>
  /** Resolves once everything that has ended is known. @throws Error after `milliseconds` (10 seconds) */
  ready: (milliseconds?: number) => Promise<void>
  /** Whether the server has told everything until a moment ago. */
  readonly feedState: 'current' | 'lost'
  /** Endings that are remembered. */
  readonly endings: number
  /** Ends the feed; whatever is verified afterwards is treated as while it is lost. */
  close: () => void
}

const MINUTE_MS = 60_000
const LEEWAY_MS = 5_000
/** A first request waits so long for the events. */
const FIRST_WAIT_MS = 3_000

type AllOptions = VerifierOptions & { [Name in keyof FeedOptions]?: FeedOptions[Name] | undefined }

interface News { endings: Endings, feed: Feed, introspect: Introspect, onFeedLost: OnFeedLost }

export function createVerifier (options: VerifierOptions & FeedOptions): Verifier
export function createVerifier (options: VerifierOptions & { serviceKey?: undefined, onFeedLost?: undefined }): SignatureVerifier
export function createVerifier (options: AllOptions): Verifier | SignatureVerifier {
  const { audience, mostTokens = 65_536, onError = () => {} } = options
  const issuer = options.issuer.replace(/\/$/, '')
  const known = new Map<string, Claims>()
  const keys = createKeys({ issuer, audience: audience ?? issuer, onRemoved: () => { known.clear() }, onError })
  const news = openNews({ ...options, issuer, onError })

  function remember (token: string, claims: Claims): void {
    known.set(token, claims)
    const [oldest] = known.size > mostTokens ? known.keys() : []
    if (oldest !== undefined) known.delete(oldest)
  }

  async function verifySlowly (token: string | undefined, requirements: Requirements | undefined): Promise<Claims> {
    if (!token) throw new TokenRefused('TOKEN_MISSING')
    let claims = known.get(token)
    if (claims && claims.exp * 1000 + LEEWAY_MS < Date.now()) {
      known.delete(token)
      throw new TokenRefused('TOKEN_EXPIRED')
    }
    if (!claims) {
      claims = deepFreeze(await keys.verify(token))
      remember(token, claims)
    }
    if (news) await requireLiving(news, token, claims)
    return meet(claims, requirements)
  }

  const verify = (token = '', requirements?: Requirements): Promise<Claims> => {
    const claims = known.get(token)
    const isKnownToLive = claims !== undefined && claims.exp * 1000 + LEEWAY_MS >= Date.now() &&
      (news === null || (news.feed.isCurrent() && news.endings.judge(claims) === 'lives'))
    if (!isKnownToLive) return verifySlowly(token, requirements)
    return requirements === undefined ? Promise.resolve(claims) : meetLater(claims, requirements)
  }

  if (!news) return { knowsEndings: false, verify, close: () => {} }
  const { feed, endings } = news
  return {
    knowsEndings: true,
    verify,
    ready: async (milliseconds = 10_000) => { await feed.current(milliseconds) },
    get feedState () { return feed.isCurrent() ? 'current' as const : 'lost' as const },
    get endings () { return endings.size },
    close: feed.close
  }
}

function openNews (
  { issuer, serviceKey, onFeedLost, tokenLifeMinutes = 60, mostEndings = 1_000_000, onFeedState = () => {}, onError = () => {} }:
  AllOptions
): News | null {
  if (serviceKey === undefined) return null
  if (onFeedLost === undefined) throw new TypeError("onFeedLost must be 'refuse', 'introspect' or 'accept'.")
  const lifeMs = tokenLifeMinutes * MINUTE_MS
  const sinceMs = Date.now() - lifeMs - 2 * LEEWAY_MS
  const endings = createEndings({ lifeMs, most: mostEndings })
  endings.forgetBefore(sinceMs)
  const feed = createFeed({
    issuer,
    serviceKey,
    sinceMs,
    onEvent: endings.add,
    onReset: () => { endings.forgetBefore(Date.now()) },
    onState: onFeedState,
    onError
  })
  return { endings, feed, introspect: createIntrospect({ issuer, serviceKey }), onFeedLost }
}

/** @throws TokenRefused SESSION_ENDED, SERVICE_UNAVAILABLE */
async function requireLiving ({ endings, feed, introspect, onFeedLost }: News, token: string, claims: Claims): Promise<void> {
  // A first request may wait for the beginning; later ones are never held up.
  if (!feed.wasCurrent()) await feed.current(FIRST_WAIT_MS).catch(() => {})
  const verdict = endings.judge(claims)
  if (verdict === 'ended') throw new TokenRefused('SESSION_ENDED')
  const isLost = !feed.isCurrent() || verdict === 'unseen'
  if (!isLost && verdict === 'lives') return
  if (isLost && onFeedLost === 'accept' && verdict !== 'unclear') return
  if (isLost && onFeedLost === 'refuse') throw new TokenRefused('SERVICE_UNAVAILABLE')
  const confirm = endings.confirmer(claims)
  const answer = await introspect(token).catch((cause: unknown) => { throw new TokenRefused('SERVICE_UNAVAILABLE', { cause }) })
  if (answer === 'active') {
    confirm()
    return
  }
  throw new TokenRefused(answer === 'forbidden' && isLost ? 'SERVICE_UNAVAILABLE' : 'SESSION_ENDED')
}

/** @throws TokenRefused SECOND_FACTOR_REQUIRED, FORBIDDEN */
function meet (claims: Claims, { secondFactor = false, role }: Requirements = {}): Claims {
  if (secondFactor && !claims['2fa']) throw new TokenRefused('SECOND_FACTOR_REQUIRED')
  if (role !== undefined && claims.roles?.includes(role) !== true) throw new TokenRefused('FORBIDDEN')
  return claims
}

const meetLater = async (claims: Claims, requirements: Requirements): Promise<Claims> => meet(claims, requirements)

/** Everybody who brings the same token gets the same object. */
function deepFreeze<Value> (value: Value): Value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze)
  return value
}
