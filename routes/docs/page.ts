import type { FastifyPluginAsync } from 'fastify'
import { DocumentShape } from '../../src/platform/docs/document.ts'
import { renderDocs } from '../../src/platform/docs/page.ts'
import { readJson } from '../../src/platform/json.ts'
import { brandHead, iconOf } from '../../src/platform/pages/brand-head.ts'

/** The OpenAPI document for people to read, made once. */
const route: FastifyPluginAsync = async (fastify) => {
  const { brand, basePath } = fastify.config
  const make = (): { html: string, csp: string } => renderDocs(readJson(DocumentShape, JSON.stringify(fastify.swagger())), {
    icon: iconOf(brand, basePath),
    style: brandHead(brand, basePath).style,
    links: fastify.pages.look,
    folder: `${basePath}/docs`
  })
  let page: ReturnType<typeof make> | undefined

  fastify.get('/', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) => {
    page ??= make()
    return await reply.header('content-security-policy', page.csp).type('text/html; charset=utf-8').send(page.html)
  })
}

export default route
