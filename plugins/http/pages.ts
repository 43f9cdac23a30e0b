import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Locale, LOCALES, sentences } from '../../src/platform/locales/index.ts'
import { Problem } from '../../src/errors.ts'
import { readBuiltPages } from '../../src/platform/pages/build.ts'
import { createSharedAssets } from '../../src/platform/pages/shared-assets.ts'
import { pagePolicy } from '../../src/platform/pages/shell.ts'
import { isRedisAway } from '../../src/platform/redis/errors.ts'
import { MIN_PASSWORD_LENGTH } from '../../src/platform/passwords/policy.ts'

declare module 'fastify' {
  interface FastifyInstance {
    pages: {
      /** Answers with our page, which finds out by its address what it shows; null when the pages were not built. */
      show: ((request: FastifyRequest, reply: FastifyReply) => FastifyReply) | null
      /** Whether a person looks at the answer: a browser that opens an address, not a client of the API. */
      isWanted: (request: FastifyRequest) => boolean
    }
  }
}

const A_DAY_MS = 86_400_000
const A_YEAR_MS = 365 * A_DAY_MS
const TYPES: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml'
}
const typeOf = (name: string): string => TYPES[extname(name)] ?? 'application/octet-stream'

/** The built pages (`npm run build`): hashed files for ever, and one shell for every address. */
export default fp(async (fastify) => {
  const { codeLength, twoFactorRequired, otpWebhook } = fastify.config
  const built = readBuiltPages()
  if (!built) fastify.log.warn({ event: 'pages.missing' }, 'the pages are not built: run "npm run build"')

  const isWanted = (request: FastifyRequest): boolean =>
    (request.method === 'GET' || request.method === 'HEAD') && !request.url.startsWith('/.well-known/') &&
    request.headers.accept?.includes('text/html') === true && request.accepts().type(['json', 'html']) === 'html'

  const show = built && ((request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const nonce = randomBytes(16).toString('base64')
    const lang = chosenLocale(request.headers.cookie) ?? fastify.requester(request).locale
    const html = built.shell({
      lang,
      nonce,
      requestId: request.id,
      codeLength,
      twoFactorRequired,
      smsOffered: Boolean(otpWebhook),
      passwordMin: MIN_PASSWORD_LENGTH.withSecondStep,
      passwordMinAlone: MIN_PASSWORD_LENGTH.alone,
      noScript: sentences(lang).pages.noScript,
      preload: built.preload(request.url.split('?', 1)[0] ?? '', lang)
    })
    return reply
      .header('content-security-policy', pagePolicy(nonce))
      .header('content-language', lang)
      .header('vary', 'accept-language, cookie')
      .type('text/html; charset=utf-8')
      .send(html)
  })
  fastify.decorate('pages', { show, isWanted })

  /** The language switch of the pages remembers its choice in a cookie. */
  function chosenLocale (cookies: string | undefined): Locale | undefined {
    const chosen = cookies ? fastify.parseCookie(cookies)['locale'] : undefined
    return LOCALES.find((locale) => locale === chosen)
  }

  if (!built) return
  const folder = join(built.folder, 'assets')
  const shared = createSharedAssets(fastify.redis, fastify.keyring, folder)
  const publish = async (): Promise<void> => {
    await shared.publish().catch((error: unknown) => {
      // Done again as soon as it is there.
      if (isRedisAway(error)) return
      fastify.log.warn({ event: 'pages.unpublished', reason: String(error) }, 'other servers cannot have the files of these pages yet')
    })
  }
  fastify.addHook('onReady', publish)
  const publishAgain = (): void => { publish().catch(() => {}) }
  fastify.redis.on('ready', publishAgain)
  const daily = setInterval(publishAgain, A_DAY_MS).unref()
  fastify.addHook('onClose', async () => { clearInterval(daily) })

  await fastify.register(async (assets) => {
    await assets.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, immutable: true, maxAge: A_YEAR_MS })
    assets.get<{ Params: { '*': string } }>(
      '/assets/*',
      { config: { access: 'public' }, schema: { hide: true } },
      async (request, reply) => {
        const name = request.params['*']
        if (!/^[\w.-]+$/.test(name) || name.startsWith('.')) throw new Problem('NOT_FOUND')
        if (existsSync(join(folder, name))) return await reply.sendFile(name)
        const found = await shared.find(name)
        if (!found) throw new Problem('NOT_FOUND')
        reply
          .header('cache-control', `public, max-age=${A_YEAR_MS / 1000}, immutable`)
          .header('vary', 'accept-encoding')
          .type(typeOf(name))
        if (!found.isBrotli) return await reply.send(found.body)
        if (request.encodings(['br']) === false) return await reply.send(brotliDecompressSync(found.body))
        return await reply.header('content-encoding', 'br').send(found.body)
      }
    )
  })
}, { name: 'pages', dependencies: ['metrics', 'headers', 'access', 'requester', 'cookies', 'method-not-allowed', 'redis', 'keyring'] })
