import swagger from '@fastify/swagger'
import type { FastifyContextConfig } from 'fastify'
import fp from 'fastify-plugin'
import { withNames } from '../../src/platform/http/openapi.ts'
import { GROUPS } from '../../src/platform/http/openapi-groups.ts'
import { EXAMPLES } from '../../src/platform/http/openapi-examples.ts'
import { ownVersion } from '../../src/platform/version.ts'

type Security = Array<Record<string, string[]>>

/**
 * What a caller must bring; undefined: nothing. A route that takes without demanding says so in its schema. Of a service key it names
 * the scope (OpenAPI 3.1: roles that a scheme needs).
 */
function securityOf (access: FastifyContextConfig['access']): Security | undefined {
  switch (access) {
    case undefined: case 'public': return undefined
    case 'pending': return [{ pending: [] }, { pendingCookie: [] }]
    case 'refresh': return [{ refreshCookie: [] }]
    case 'operator': return [{ metrics: [] }, {}]
    case 'session': case 'second-factor': case 'recent': case 'admin': case 'recent-admin': return [{ access: [] }]
  }
  const { scope, or } = access
  return [
    ...securityOf(or) ?? [],
    { serviceKey: [scope] },
    ...scope === 'introspect' ? [{ serviceKeyBasic: [scope] }] : []
  ]
}

/** The OpenAPI document, made from the route schemas, which routes/docs/ shows. */
export default fp(async (fastify) => {
  await fastify.register(swagger, {
    transform: ({ schema, url, route: { config } }) => {
      const security = schema?.security ?? securityOf(config?.access)
      return { schema: security ? { ...schema, security } : schema, url }
    },
    transformObject: (made) => 'openapiObject' in made ? withNames(made.openapiObject, EXAMPLES) : made.swaggerObject,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: fastify.config.brand.name,
        description: 'Sign-in with two-step verification. Every refusal is problem+json (RFC 9457) with a stable `code`.',
        version: ownVersion(),
        license: { name: 'MIT', identifier: 'MIT' }
      },
      tags: GROUPS,
      servers: [{ url: fastify.config.publicUrl }],
      components: {
        securitySchemes: {
          access: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token.' },
          pending: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'The `pendingToken` of the first step.' },
          pendingCookie: { type: 'apiKey', in: 'cookie', name: fastify.cookies.fullName('pending') },
          metrics: { type: 'http', scheme: 'bearer', description: '`METRICS_TOKEN`, for callers on other machines.' },
          serviceKey: { type: 'http', scheme: 'bearer', description: 'A key of a service with the scope of the route: `dvk_ID_SECRET`.' },
          serviceKeyBasic: { type: 'http', scheme: 'basic', description: 'The same as `ID:SECRET`.' },
          refreshCookie: { type: 'apiKey', in: 'cookie', name: fastify.cookies.fullName('refresh') }
        }
      }
    }
  })
}, { name: 'docs', dependencies: ['metrics', 'headers', 'access', 'method-not-allowed', 'cookies'] })
