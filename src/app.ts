import type { Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import autoload from '@fastify/autoload'
import { LogController } from 'fastify'
import type { FastifyHttpOptions, FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { AppOptions } from './app-options.ts'
import type { Config } from './platform/config/config.ts'
import { newId } from './platform/ids.ts'
import { speak } from './platform/locales/index.ts'
import { rangeMatcher } from './platform/ip-address.ts'
import { READ_HEADER_BYTES, refuseUnreadable, routableUrl } from './platform/http/request-parsing.ts'

declare module 'fastify' {
  interface FastifyInstance { app: AppOptions, config: Config }
}

const BODY_LIMIT_BYTES = 64 * 1024
const HEADERS_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 15_000
/** How late a timeout may be noticed; Node looks every 30 s unless told. */
const CHECK_TIMEOUTS_MS = 2_000
const folder = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** Server options that tests and production share. */
export function serverOptions (config: Config): FastifyHttpOptions<Server> {
  return {
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 60_000,
    // The whole application is one plugin: a slow machine that needs long for it is not broken.
    pluginTimeout: 60_000,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_TIMEOUTS_MS,
      maxHeaderSize: READ_HEADER_BYTES,
      // plugins/http/headers.ts refuses it in our words.
      requireHostHeader: false
    },
    trustProxy: config.trustProxy.length > 0 ? rangeMatcher(config.trustProxy) : false,
    requestIdHeader: false,
    genReqId: newId,
    // plugins/request-log.ts writes one line instead of two.
    logController: new LogController({ disableRequestLogging: true }),
    // No limit of its own: an id that is too long is unknown like any other, and the router would refuse it in its own words.
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: READ_HEADER_BYTES },
    rewriteUrl: ({ url = '/' }) => routableUrl(url, config.basePath),
    clientErrorHandler: (error, socket) => { refuseUnreadable(error, socket, config.languages.defaultLocale) },
    // What still arrives on open connections is served, and told to close them.
    return503OnClosing: false
  }
}

/** The whole application as one plugin: capabilities first, then the routes that use them. */
export const app: FastifyPluginAsync<AppOptions> = async (fastify: FastifyInstance, options) => {
  speak(options.config.languages)
  fastify.decorate('app', options)
  fastify.decorate('config', options.config)
  await fastify.register(autoload, { dir: folder('plugins'), encapsulate: false })
  await fastify.register(autoload, { dir: folder('routes'), ignorePattern: /\.d\.ts$/ })
  fastify.refuseOtherMethods()
}
