import { generateSync } from 'otplib'
import { keys } from '../../src/platform/redis/keys.ts'
import { type Person, person, signUp, type TestApp } from './app.ts'
import type { Browser } from './browser.ts'
import { shaped } from './shapes.ts'

const STEP_SECONDS = 30

/** Redis' clock in whole seconds: the one that judges. */
export const redisSeconds = async ({ redis }: TestApp): Promise<number> => Number((await redis.client.time())[0])
export const stepOf = (seconds: number): number => Math.floor(seconds / STEP_SECONDS)

/** What an app shows for this secret, `stepsAway` time steps from now. */
export const codeOf = async (server: TestApp, secret: string, stepsAway = 0): Promise<string> =>
  generateSync({ secret, epoch: await redisSeconds(server) + stepsAway * STEP_SECONDS })

/** A code that this secret shows at no step near now. */
export async function wrongTotp (server: TestApp, secret: string): Promise<string> {
  const near = await Promise.all([-3, -2, -1, 0, 1, 2, 3].map(async (away) => await codeOf(server, secret, away)))
  return ['111111', '222222', '333333', '444444', '555555', '666666', '777777', '888888'].find((code) => !near.includes(code)) ?? ''
}

/** The last use moves into the past, as if the person had waited: the code of now is unused again. */
export const letStepsPass = async ({ redis }: TestApp, accountId: string): Promise<void> => {
  await redis.client.hincrby(keys.account(accountId).totp, 'lastStep', -10)
}

/** A person with an authenticator, signed in, whose code of now is unused. */
export async function signUpWithTotp (server: TestApp, who: Person = person()) {
  const { browser, token, id } = await signUp(server, who)
  const started = await browser.post('/users/me/totp', undefined, { token })
  const secret = String(started.body['secret'])
  const confirmed = await browser.post('/users/me/totp/confirm', { otp: await codeOf(server, secret) }, { token })
  if (confirmed.status !== 200) throw new Error(`confirm: ${confirmed.status} ${confirmed.text}`)
  await letStepsPass(server, id)
  return { who, browser, token, id, secret, started, confirmed, recoveryCodes: shaped<string[]>(confirmed.body['recoveryCodes']) }
}

/** A login after its right password. */
export async function passwordStep (server: TestApp, who: Person, browser: Browser = server.browser()) {
  const answer = await browser.post('/auth/login', { email: who.email, password: who.password })
  return { browser, answer }
}
