import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface RedisProxy {
  url: string
  /** Round trips, since `reset`, of the connections over which this text went to Redis: batches of bytes out that were answered. */
  turnsAbout: (text: string) => number
  reset: () => void
}

interface Link { sent: string, turns: number, isWaiting: boolean }

/** Stands between the application and the Redis at `url`, and counts. Gone at the end of `t`. */
export async function startRedisProxy (t: { teardown: (fn: () => unknown) => unknown }, url: string): Promise<RedisProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'dvp-'))
  const path = join(folder, 's')
  const links = new Set<Link>()
  const sockets = new Set<Socket>()

  const server = createServer((client) => {
    const link: Link = { sent: '', turns: 0, isWaiting: false }
    const redis = connect(url.replace(/^unix:/, ''))
    links.add(link)
    client.on('data', (bytes) => {
      link.sent += bytes.toString('latin1')
      if (!link.isWaiting) link.turns++
      link.isWaiting = true
      redis.write(bytes)
    })
    redis.on('data', (bytes) => {
      link.isWaiting = false
      client.write(bytes)
    })
    for (const [one, other] of [[client, redis], [redis, client]] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => { other.destroy() })
    }
  })
  server.listen(path)
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  return {
    url: `unix:${path}`,
    turnsAbout: (text) => [...links].filter(({ sent }) => sent.includes(text)).reduce((sum, { turns }) => sum + turns, 0),
    reset: () => { for (const link of links) Object.assign(link, { sent: '', turns: 0 }) }
  }
}
