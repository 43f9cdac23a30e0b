import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newSigningKeys, readSigningKeys, type SigningKey } from '../platform/tokens/signing-keys.ts'
import type { Config, RedisTarget } from '../platform/config/config.ts'
import { parseRedisUrl } from '../platform/config/redis-target.ts'
import { newId } from '../platform/ids.ts'
import { lockDataDir } from './data-dir.ts'
import { findRedisServer } from './find-redis.ts'
import type { Mailbox } from './mailbox.ts'
import { startEmbeddedRedis } from './redis-server.ts'

type Say = (line: string) => void

/** What the application needs besides its settings. */
export interface Provisions {
  secret: string
  signingKeys: SigningKey[]
  redisTarget: RedisTarget
  /** Null where the operator named an SMTP server. */
  mailbox: Mailbox | null
  smtpUrl: string
  isFirstStart: boolean
}

export interface Defaults { options: Provisions, close: () => Promise<void> }

/** Takes what the settings name, and starts or generates the rest in DATA_DIR: Redis, the mailbox, the secret and the signing keys. */
export async function provideDefaults (config: Config, say: Say): Promise<Defaults> {
  const closers: Array<() => Promise<void> | void> = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const needsDataDir = !config.redis || !config.smtpUrl || !config.secret || !config.signingKeysPath
    if (needsDataDir) closers.push(lockDataDir(config.dataDir).release)
    const isFirstStart = !config.secret && !existsSync(join(config.dataDir, 'secret'))
    const secret = config.secret ?? await readOrCreate(join(config.dataDir, 'secret'), () => randomBytes(48).toString('base64'))
    const signingKeys = readSigningKeys(config.signingKeysPath
      ? await readFile(config.signingKeysPath, 'utf8')
      : await readOrCreate(join(config.dataDir, 'signing-keys.json'), () => newSigningKeys(newId())))
    let mailbox: Mailbox | null = null
    if (!config.smtpUrl) {
      // Imported only where it is used: the SMTP server takes 15 MB and a third of a second.
      const { startMailbox } = await import('./mailbox.ts')
      mailbox = await startMailbox({ dataDir: config.dataDir })
      closers.push(mailbox.close)
    }
    const redisTarget = config.redis ?? await startOwnRedis()
    const smtpUrl = config.smtpUrl ?? mailbox?.smtpUrl ?? ''
    return { options: { secret, signingKeys, redisTarget, mailbox, smtpUrl, isFirstStart }, close }
  } catch (error) {
    await close()
    throw error
  }

  async function startOwnRedis (): Promise<RedisTarget> {
    await findRedisServer(say)
    const redis = await startEmbeddedRedis({ dataDir: config.dataDir, say })
    closers.push(redis.stop)
    return parseRedisUrl(redis.url)
  }
}

/** The text of a file that only this user may read; created when it is missing. Written aside and renamed, so it is never half written. */
async function readOrCreate (path: string, create: () => string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8')
    await chmod(path, 0o600)
    return text.trim()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const text = create()
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return text.trim()
}
