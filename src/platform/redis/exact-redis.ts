import { Redis, SentinelConnector, type RedisOptions, type SentinelConnectionOptions } from 'ioredis'

/** A setting of REDIS_URL that this server will never follow. Its message is for the operator. */
export class RedisRefusedError extends Error {
  override readonly name = 'RedisRefusedError'
}

/** The library would go on in database 0, beside whatever lives there, when the database that it was told to take does not exist. */
export class ExactRedis extends Redis {
  override select (...args: Parameters<Redis['select']>): ReturnType<Redis['select']> {
    const answer = super.select(...args)
    answer.catch((error: Error) => {
      if (error.name !== 'ReplyError') return
      const reason = error.message.startsWith('ERR')
        ? new RedisRefusedError(`Redis has no database ${args[0]}, which REDIS_URL names (${error.message}). ` +
          'Name one that exists, or leave the number out for database 0; a Cluster has no other.')
        : error
      this.emit('error', reason)
      // Before it is ready: no command was sent yet.
      this.disconnect(!(reason instanceof RedisRefusedError))
    })
    return answer
  }

  override duplicate (override?: Partial<RedisOptions>): Redis {
    return new ExactRedis({ ...this.options, ...override, replyMapping: 'legacy' })
  }
}

/** Brings the user and password of Redis to the Sentinels too, which may have them or none. */
export class PasswordedSentinels extends SentinelConnector {
  constructor (given: unknown) {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the library gives a Connector these and types them not
    const options = given as SentinelConnectionOptions
    super(options)
    const { sentinelUsername: username, sentinelPassword: password, sentinelTLS: tls, sentinelCommandTimeout: commandTimeout } = options
    // In place of the library's own, which gives up where there is no such user.
    Object.assign(this, {
      connectToSentinel: ({ host, port }: { host: string, port: number }, more: object = {}): Redis => withoutInsisting(new Redis({
        host,
        port,
        username,
        password,
        tls,
        commandTimeout,
        connectTimeout: options.connectTimeout,
        disableClientInfo: true,
        retryStrategy: null,
        enableReadyCheck: false,
        ...more,
        // The third would bring the password with its greeting, and end there.
        protocol: 2
      }))
    })
  }
}

/**
 * Goes on when the password is refused: where one is needed, the next command says so. A SENTINEL command that fails because there is no
 * connection tells why there is none.
 */
function withoutInsisting (redis: Redis): Redis {
  const auth = redis.auth.bind(redis)
  let cause: Error | undefined
  redis.on('error', (error: Error) => { cause ??= error })
  const mildly = async (credentials: string): Promise<void> => {
    await auth(credentials).catch((error: Error) => { if (error.name !== 'ReplyError') throw error })
  }
  const telling = async (...words: string[]): Promise<unknown> => await redis.call('SENTINEL', ...words).catch((error: Error) => {
    // The library keeps the message alone.
    throw cause ? new Error(`${'code' in cause ? String(cause.code) : ''} ${cause.message}`, { cause }) : error
  })
  return Object.assign(redis, { auth: mildly, sentinel: telling })
}
