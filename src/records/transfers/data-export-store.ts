import type { ActivityItem, ActivityStore } from '../activity/activity-store.ts'
import type { RedisClient } from '../../platform/redis/connect.ts'
import { keys } from '../../platform/redis/keys.ts'
import type { SessionsStore, SessionView } from '../sessions/sessions-store.ts'
import type { TrustedBrowsersStore, TrustedBrowserView } from '../trusted-browsers/trusted-browsers-store.ts'
import { type PasskeyView, viewPasskey } from '../passkeys/passkey.ts'
import type { PasskeysStore } from '../passkeys/passkeys-store.ts'
import type { User } from '../accounts/account.ts'

/** Everything we hold about an account, except secrets: password record, authenticator secret, codes and tokens stay where they are. */
export interface AccountExport {
  profile: User
  /** E.164; null when there is none. */
  phone: string | null
  /** IANA name; null when no sign-in told one. */
  timeZone: string | null
  passkeys: PasskeyView[]
  recoveryCodesLeft: number
  wrongCodesInRow: number
  wrongCodesInLastDay: number
  mailsInLastDay: number
  knownDevices: number
  sessions: SessionView[]
  trustedDevices: TrustedBrowserView[]
  /** Attempts that wait for a code. */
  attempts: Array<{ purpose: string, createdAt: string, ip: string, device: string, destination: string | null }>
  activity: ActivityItem[]
}

/** As many events as are kept at most. */
const ALL_EVENTS = 1000
const DAY_MS = 86_400_000

export interface ExportsStore {
  export: (user: User, now: number) => Promise<AccountExport>
}

interface Sources {
  sessions: SessionsStore
  trustedBrowsers: TrustedBrowsersStore
  passkeys: Pick<PasskeysStore, 'list'>
  activity: ActivityStore
}

export function createExportsStore (
  redis: RedisClient,
  { sessions, trustedBrowsers, passkeys, activity }: Sources
): ExportsStore {
  async function attempts (accountId: string): Promise<AccountExport['attempts']> {
    const key = keys.account(accountId)
    const ids = await redis.zrange(key.attempts, '0', '-1')
    const found = await Promise.all(ids.map(async (id) =>
      await redis.hmget(key.attempt(id), 'purpose', 'createdAt', 'ip', 'device', 'email', 'phone')))
    return found.flatMap(([purpose, createdAt, ip, device, email, phone]) => purpose && createdAt
      ? [{
          purpose,
          createdAt: new Date(Number(createdAt)).toISOString(),
          ip: ip ?? '',
          device: device ?? '',
          destination: email ?? phone ?? null
        }]
      : [])
  }

  return {
    export: async (profile, now) => {
      const key = keys.account(profile.id)
      const lastDay = [`(${now - DAY_MS}`, '+inf'] as const
      const [[phone, timeZone, wrongInRow], recoveryCodesLeft, wrongCodesInLastDay, mailsInLastDay, knownDevices] = await Promise.all([
        redis.hmget(key.record, 'phone', 'timeZone', 'wrongInRow'), redis.scard(key.recovery),
        redis.zcount(key.failures, ...lastDay), redis.zcount(key.mails, ...lastDay), redis.zcard(key.devices)
      ])
      return {
        profile,
        phone: phone ?? null,
        timeZone: timeZone ?? null,
        passkeys: (await passkeys.list(profile.id)).map(viewPasskey),
        recoveryCodesLeft,
        wrongCodesInRow: Number(wrongInRow ?? 0),
        wrongCodesInLastDay,
        mailsInLastDay,
        knownDevices,
        sessions: await sessions.list(profile.id),
        trustedDevices: await trustedBrowsers.list(profile.id),
        attempts: await attempts(profile.id),
        activity: (await activity.listFor(profile.id, undefined, ALL_EVENTS)).items
      }
    }
  }
}
