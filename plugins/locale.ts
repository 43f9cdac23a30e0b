import accepts from '@fastify/accepts'
import fp from 'fastify-plugin'
import { type Locale, LOCALES } from '../src/platform/locales/index.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The language of an answer: the account's choice, then Accept-Language, then the operator's default. */
    localeOf: (request: FastifyRequest) => Locale
  }
}

export default fp(async (fastify) => {
  await fastify.register(accepts)
  fastify.decorate('localeOf', (request): Locale => {
    if (request.access) return request.access.user.locale
    if (!request.headers['accept-language']) return fastify.config.defaultLocale
    const accepted = request.accepts().languages([...LOCALES])
    const first = Array.isArray(accepted) ? accepted[0] : accepted
    return LOCALES.find((locale) => locale === first) ?? fastify.config.defaultLocale
  })
}, { name: 'locale' })
