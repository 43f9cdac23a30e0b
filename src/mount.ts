import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify'
import { app, serverOptions } from './app.ts'
import { provideDefaults } from './embedded/defaults.ts'
import { loadConfig } from './platform/config/config.ts'
import type { VariableName } from './platform/config/variables.ts'
import { checkSigningKeys } from './platform/tokens/key-files.ts'

/** The settings by their names, as strings, numbers or booleans. Nothing is read from the environment. */
export type DvokrokOptions = Partial<Record<VariableName, string | number | boolean | undefined>>

const PREFIX = /^(\/[\w-]+)*$/

/**
 * Dvokrok inside another application, under a `prefix`. It has a Fastify of its own that does not listen and is handed the requests: hooks,
 * decorators, parsers and errors of the two cannot meet. Those hooks of the host that come first, `onRequest`, judge its requests, too.
 */
const dvokrok: FastifyPluginAsync<DvokrokOptions> = async (host, options) => {
  const basePath = host.prefix.replace(/\/$/, '')
  if (!PREFIX.test(basePath)) {
    throw new Error(`Dvokrok cannot be mounted at ${JSON.stringify(host.prefix)}: its addresses stand in mails, so the prefix must be ` +
      'plain, of letters, digits, _ and -, without parameters, such as /id.')
  }
  if (host.initialConfig.http2 === true) throw new Error('Dvokrok cannot be mounted in a server of HTTP/2: put a proxy in front of it.')
  const config = loadConfig(settingsOf(options), { checkKeys: checkSigningKeys, basePath })
  const { log } = host
  const defaults = await provideDefaults(config, (line) => { log.info({ event: 'preparing' }, line) })
  const inner = Fastify({ ...serverOptions(config), loggerInstance: log })
  const close = async (): Promise<void> => {
    await inner.close()
    await defaults.close()
  }
  let stopStreams = (): void => {}
  try {
    await inner.register(async (scope: FastifyInstance, given: Parameters<typeof app>[1]) => {
      await app(scope, given)
      stopStreams = scope.records.eventsFeed.close
    }, { config, ...defaults.options })
    await inner.ready()
  } catch (error) {
    await close()
    throw error
  }
  // Requests under way need Redis until they are answered, and streams never are.
  host.addHook('preClose', async () => { stopStreams() })
  host.addHook('onClose', close)
  for (const warning of config.warnings) log.warn({ event: 'config.warning' }, warning)

  for (const url of basePath === '' ? ['/*'] : ['', '/*']) {
    host.route({
      method: host.supportedMethods,
      url,
      exposeHeadRoute: false,
      schema: { hide: true },
      // Before the body is read.
      onRequest: (request, reply) => {
        reply.hijack()
        inner.server.emit('request', request.raw, reply.raw)
      },
      handler: () => {}
    })
  }
}

export default dvokrok

function settingsOf (options: DvokrokOptions): Record<string, string | undefined> {
  const named = Object.entries(options).filter(([name]) => /^[A-Z]/.test(name))
  return Object.fromEntries(named.map(([name, value]) => [name, value === undefined ? undefined : String(value)]))
}
