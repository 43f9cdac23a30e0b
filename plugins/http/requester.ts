import accepts from '@fastify/accepts'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Requester } from '../../src/flows/requester.ts'
import { clientAddress } from '../../src/platform/http/request-parsing.ts'
import { sourceOf } from '../../src/platform/ip-address.ts'
import { mac } from '../../src/platform/keyring.ts'
import { type Locale, LOCALES } from '../../src/platform/locales/index.ts'
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
    if (!request.headers['accept-language']) return config.defaultLocale
    const accepted = request.accepts().languages([...LOCALES])
    return LOCALES.find((locale) => locale === accepted) ?? config.defaultLocale
  }

  fastify.decorate('requester', (request): Requester => ({
    get client () { return { ip: clientAddress(request).toString(), device: describeDevice(request.headers['user-agent']) } },
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
