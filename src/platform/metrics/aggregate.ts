import { AggregatorRegistry, Registry } from 'prom-client'

/** What one process has counted. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE

/** Only what is counted, without what is so at a moment. */
export const countsOf = (metrics: MetricsSnapshot): MetricsSnapshot => metrics.filter(({ type }) => String(type) !== 'gauge')

/** The metrics of several processes as those of one. */
export const total = (all: MetricsSnapshot[]): MetricsSnapshot => add(all).getMetricsAsArray().filter(hasValues)

/** The same, as Prometheus reads it. */
export const totalText = async (all: MetricsSnapshot[]): Promise<string> => await add(all).metrics()

/** All of them, as they were aggregated; their type knows less. */
const hasValues = (figure: object): figure is MetricsSnapshot[number] => 'values' in figure

const add = (all: MetricsSnapshot[]): Registry => AggregatorRegistry.aggregate(
  all.map((metrics) => metrics.map((figure) => ({ ...figure, aggregator: better(figure.aggregator) })))
)

/** An average would hide the one process whose event loop hangs; the server is as old as its oldest process. */
function better (aggregator: MetricsSnapshot[number]['aggregator']): MetricsSnapshot[number]['aggregator'] {
  if (aggregator === 'average') return 'max'
  return aggregator === 'omit' ? 'min' : aggregator
}
