import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import fastifyStatic from '@fastify/static'
import fp from 'fastify-plugin'
import { Problem } from '../../src/errors.ts'
import { findBuild } from '../../src/platform/pages/build.ts'
import { BROTLI, createSharedAssets } from '../../src/platform/pages/shared-assets.ts'
import { textFiles } from '../../src/platform/pages/text-files.ts'
import { isRedisAway } from '../../src/platform/redis/errors.ts'

const A_DAY_MS = 86_400_000
const A_YEAR_MS = 365 * A_DAY_MS
const TYPES: Record<string, string> = {
  '.json': 'application/json; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml'
}
const typeOf = (name: string): string => TYPES[extname(name)] ?? 'application/octet-stream'

/** The hashed files of the pages, kept for ever: those of this build from the disk, those of the servers beside it from Redis. */
export default fp(async (fastify) => {
  const build = findBuild()
  if (build === undefined) return
  const folder = join(build, 'assets')
  const shared = createSharedAssets(fastify.redis, fastify.keyring, folder, () => textFiles().all())
  const publish = async (): Promise<void> => {
    await shared.publish().catch((error: unknown) => {
      // Done again as soon as it is there.
      if (isRedisAway(error)) return
      fastify.log.warn({ event: 'pages.unpublished', reason: String(error) }, 'other servers cannot have the files of these pages yet')
    })
  }
  fastify.addHook('onReady', publish)
  const publishAgain = (): void => { publish().catch(() => {}) }
  fastify.redis.on('ready', publishAgain)
  const daily = setInterval(publishAgain, A_DAY_MS).unref()
  fastify.addHook('onClose', async () => { clearInterval(daily) })

  await fastify.register(async (assets) => {
    await assets.register(fastifyStatic, { root: folder, serve: false, preCompressed: true, immutable: true, maxAge: A_YEAR_MS })
    assets.get<{ Params: { '*': string } }>(
      '/assets/*',
      { config: { access: 'public' }, schema: { hide: true } },
      async (request, reply) => {
        const name = request.params['*']
        if (!/^[\w.-]+$/.test(name) || name.startsWith('.')) throw new Problem('NOT_FOUND')
        const texts = textFiles().all().get(name + BROTLI)
        if (!texts && existsSync(join(folder, name))) return await reply.sendFile(name)
        const found = texts ? { body: texts, isBrotli: true } : await shared.find(name)
        if (!found) throw new Problem('NOT_FOUND')
        reply
          .header('cache-control', `public, max-age=${A_YEAR_MS / 1000}, immutable`)
          .header('vary', 'accept-encoding')
          .type(typeOf(name))
        if (!found.isBrotli) return await reply.send(found.body)
        if (request.encodings(['br']) === false) return await reply.send(brotliDecompressSync(found.body))
        return await reply.header('content-encoding', 'br').send(found.body)
      }
    )
  })
}, { name: 'assets', dependencies: ['metrics', 'headers', 'access', 'method-not-allowed', 'problems', 'redis', 'keyring'] })
