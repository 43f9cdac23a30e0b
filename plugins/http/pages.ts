import { randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type Locale, offeredLocales, sentences } from '../../src/platform/locales/index.ts'
import { logoAddress } from '../../src/platform/pages/brand-head.ts'
import { readBuiltPages } from '../../src/platform/pages/build.ts'
import { returnAddress } from '../../src/platform/pages/return-address.ts'
import { pagePolicy } from '../../src/platform/pages/shell.ts'
import { textFiles } from '../../src/platform/pages/text-files.ts'
import { MIN_PASSWORD_LENGTH } from '../../src/platform/passwords/policy.ts'

declare module 'fastify' {
  interface FastifyInstance {
    pages: {
      /** Answers with our page, which finds out by its address what it shows; null when the pages were not built. */
      show: ((request: FastifyRequest, reply: FastifyReply) => FastifyReply) | null
      /** HTML for the head of another page that is to look like ours; '' when the pages were not built. */
      look: string
      /** Whether a person looks at the answer: a browser that opens an address, not a client of the API. */
      isWanted: (request: FastifyRequest) => boolean
    }
  }
}

/** As browsers read it: a question mark may stand in a value. */
const queryOf = (url: string): URLSearchParams => new URLSearchParams(url.slice(url.indexOf('?') + 1))

/** The built pages (`npm run build`): one shell for every address. */
export default fp(async (fastify) => {
  const { appUrl, basePath, brand, codeLength, returnOrigins, twoFactorRequired, otpWebhook, passkeys, registration } = fastify.config
  const branding = {
    brandName: brand.name,
    basePath,
    appUrl: appUrl ?? '',
    logo: brand.logo ? logoAddress(brand.logo, basePath) : '',
    logoAspect: brand.logo?.aspect ?? 1,
    support: brand.links.support ?? '',
    terms: brand.links.terms ?? '',
    privacy: brand.links.privacy ?? ''
  }
  let offered: string | undefined
  const built = readBuiltPages({ brand, basePath })
  if (!built) fastify.log.warn({ event: 'pages.missing' }, 'the pages are not built: run "npm run build"')

  const isWanted = (request: FastifyRequest): boolean =>
    (request.method === 'GET' || request.method === 'HEAD') && !request.url.startsWith('/.well-known/') &&
    request.headers.accept?.includes('text/html') === true && request.accepts().type(['json', 'html']) === 'html'

  const show = built && ((request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const nonce = randomBytes(16).toString('base64')
    const lang = chosenLocale(request.headers.cookie) ?? fastify.requester(request).locale
    const html = built.shell({
      ...branding,
      lang,
      nonce,
      requestId: request.id,
      returnTo: returnAddress(queryOf(request.url).get('return_to'), returnOrigins) ?? '',
      hasSession: fastify.cookies.read(request, 'refresh') !== undefined,
      codeLength,
      twoFactorRequired,
      smsOffered: Boolean(otpWebhook),
      inviteOnly: registration === 'invite',
      passkeyDomain: passkeys.rpId,
      passwordMin: MIN_PASSWORD_LENGTH.withSecondStep,
      passwordMinAlone: MIN_PASSWORD_LENGTH.alone,
      noScript: sentences(lang).shell.noScript,
      locales: localesOffered(),
      crash: JSON.stringify({ ...sentences(lang).shell.crash, requestId: sentences(lang).shell.requestId }),
      preload: built.preload(request.url.split('?', 1)[0] ?? '', lang)
    })
    return reply
      .header('content-security-policy', pagePolicy(nonce))
      .header('content-language', lang)
      .header('vary', 'accept-language, cookie')
      .type('text/html; charset=utf-8')
      .send(html)
  })
  fastify.decorate('pages', { show, look: built?.look ?? '', isWanted })

  function localesOffered (): string {
    offered ??= JSON.stringify(offeredLocales().map((locale) => {
      const { name, short } = sentences(locale).language
      return [locale, name, short, textFiles().versionOf(locale)]
    }))
    return offered
  }

  /** The language switch of the pages remembers its choice in a cookie. */
  function chosenLocale (cookies: string | undefined): Locale | undefined {
    const chosen = cookies ? fastify.parseCookie(cookies)['locale'] : undefined
    return offeredLocales().find((locale) => locale === chosen)
  }
}, { name: 'pages', dependencies: ['metrics', 'headers', 'access', 'requester', 'cookies', 'method-not-allowed'] })
