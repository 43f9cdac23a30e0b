// better-auth as its documents set it up with Redis as secondary storage; its sessions live in Redis, its rate limit is off.
import { createServer } from 'node:http'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { toNodeHandler } from 'better-auth/node'
import { Redis } from 'ioredis'

const { REDIS_PATH, PORT, BENCH_BETTER_AUTH_SECRET } = process.env
const redis = new Redis({ path: REDIS_PATH })

const auth = betterAuth({
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: BENCH_BETTER_AUTH_SECRET,
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { disabled: true },
  secondaryStorage: {
    get: (key) => redis.get(key),
    set: async (key, value, ttl) => { await (ttl ? redis.set(key, value, 'EX', ttl) : redis.set(key, value)) },
    delete: async (key) => { await redis.del(key) }
  }
})

const handle = toNodeHandler(auth)
createServer((request, response) => {
  if (request.url === '/') response.end('ready')
  else handle(request, response)
}).listen(Number(PORT), '127.0.0.1')
