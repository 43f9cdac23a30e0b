import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newSigningKeys, readSigningKeys } from '../platform/tokens/signing-keys.ts'
import type { AppOptions } from '../app.ts'
import type { Config, RedisTarget } from '../platform/config/config.ts'
import { parseRedisUrl } from '../platform/config/redis-target.ts'
import { newId } from '../platform/ids.ts'
import { lockDataDir } from './data-dir.ts'
import { findRedisServer } from './find-redis.ts'
import type { Mailbox } from './mailbox.ts'
import { startEmbeddedRedis } from './redis-server.ts'

type Say = (line: string) => void

export interface Defaults { options: Omit<AppOptions, 'config'>, close: () => Promise<void> }

/** What the operator gave, and for what is missing a real thing of our own: Redis, mailbox, secret, keys, all in DATA_DIR. */
export async function provideDefaults (config: Config, say: Say): Promise<Defaults> {
  const closers: Array<() => Promise<void> | void> = []
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const needsDataDir = !config.redis || !config.smtpUrl || !config.secret || !config.signingKeysPath
    if (needsDataDir) closers.push(lockDataDir(config.dataDir).release)
    const secret = config.secret ?? await keep(join(config.dataDir, 'secret'), () => randomBytes(48).toString('base64'))
    const signingKeys = readSigningKeys(config.signingKeysPath
      ? await readFile(config.signingKeysPath, 'utf8')
      : await keep(join(config.dataDir, 'signing-keys.json'), () => newSigningKeys(newId())))
    let mailbox: Mailbox | null = null
    if (!config.smtpUrl) {
      // Loaded only where it is used: an SMTP server of its own takes 15 MB and a third of a second.
      const { startMailbox } = await import('./mailbox.ts')
      mailbox = await startMailbox({ dataDir: config.dataDir })
      closers.push(mailbox.close)
    }
    const redisTarget = config.redis ?? await ownRedis()
    return { options: { secret, signingKeys, redisTarget, mailbox, smtpUrl: config.smtpUrl ?? mailbox?.smtpUrl ?? '' }, close }
  } catch (error) {
    await close()
    throw error
  }

  async function ownRedis (): Promise<RedisTarget> {
    await findRedisServer(say)
    const redis = await startEmbeddedRedis({ dataDir: config.dataDir, say })
    closers.push(redis.stop)
    return parseRedisUrl(redis.url)
  }
}

/** The text of a file that only we may read, made when it is missing. Written aside and renamed: never half there. */
async function keep (path: string, make: () => string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8')
    await chmod(path, 0o600)
    return text.trim()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const text = make()
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await rename(`${path}.new`, path)
  return text.trim()
}
