import cluster from 'node:cluster'
import closeWithGrace from 'close-with-grace'
import Fastify, { type FastifyInstance } from 'fastify'
import { app, serverOptions } from './app.ts'
import type { AppOptions } from './app-options.ts'
import { type Config, ConfigError, loadConfig } from './platform/config/config.ts'
import { provideDefaults } from './embedded/defaults.ts'
import { whyNotStarted } from './platform/why-not-started.ts'
import { prepareDrain, SHORT_DRAIN_MS } from './platform/http/draining.ts'
import { giveBackIdleMemory } from './platform/idle-memory.ts'
import { createLogStream, logOptions, prettyLines } from './platform/logging/logging.ts'
import { createMetrics } from './platform/metrics/metrics.ts'
import { createPasswordPool, QUEUE_PER_CORE } from './platform/passwords/pool.ts'
import { ownVersion } from './platform/version.ts'
import type { FromWorker, Setup, ToWorker } from './platform/workers/messages.ts'
import { checkSigningKeys } from './platform/tokens/key-files.ts'
import { startWorkers } from './platform/workers/primary.ts'
import { createSharedMetrics } from './platform/workers/shared-metrics.ts'
import { createSharedPool } from './platform/workers/shared-pool.ts'

/** More than a login may wait for its turn (10 s) and a mail on its way for its end (5 s). */
const CLOSE_WITHIN_MS = 20_000

const closers: Array<() => Promise<unknown>> = []
/** What was started last ends first: requests under way need Redis and mail until they are answered. */
const close = async (): Promise<void> => {
  for (const closer of closers.splice(0).reverse()) await closer()
}

async function main (): Promise<void> {
  // What we and our Redis write is for this user alone.
  process.umask(0o077)
  const config = loadConfig(undefined, { checkKeys: checkSigningKeys })
  const { isTTY = false } = process.stdout
  const isPretty = config.logFormat === 'pretty' || (config.logFormat === 'auto' && isTTY)
  const stream = createLogStream(isPretty ? await prettyLines(isTTY) : undefined)
  const fastify = Fastify({ ...serverOptions(config), logger: { ...logOptions(config.logLevel), stream } })
  closers.push(async () => { await fastify.close() })

  // Before anything is started, so that a Ctrl-C meanwhile leaves nothing behind. A start that failed is no such end: it has its own exit
  // code.
  const skip: Array<'beforeExit' | 'SIGHUP'> = config.workers > 1 ? ['beforeExit', 'SIGHUP'] : ['beforeExit']
  closeWithGrace({ delay: CLOSE_WITHIN_MS, skip }, async ({ signal, err }) => {
    if (err) fastify.log.fatal({ event: 'crash', err }, 'unexpected error, closing')
    else fastify.log.info({ event: 'closing', signal }, 'closing')
    await close()
  })

  try {
    if (cluster.isWorker) await work(fastify, config)
    else await lead(fastify, config)
  } catch (error) {
    await close()
    throw error
  }
}

/** The process that was started: serves by itself, or through workers. */
async function lead (fastify: FastifyInstance, config: Config): Promise<void> {
  const [version, node] = [ownVersion(), process.version]
  fastify.log.info({ event: 'start', version, node }, `Dvokrok ${version} starts on Node ${node}`)
  const defaults = await provideDefaults(config, (line) => { fastify.log.info({ event: 'preparing' }, line) })
  // Under the server: it ends after it.
  closers.unshift(defaults.close)
  for (const warning of config.warnings) fastify.log.warn({ event: 'config.warning' }, warning)
  if (config.workers === 1) {
    const drain = prepareDrain(fastify)
    closers.push(async () => { await drain(SHORT_DRAIN_MS) })
    await serve(fastify, { config, ...defaults.options })
  } else await share(fastify, config, defaults.options)

  const docs = `${config.publicUrl}/docs`
  const mailbox = defaults.options.mailbox ? `${config.publicUrl}/mailbox` : undefined
  const shown = mailbox === undefined ? '' : `, every mail at ${mailbox} until SMTP_URL is set`
  fastify.log.info(
    { event: 'listening', url: config.publicUrl, docs, mailbox }, `Dvokrok answers at ${config.publicUrl}, API page at ${docs}${shown}`
  )
}

async function share (fastify: FastifyInstance, config: Config, { mailbox: _none, ...setup }: Omit<AppOptions, 'config'>): Promise<void> {
  const { bcryptCost: cost, passwordWorkers: size } = config
  const pool = createPasswordPool({ size, cost, queueLimit: size * QUEUE_PER_CORE, log: fastify.log })
  closers.push(async () => { await pool.close() })
  const metrics = createMetrics()
  metrics.watchPasswords(pool.metrics)
  const workers = await startWorkers({
    count: config.workers,
    setup,
    pool,
    metrics,
    onDied: (worker) => fastify.log.error({ event: 'worker.died', worker }, 'a worker process died and is replaced')
  })
  closers.push(workers.close)
  fastify.log.info({ event: 'workers.ready', workers: config.workers }, 'all worker processes take connections')
  process.on('SIGHUP', () => {
    fastify.log.info({ event: 'workers.restarting' }, 'replacing the worker processes, one after the other')
    workers.restart().then(
      () => fastify.log.info({ event: 'workers.restarted' }, 'all worker processes are new'),
      (error: unknown) => fastify.log.error(
        { event: 'workers.kept', reason: String(error) }, 'a new worker process did not start: the old ones stay'
      ))
  })
}

/** One of several processes on one port. */
async function work (fastify: FastifyInstance, config: Config): Promise<void> {
  const send = (message: FromWorker, sent = (): void => {}): void => { process.send?.(message, undefined, undefined, () => { sent() }) }
  const pool = createSharedPool(send, Math.ceil(config.passwordWorkers * (1 + QUEUE_PER_CORE) / config.workers))
  const metrics = createSharedMetrics(send)
  const drain = prepareDrain(fastify)
  const setup = await new Promise<Setup>((resolve) => {
    process.on('message', (message: ToWorker) => {
      if (message.kind === 'setup') resolve(message.setup)
      else if (message.kind === 'drain') drain().then(close).then(metrics.leave).then(() => process.exit(0), () => process.exit(1))
      else {
        pool.receive(message)
        metrics.receive(message)
      }
    })
    send({ kind: 'hello' })
  })
  // The primary decides about a restart.
  process.on('SIGHUP', () => {})
  await serve(fastify, { config, ...setup, mailbox: null, passwordPool: pool, sharedMetrics: metrics })
}

async function serve (fastify: FastifyInstance, options: AppOptions): Promise<void> {
  await fastify.register(app, options)
  await fastify.listen({ host: options.config.host, port: options.config.port })
  giveBackIdleMemory()
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeFailure(error)}\n`)
  process.exitCode = 1
  setTimeout(() => process.exit(1), 1000).unref()
})

function describeFailure (error: unknown): string {
  if (error instanceof ConfigError) return [error.message, ...error.warnings.map((warning) => `Warning: ${warning}`)].join('\n')
  return error instanceof Error ? `Dvokrok cannot start: ${whyNotStarted(error)}` : String(error)
}
