import { AggregatorRegistry, Registry } from 'prom-client'

/** What one process has counted. */
export type Figures = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

export const FIGURES_TYPE = Registry.PROMETHEUS_CONTENT_TYPE

/** Only what is counted, without what is so at a moment. */
export const countsOf = (figures: Figures): Figures => figures.filter(({ type }) => String(type) !== 'gauge')

/** The figures of several processes as those of one. */
export const total = (all: Figures[]): Figures => add(all).getMetricsAsArray() as Figures

/** The same, as Prometheus reads it. */
export const totalText = async (all: Figures[]): Promise<string> => await add(all).metrics()

const add = (all: Figures[]): Registry => AggregatorRegistry.aggregate(all.map((figures) => figures.map((figure) => ({ ...figure, aggregator: better(figure.aggregator) }))))

/** An average would hide the one process whose event loop hangs; the server is as old as its oldest process. */
function better (aggregator: Figures[number]['aggregator']): Figures[number]['aggregator'] {
  if (aggregator === 'average') return 'max'
  return aggregator === 'omit' ? 'min' : aggregator
}
