import type { RouteOptions } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Anybody may call this route. A route that does not say so needs one of the `require...` preHandlers. */
    public?: boolean
  }
}

/** Who may call a route is written on the route; a route that says nothing stops the boot. */
export default fp(async (fastify) => {
  // Routes show their gate as a preHandler; it runs before the body is validated, so that strangers are told nothing of a schema.
  const { requireTwoFactor, requireRecent, requireAdmin, requirePending, requireRefresh, requireOperator } = fastify
  const gates = [requireTwoFactor, requireRecent, requireAdmin, requirePending, requireRefresh, requireOperator]
  const ungated: RouteOptions[] = []
  fastify.addHook('onRoute', (route: RouteOptions) => {
    const handlers = [route.preHandler ?? []].flat()
    const gate = gates.find((one) => handlers.includes(one))
    if (!gate) {
      ungated.push(route)
      return
    }
    route.preValidation = [gate, ...[route.preValidation ?? []].flat()]
    route.preHandler = handlers.filter((one) => one !== gate)
  })
  fastify.addHook('onReady', async () => {
    const silent = ungated.filter(({ config }) => config?.public !== true).map(({ method, url }) => `${String(method)} ${url}`)
    if (silent.length > 0) throw new Error(`These routes do not say who may call them (config.public or a require... preHandler): ${silent.join(', ')}`)
  })
}, { name: 'gates', dependencies: ['access', 'operators'] })
