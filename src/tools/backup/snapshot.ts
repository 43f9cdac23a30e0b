import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { link, open, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Redis } from 'ioredis'
import { createRdbCheck } from './rdb-check.ts'

/** Redis sends an empty line each second while it gets ready. */
const SILENT_MS = 60_000
const MARK_LENGTH = 40
const REFUSED = 'It needs a user that may copy everything: name one in REDIS_URL for this command (ACL: its rights, +replconf, +sync).'

/**
 * Writes what this Redis holds in this moment into `path`, as replicas get it: one consistent snapshot, whatever is written meanwhile.
 * The file is for this user alone, and there only when it is whole. The connection cannot be used afterwards.
 * @throws Error with EEXIST when there is such a file, and when what came is no whole snapshot
 */
export async function saveSnapshot (node: Redis, path: string): Promise<{ bytes: number, isChecked: boolean }> {
  // Told before Redis is asked for anything.
  if (existsSync(path)) throw taken(path)
  const part = `${path}.part-${process.pid}`
  const file = await open(part, 'wx', 0o600)
  const check = createRdbCheck()
  let bytes = 0
  try {
    for await (const chunk of snapshotOf(node)) {
      check.take(chunk)
      bytes += chunk.length
      await file.writeFile(chunk)
    }
    const problem = check.problem()
    if (problem !== null) throw new Error(`What Redis sent is no whole snapshot: ${problem}. Try again.`)
    await file.sync()
    const isChecked = await checkByRedis(part)
    // A rename would replace what somebody else has put there meanwhile.
    await link(part, path).catch((error: NodeJS.ErrnoException) => { throw error.code === 'EEXIST' ? taken(path) : error })
    return { bytes, isChecked }
  } finally {
    await file.close()
    await rm(part, { force: true })
  }
}

const taken = (path: string): Error => Object.assign(new Error('exists'), { code: 'EEXIST', path })

async function * snapshotOf (node: Redis): AsyncGenerator<Buffer> {
  // Without the changes that follow (Redis 7), and without a file of its own.
  for (const option of [['rdb-only', '1'], ['capa', 'eof']]) {
    await node.call('REPLCONF', ...option).catch((error: Error) => { if (error.message.startsWith('NOPERM')) throw refused(error.message) })
  }
  const { stream } = node
  // From here on it is no dialogue of commands and answers any more.
  stream.removeAllListeners('data')
  stream.setTimeout(SILENT_MS, () => { stream.destroy(new Error('Redis sent nothing for a minute')) })
  stream.write('SYNC\r\n')
  const received: AsyncIterable<Buffer> = stream
  let header: string | undefined
  let waiting: Buffer = Buffer.alloc(0)
  let left = 0
  let mark: string | undefined
  for await (const chunk of received) {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk])
    if (header === undefined) {
      const begin = waiting.findIndex((byte) => byte !== 0x0a)
      const end = waiting.indexOf('\r\n', Math.max(0, begin))
      if (begin === -1 || end === -1) continue
      header = waiting.toString('latin1', begin, end)
      if (!header.startsWith('$')) throw refused(header)
      waiting = waiting.subarray(end + 2)
      if (header.startsWith('$EOF:')) mark = header.slice('$EOF:'.length)
      else left = Number(header.slice(1))
    }
    if (mark === undefined) {
      const ours = waiting.subarray(0, left)
      left -= ours.length
      waiting = Buffer.alloc(0)
      yield ours
      if (left === 0) return
    } else {
      const whole = Math.max(0, waiting.length - MARK_LENGTH)
      const ours = waiting.subarray(0, whole)
      waiting = waiting.subarray(whole)
      yield ours
      if (waiting.toString('latin1') === mark) return
    }
  }
  throw new Error('Redis closed the connection in the middle of its snapshot. What does its own log say?')
}

const refused = (said: string): Error => new Error(`Redis gives no snapshot (${said.slice(0, 120)}). ${REFUSED}`)

/** By the tool that comes with Redis, where it is and can read this version. @throws Error when that finds a fault */
async function checkByRedis (path: string): Promise<boolean> {
  try {
    await promisify(execFile)('redis-check-rdb', [path])
    return true
  } catch (error) {
    const { code, stdout } = { code: undefined, stdout: '', ...(error instanceof Error ? error : {}) }
    const isOlder = /Can't handle RDB format|Unknown RDB (?:format|encoding)|Unknown object type/i.test(String(stdout))
    if (code === 'ENOENT' || isOlder) return false
    throw new Error(`redis-check-rdb finds a fault in what Redis sent: ${String(stdout).trim().split('\n').slice(-3).join(' ')}`)
  }
}
