import { Counter, Histogram, type Registry } from 'prom-client'

/** What is read of an answer. */
interface Answer {
  statusCode: number
  /** Milliseconds. */
  elapsedTime: number
}

/** A hook of one route that counts its answers: their status, and how long they took. */
export type RouteMetric = (request: { is404: boolean }, answer: Answer, done: () => void) => void

const BOUNDS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
const STATUSES = 600

interface Route {
  labels: { method: string, route: string }
  byStatus: Float64Array
  /** Durations up to each bound and above the one before; those beyond the last stand at the end. */
  byBound: Float64Array
  sumSeconds: number
}

/**
 * Answers by route and status, and their durations. A hook is made once per route, so that counting an answer is a few
 * comparisons and additions; prom-client's own way builds a text of the labels each time. Here they are made for who reads them.
 */
export function createRouteTimings (registry: Registry) {
  const routes = new Map<string, Route>()
  const counter = new Counter({
    name: 'dvokrok_requests_total',
    help: 'Answers, by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
    collect: () => {
      counter.reset()
      for (const { labels, byStatus } of routes.values()) {
        byStatus.forEach((count, status) => { if (count > 0) counter.inc({ ...labels, status }, count) })
      }
    }
  })
  registry.registerMetric(new RouteHistogram(routes))

  const route = (method: string, route: string): RouteMetric => {
    const name = `${method} ${route}`
    const counted = routes.get(name) ?? {
      labels: { method, route }, byStatus: new Float64Array(STATUSES), byBound: new Float64Array(BOUNDS_SECONDS.length + 1), sumSeconds: 0
    }
    routes.set(name, counted)
    const { byStatus, byBound } = counted
    return (_request, { statusCode, elapsedTime }, done) => {
      const seconds = elapsedTime / 1000
      let place = 0
      while (place < BOUNDS_SECONDS.length && seconds > (BOUNDS_SECONDS[place] ?? 0)) place++
      byBound[place] = (byBound[place] ?? 0) + 1
      byStatus[statusCode] = (byStatus[statusCode] ?? 0) + 1
      counted.sumSeconds += seconds
      done()
    }
  }
  const none = route('other', 'none')
  const unrouted: RouteMetric = (request, answer, done) => {
    if (request.is404) none(request, answer, done)
    else done()
  }
  return { route, unrouted }
}

const DURATION = 'dvokrok_request_duration_seconds'
const HELP = 'How long answers took, by route.'

class RouteHistogram extends Histogram<'method' | 'route'> {
  readonly #routes: Map<string, Route>

  constructor (routes: Map<string, Route>) {
    super({ name: DURATION, help: HELP, labelNames: ['method', 'route'], registers: [] })
    this.#routes = routes
  }

  /** Asked by the registry in place of what `observe` would have gathered. */
  async getForPromString () {
    const values = [...this.#routes.values()].filter(
      ({ byStatus }) => byStatus.some((count) => count > 0)
    ).flatMap(({ labels, byBound, sumSeconds }) => {
      let count = 0
      const buckets = Array.from(byBound, (more, place) => {
        count += more
        return {
          metricName: `${DURATION}_bucket`,
          labels: { ...labels, le: BOUNDS_SECONDS[place] ?? '+Inf' },
          sharedLabels: {},
          value: count
        }
      })
      const whole = { labels, sharedLabels: {} }
      return [
        ...buckets,
        { metricName: `${DURATION}_sum`, ...whole, value: sumSeconds },
        { metricName: `${DURATION}_count`, ...whole, value: count }
      ]
    })
    return { name: DURATION, help: HELP, type: 'histogram', aggregator: 'sum', values }
  }
}
