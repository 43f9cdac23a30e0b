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
  /** Leaving a `delay` or a `hole` breaks every connection: what is lost stays lost. */
  behave: (manners: Manners) => void
}

/**
 * `cut`: now and then a command is done and the connection ends before its answer. `delay`: answers come too late. `hole`: nothing comes
 * through.
 */
export type Manners = 'pass' | 'cut' | 'delay' | 'hole'

interface Link { sent: string, turns: number, isWaiting: boolean }

const CUT_ONE_OF = 12
/** Longer than the application waits for Redis. */
const DELAY_MS = 1_000

/** Stands between the application and the Redis at `url`, counts, and misbehaves when told to. Gone at the end of `t`. */
export async function startRedisProxy (t: { teardown: (fn: () => unknown) => unknown }, url: string): Promise<RedisProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'dvp-'))
  const path = join(folder, 's')
  const links = new Set<Link>()
  const sockets = new Set<Socket>()
  let manners: Manners = 'pass'
  let answers = 0

  const server = createServer((client) => {
    const link: Link = { sent: '', turns: 0, isWaiting: false }
    const redis = connect(url.replace(/^unix:/, ''))
    links.add(link)
    client.on('data', (bytes) => {
      link.sent += bytes.toString('latin1')
      if (!link.isWaiting) link.turns++
      link.isWaiting = true
      if (manners !== 'hole') redis.write(bytes)
    })
    redis.on('data', (bytes) => {
      link.isWaiting = false
      if (manners === 'pass') client.write(bytes)
      if (manners === 'delay') setTimeout(() => { client.write(bytes) }, DELAY_MS)
      if (manners !== 'cut') return
      if (++answers % CUT_ONE_OF === 0) client.destroy()
      else client.write(bytes)
    })
    for (const [one, other] of [[client, redis], [redis, client]] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
  })
  server.listen(path)
  await once(server, 'listening')
  const breakConnections = (): void => { for (const socket of sockets) socket.destroy() }
  t.teardown(() => {
    breakConnections()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  return {
    url: `unix:${path}`,
    turnsAbout: (text) => [...links].filter(({ sent }) => sent.includes(text)).reduce((sum, { turns }) => sum + turns, 0),
    reset: () => { for (const link of links) Object.assign(link, { sent: '', turns: 0 }) },
    behave: (next) => {
      const isLate = manners === 'delay' || manners === 'hole'
      manners = next
      if (isLate) breakConnections()
    }
  }
}
