import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import { brandIcon } from '../../src/platform/brand/icon.ts'

/** The OpenAPI document, made from the route schemas, and its page. */
export default fp(async (fastify) => {
  const { brand } = fastify.config
  const icon = brandIcon(brand)
  await fastify.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: brand.name,
        description: 'Sign-in with a second step. Every refusal is problem+json (RFC 9457) with a stable `code`.',
        version: '0.1.0'
      },
      servers: [{ url: fastify.config.publicUrl }],
      components: {
        securitySchemes: {
          access: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
          pending: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `pendingToken` of the first step.' },
          pendingCookie: { type: 'apiKey', in: 'cookie', name: fastify.cookies.fullName('pending') },
          metrics: { type: 'http', scheme: 'bearer', description: '`METRICS_TOKEN`, for callers on other machines.' },
          refreshCookie: { type: 'apiKey', in: 'cookie', name: fastify.cookies.fullName('refresh') }
        }
      }
    }
  })

  /** The library makes the document anew for every request: whoever asks a thousand times in one breath would hold up everybody else. */
  function keepDocument (route: RouteOptions): void {
    const isYaml = route.url === '/docs/yaml'
    if (!isYaml && route.url !== '/docs/json') return
    let document: Buffer | undefined
    route.handler = async (_request, reply) => {
      document ??= Buffer.from(isYaml ? fastify.swagger({ yaml: true }) : JSON.stringify(fastify.swagger()))
      return await reply.type(isYaml ? 'application/x-yaml' : 'application/json; charset=utf-8').send(document)
    }
  }

  await fastify.register(async (page) => {
    // Its routes are the library's own, so it is said here for all of them that anybody may read the docs.
    const open = (route: RouteOptions): void => { route.config = { ...route.config, access: 'public' as const } }
    page.addHook('onRoute', open)
    page.addHook('onRoute', keepDocument)
    await page.register(swaggerUi, {
      routePrefix: '/docs',
      staticCSP: true,
      logo: { type: icon.type, content: icon.body },
      theme: {
        title: `${brand.name} API`,
        favicon: [{ filename: 'icon', rel: 'icon', type: icon.type, sizes: 'any', content: icon.body }]
      }
    })
  })
}, { name: 'docs', dependencies: ['metrics', 'headers', 'access', 'method-not-allowed', 'cookies'] })
