import closeWithGrace from 'close-with-grace'
import Fastify from 'fastify'
import { app, serverOptions } from './app.ts'
import { ConfigError, loadConfig } from './config.ts'
import { type Defaults, provideDefaults } from './embedded/defaults.ts'
import { logOptions } from './log-options.ts'

/** More than a login may wait for its turn (10 s) and a mail on its way for its end (5 s). */
const CLOSE_WITHIN_MS = 20_000

const say = (line: string): void => { process.stdout.write(line + '\n') }

async function main (): Promise<void> {
  // What we and our Redis write is for this user alone.
  process.umask(0o077)
  const config = loadConfig()
  const fastify = Fastify({ ...serverOptions(config), logger: logOptions(config.logLevel) })
  let defaults: Defaults | undefined
  // The requests under way first: they need Redis and mail until they are answered.
  const close = async (): Promise<void> => {
    await fastify.close()
    await defaults?.close()
  }

  // Before anything is started, so that a Ctrl-C meanwhile leaves nothing behind. A start that failed is no such end: it has its own exit code.
  closeWithGrace({ delay: CLOSE_WITHIN_MS, skip: ['beforeExit'] }, async ({ signal, err }) => {
    if (err) fastify.log.fatal({ event: 'crash', err }, 'unexpected error, closing')
    else fastify.log.info({ event: 'closing', signal }, 'closing')
    await close()
  })

  try {
    defaults = await provideDefaults(config, say)
    await fastify.register(app, { config, ...defaults.options })
    for (const warning of config.warnings) fastify.log.warn({ event: 'config.warning' }, warning)
    await fastify.listen({ host: config.host, port: config.port })
  } catch (error) {
    await close()
    throw error
  }

  say(`Dvokrok answers at ${config.publicUrl}`)
  say(`  API page   ${config.publicUrl}/docs`)
  if (defaults.options.mailbox) say(`  Mailbox    ${config.publicUrl}/mailbox   (every mail lands here until SMTP_URL is set)`)
}

main().catch((error: unknown) => {
  const message = error instanceof ConfigError || !(error instanceof Error) ? String(error instanceof Error ? error.message : error) : `Dvokrok cannot start: ${error.message}`
  process.stderr.write(message + '\n')
  process.exitCode = 1
  setTimeout(() => process.exit(1), 1000).unref()
})
