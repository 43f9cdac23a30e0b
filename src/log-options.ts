import type { LogLevel } from './config/variables.ts'

/** What no log line should ever be given. Should one be given it all the same, it does not reach the log. */
const SECRETS = ['password', 'currentPassword', 'newPassword', 'passwordHash', 'otp', 'code', 'secret', 'token', 'pendingToken', 'accessToken', 'refreshToken', 'captcha', 'authorization', 'cookie', 'email', 'phone']

/** How every server logs: JSON lines, errors without what libraries hang on them, secrets blotted out. */
export function logOptions (level: LogLevel) {
  return {
    level,
    serializers: { err: tellError },
    redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' }
  }
}

/** An error for the log: what and where, without the fields that libraries hang on it (a Redis URL with its password, a command with its values). */
function tellError (error: Error): { type: string, message: string, stack: string } {
  return { type: error.name, message: error.message, stack: error.stack ?? '' }
}
