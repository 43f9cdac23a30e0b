// Writes packages/client/src/schema.d.ts: the types of our own OpenAPI document, for the client. A test tells when they drift apart.
// Nothing is connected to: the document needs no Redis and no mail.
import { writeFileSync } from 'node:fs'
import Fastify from 'fastify'
import { newSigningKeys, readSigningKeys } from '../src/platform/tokens/signing-keys.ts'
import { app, serverOptions } from '../src/app.ts'
import { loadConfig } from '../src/platform/config/config.ts'
import { parseRedisUrl } from '../src/platform/config/redis-target.ts'
import { API_TYPES_FILE, apiTypes } from '../test/support/api-types.ts'

const nowhere = 'redis://127.0.0.1:1'
const config = loadConfig({
  REDIS_URL: nowhere,
  SMTP_URL: 'smtp://127.0.0.1:1',
  MAIL_FROM: 'nobody@example.org',
  SECRET: 'only to start with: nothing is signed by it'
})
const fastify = Fastify(serverOptions(config))
await fastify.register(app, {
  config,
  secret: config.secret,
  signingKeys: readSigningKeys(newSigningKeys('none')),
  redisTarget: parseRedisUrl(nowhere),
  smtpUrl: config.smtpUrl,
  mailbox: null
})
await fastify.ready()
writeFileSync(API_TYPES_FILE, await apiTypes(fastify))
await fastify.close()
process.exit()
