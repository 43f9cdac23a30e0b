import fp from 'fastify-plugin'
import type { FastifyRequest } from 'fastify'

/** Traces of requests by OpenTelemetry, where the operator named a collector. Nothing of it is loaded otherwise. */
export default fp(async (fastify) => {
  const { tracesUrl } = fastify.config
  if (tracesUrl === null) return
  const [
    { FastifyOtelInstrumentation }, { BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }
  ] = await Promise.all([
    import('@fastify/otel'),
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources')
  ])
  // Not made the process' own: then nobody's `traceparent` is believed, and strangers cannot write into the operator's traces.
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'dvokrok' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: tracesUrl }))]
  })
  const instrumentation = new FastifyOtelInstrumentation({
    // An address may stand in a path or a query: the route tells enough.
    requestHook: (span, request: FastifyRequest) => {
      span.setAttributes({ 'url.path': request.routeOptions.url ?? '', 'dvokrok.request_id': request.id })
    }
  })
  instrumentation.setTracerProvider(provider)
  await fastify.register(instrumentation.plugin())
  fastify.addHook('onClose', async () => {
    await provider.shutdown().catch((error: unknown) => {
      fastify.log.warn({ event: 'traces.lost', reason: String(error) }, 'the last traces could not be handed over')
    })
  })
}, { name: 'tracing' })
