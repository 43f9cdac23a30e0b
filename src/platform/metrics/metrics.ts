import { type Aggregator, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { type ProblemCode, PROBLEMS } from '../../errors.ts'
import type { PasswordPoolMetrics } from '../passwords/pool.ts'
import { createRouteTimings, type RouteMetric } from './route-metrics.ts'
import type { MetricsSnapshot } from './aggregate.ts'

const LOGIN_OUTCOMES = ['signed_in', 'second_step', 'wrong_password', 'wrong_code'] as const
/** What a code is for; the values of the label `purpose`. */
export type CodePurpose = 'login' | 'sign-up' | 'reset' | 'reauth' | 'email-change' | 'phone' | 'passkey'
export type CodeEvent = 'sent' | 'used' | 'wrong' | 'expired'
/** What a passkey is for; the values of the label `purpose`. */
export type PasskeyPurpose = 'login' | 'second_step' | 'reauth' | 'add'
const MAIL_OUTCOMES = ['sent', 'dropped', 'delayed', 'given_up', 'held'] as const
const WEBHOOK_OUTCOMES = ['delivered', 'failed', 'given_up', 'lost'] as const
const DELAYS_SECONDS = [0.1, 0.5, 1, 2, 5, 15, 60, 300, 3600]
const REDIS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.8]

export type LoginOutcome = typeof LOGIN_OUTCOMES[number]
export type WebhookOutcome = typeof WEBHOOK_OUTCOMES[number]
export type MailOutcome = typeof MAIL_OUTCOMES[number]

/** What a running server counts, without a name, an address or an id in it. */
export interface Metrics {
  /** To be made once per route. */
  route: (method: string, route: string) => RouteMetric
  /** For all routes: counts what none of them answered. */
  unrouted: RouteMetric
  refused: (code: ProblemCode) => void
  login: (outcome: LoginOutcome) => void
  code: (purpose: CodePurpose, event: CodeEvent) => void
  passkey: (purpose: PasskeyPurpose, event: 'used' | 'refused') => void
  mail: (outcome: MailOutcome) => void
  /** From the moment a mail was asked for until it was handed over. */
  mailDelay: (seconds: number) => void
  redis: (seconds: number) => void
  /** The parts tell how they are when somebody reads; what a part cannot tell then is not a number. */
  watchPasswords: (read: () => PasswordPoolMetrics) => void
  /** Told by the process that answers, as not each refusal comes as far as the pool. */
  watchRefusedPasswords: (read: () => PasswordPoolMetrics) => void
  watchRedis: (isReady: () => boolean) => void
  watchMails: (waiting: () => Promise<number>) => void
  watchEvents: (read: { streams: () => number, untoldSeconds: () => Promise<number> }) => void
  /** A receiver of webhooks, by its host: how old the oldest event is that it lacks, and whether it is paused. */
  watchReceiver: (receiver: string, read: () => Promise<{ lagSeconds: number, isPaused: boolean }>) => void
  webhook: (receiver: string, outcome: WebhookOutcome, count: number) => void
  /** How many processes of this server said nothing when they were asked for their metrics. */
  silent: (workers: number) => void
  /** All of it, to be added up with that of other processes. */
  snapshot: () => Promise<MetricsSnapshot>
  /** All of it, as Prometheus reads it. */
  read: () => Promise<string>
}

export function createMetrics (): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })

  const refusals = new Counter({
    name: 'dvokrok_refusals_total', help: 'Refusals, by the code of the problem document.', labelNames: ['code'], registers
  })
  const logins = new Counter({
    name: 'dvokrok_logins_total', help: 'Steps of logins, by their outcome.', labelNames: ['outcome'], registers
  })
  const codes = new Counter({
    name: 'dvokrok_codes_total',
    help: 'One-time codes, by what they are for and what became of them.',
    labelNames: ['purpose', 'event'],
    registers
  })
  const passkeys = new Counter({
    name: 'dvokrok_passkeys_total',
    help: 'Passkeys, by what they were asked for and what became of it.',
    labelNames: ['purpose', 'event'],
    registers
  })
  const mails = new Counter({
    name: 'dvokrok_mails_total',
    help: 'What became of mails and text messages; delayed is each try that failed.',
    labelNames: ['outcome'],
    registers
  })
  const mailDelay = new Histogram({
    name: 'dvokrok_mail_delay_seconds', help: 'From asking for a mail until it was handed over.', buckets: DELAYS_SECONDS, registers
  })
  const redis = new Histogram({
    name: 'dvokrok_redis_command_duration_seconds', help: 'Every 16th command of Redis.', buckets: REDIS_SECONDS, registers
  })

  const webhooks = new Counter({
    name: 'dvokrok_webhooks_total',
    help: 'What became of events for receivers of webhooks; failed is each try.',
    labelNames: ['receiver', 'outcome'],
    registers
  })
  const ofReceivers: Array<{ receiver: string, read: () => Promise<{ lagSeconds: number, isPaused: boolean }> }> = []

  const silent = new Gauge({ name: 'dvokrok_workers_silent', help: 'Worker processes that did not tell their metrics in time.', registers })

  // An alert cannot compare with a series that comes into being by the first failure.
  for (const code of Object.keys(PROBLEMS)) refusals.inc({ code }, 0)
  for (const outcome of LOGIN_OUTCOMES) logins.inc({ outcome }, 0)
  for (const outcome of MAIL_OUTCOMES) mails.inc({ outcome }, 0)

  /** `aggregator`: what all processes together make of it. */
  function watch (name: string, help: string, read: () => number | Promise<number>, aggregator: Aggregator = 'sum'): void {
    const gauge = new Gauge({ name, help, registers, aggregator, collect: async () => { gauge.set(await read()) } })
  }

  return {
    ...createRouteTimings(registry),
    refused: (code) => { refusals.inc({ code }) },
    login: (outcome) => { logins.inc({ outcome }) },
    code: (purpose, event) => { codes.inc({ purpose, event }) },
    passkey: (purpose, event) => { passkeys.inc({ purpose, event }) },
    mail: (outcome) => { mails.inc({ outcome }) },
    mailDelay: (seconds) => { mailDelay.observe(seconds) },
    redis: (seconds) => { redis.observe(seconds) },

    watchPasswords: (read) => {
      watch('dvokrok_password_jobs_waiting', 'Password work that waits for a core.', () => read().waiting)
      watch('dvokrok_password_jobs_running', 'Password work under way.', () => read().running)
      count('dvokrok_password_jobs_total', 'Password work done.', () => read().done)
      count('dvokrok_password_worker_restarts_total', 'Password workers that ended and were started again.', () => read().restarts)
    },
    watchRefusedPasswords: (read) => {
      count('dvokrok_password_jobs_refused_total', 'Password work refused, because too much was waiting.', () => read().refused)
    },
    watchRedis: (isReady) => { watch('dvokrok_redis_up', 'Whether the connection to Redis stands.', () => isReady() ? 1 : 0, 'min') },
    watchMails: (waiting) => {
      watch('dvokrok_mails_waiting', 'Mails in the outbox of all servers.', async () => await waiting().catch(() => Number.NaN), 'max')
    },

    watchEvents: ({ streams, untoldSeconds }) => {
      watch('dvokrok_event_streams', 'Who follows the event log.', streams)
      watch('dvokrok_events_untold_seconds', 'For how long the oldest change waits to be told, on a Cluster.',
        async () => await untoldSeconds().catch(() => Number.NaN), 'max')
    },
    watchReceiver: (receiver, read) => {
      for (const outcome of WEBHOOK_OUTCOMES) webhooks.inc({ receiver, outcome }, 0)
      ofReceivers.push({ receiver, read })
      if (ofReceivers.length === 1) watchReceivers()
    },
    webhook: (receiver, outcome, count) => { webhooks.inc({ receiver, outcome }, count) },

    silent: (workers) => { silent.set(workers) },
    snapshot: async () => await registry.getMetricsAsJSON(),
    read: async () => await registry.metrics()
  }

  function watchReceivers (): void {
    const options = { labelNames: ['receiver'] as const, registers, aggregator: 'max' as const }
    const paused = new Gauge({ name: 'dvokrok_webhook_paused', help: 'Whether a receiver answered 410.', ...options })
    const lag = new Gauge({
      name: 'dvokrok_webhook_lag_seconds',
      help: 'Age of the oldest event that a receiver of webhooks lacks.',
      ...options,
      collect: async () => {
        await Promise.all(ofReceivers.map(async ({ receiver, read }) => {
          const { lagSeconds, isPaused } = await read().catch(() => ({ lagSeconds: Number.NaN, isPaused: false }))
          lag.set({ receiver }, lagSeconds)
          paused.set({ receiver }, isPaused ? 1 : 0)
        }))
      }
    })
  }

  /** Like `watch`, for what the part itself has counted since it was born. */
  function count (name: string, help: string, read: () => number): void {
    const counter = new Counter({
      name,
      help,
      registers,
      collect: () => {
        counter.reset()
        counter.inc(read())
      }
    })
  }
}
