import accepts from '@fastify/accepts'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { RequestActor, Requester } from '../../src/flows/requester.ts'
import { clientAddress } from '../../src/platform/http/request-parsing.ts'
import { sourceOf } from '../../src/platform/ip-address.ts'
import { mac } from '../../src/platform/keyring.ts'
import { type Locale, offeredLocales } from '../../src/platform/locales/index.ts'
import { knownTimeZone } from '../../src/platform/time-zone.ts'
import { describeDevice } from '../../src/records/activity/actor.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Who asks, for flows. What nobody reads of it costs nothing. */
    requester: (request: FastifyRequest) => Requester
  }
}

export default fp(async (fastify) => {
  await fastify.register(accepts)
  const { config, cookies, keyring } = fastify

  /** The account's choice, then Accept-Language, then the operator's default. */
  function localeOf (request: FastifyRequest): Locale {
    const principal = request.caller?.principal
    if (principal) return principal.user.locale
    if (!request.headers['accept-language']) return config.languages.defaultLocale
    const accepted = request.accepts().languages([...offeredLocales()])
    return offeredLocales().find((locale) => locale === accepted) ?? config.languages.defaultLocale
  }

  function actorOf ({ caller }: FastifyRequest): RequestActor | null {
    if (caller?.serviceKey) return { kind: 'key', id: caller.serviceKey.id, name: caller.serviceKey.name }
    const user = caller?.principal?.user
    return user ? { kind: 'session', id: user.id, name: user.name } : null
  }

  fastify.decorate('requester', (request): Requester => ({
    get client () {
      const client = { ip: clientAddress(request).toString(), device: describeDevice(request.headers['user-agent']) }
      const timeZone = timeZoneOf(request.body)
      return timeZone === undefined ? client : { ...client, timeZone }
    },
    get actor () { return actorOf(request) },
    get source () { return mac(keyring.current.source, sourceOf(clientAddress(request)), 16) },
    get locale () { return localeOf(request) },
    get deviceToken () { return cookies.read(request, 'device') },
    get trustedToken () { return cookies.read(request, 'trusted') },
    get repetition () {
      const key = request.headers['idempotency-key']
      return typeof key === 'string' ? { key, request: `${request.method} ${request.url} ${JSON.stringify(request.body ?? null)}` } : null
    },
    log: request.log
  }))
}, { name: 'requester', dependencies: ['access', 'cookies', 'keyring'] })

/** Only routes whose schema has it let it through. */
const timeZoneOf = (body: unknown): string | undefined =>
  typeof body === 'object' && body !== null && 'timeZone' in body ? knownTimeZone(body.timeZone) : undefined
